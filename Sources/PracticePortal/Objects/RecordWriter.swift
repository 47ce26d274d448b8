import GRDB

/// A link that a create asks for.
struct RequestedLink: Equatable, Sendable {
  var to: ObjectType
  var id: Int64
}

/// Creates, updates and archives records of one type inside a write transaction, by the rules for values.
///
/// Every refusal is thrown before anything of that record is written, so that one input of a batch can fail alone.
struct RecordWriter {
  let transaction: WriteTransaction
  let schema: TypeSchema
  let normalizesDates: Bool

  struct Written {
    var record: StoredRecord
    var isNew: Bool
    var warnings: [NormalizedValue] = []
  }

  private var type: ObjectType { schema.type }
  private var table: RecordTable { RecordTable(db: transaction.db, schema: schema) }

  // MARK: Operations

  func create(_ properties: [String: JSON], links: [RequestedLink] = []) throws -> Written {
    var (values, warnings) = try accepted(properties, existing: nil)
    // An empty text on create sets nothing, so that the property stays never-set.
    values = values.filter { !$0.value.isEmpty }
    let id = try RecordIdentifiers.next(transaction.db)
    let given = values
    try inheritFromProduct(&values)
    try checkRules(values)
    try checkUnique(given, writing: id)
    try checkLinks(links)
    if schema.property("createdate") != nil, (values["createdate"] ?? "").isEmpty {
      values["createdate"] = Timestamp.canonicalText(transaction.time)
    }
    if type == .lineItems {
      if values["hs_position_on_quote"] == nil { values["hs_position_on_quote"] = "0" }
      values.merge(CalculatedAmounts.compute { values[$0] }) { _, new in new }
    }
    let record = StoredRecord(
      id: id, created: transaction.time, updated: transaction.time, archivedAt: nil, values: values)
    try table.insert(record)
    for link in links { try AssociationTable(db: transaction.db).link(type, id, link.to, link.id) }
    return Written(record: record, isNew: true, warnings: warnings)
  }

  func update(_ current: StoredRecord, _ properties: [String: JSON]) throws -> Written {
    var record = current
    var (changes, warnings) = try accepted(properties, existing: current)
    let given = changes
    try inheritFromProduct(&changes)
    let after = current.values.merging(changes) { _, new in new }
    try checkRules(after)
    try checkUnique(given, writing: current.id)
    var all: [String: String?] = changes
    if type == .lineItems, changes.keys.contains(where: CalculatedAmounts.inputs.contains) {
      let computed = CalculatedAmounts.compute { after[$0] }
      for name in CalculatedAmounts.names { all[name] = .some(computed[name]) }
    }
    try table.update(&record, changes: all, time: transaction.time)
    return Written(record: record, isNew: false, warnings: warnings)
  }

  /// Archives a record and drops its links. Archiving a quote archives its line items (line-items guide).
  func archive(id: Int64) throws {
    let links = AssociationTable(db: transaction.db)
    if type == .quotes {
      let items = try links.targets(of: .quotes, id, to: .lineItems, limit: Int.max)
      let writer = RecordWriter(
        transaction: transaction, schema: transaction.store.schema(of: .lineItems), normalizesDates: false)
      for item in items { try writer.archive(id: item) }
    }
    try table.archive(id: id, time: transaction.time)
    try links.unlinkAll(type, id)
  }

  // MARK: Rules

  /// All bad properties of one record are listed together, in alphabetical order.
  private func accepted(
    _ properties: [String: JSON], existing: StoredRecord?
  ) throws(Refusal) -> ([String: String], [NormalizedValue]) {
    var values: [String: String] = [:]
    var warnings: [NormalizedValue] = []
    var refused: [InvalidValue] = []
    for (name, json) in properties.sorted(by: { $0.key < $1.key }) {
      // On create a null is harmless; on update nobody knows whether it clears, so it is refused.
      if json == .null, existing == nil, schema.property(name) != nil { continue }
      switch accept(name, json, existing: existing) {
      case .success(let accepted):
        values[name] = accepted.stored
        if let normalized = accepted.normalized { warnings.append(normalized) }
      case .failure(let invalid): refused.append(invalid)
      }
    }
    if !refused.isEmpty { throw .invalidValues(refused) }
    return (values, warnings)
  }

  private func accept(
    _ name: String, _ json: JSON, existing: StoredRecord?
  ) -> Result<ValueRules.Accepted, InvalidValue> {
    guard let property = schema.property(name) else {
      return .failure(InvalidValue(name: name, value: json.scalarText, reason: .unknownProperty))
    }
    if property.calculated { return .failure(InvalidValue(name: name, value: json.scalarText, reason: .calculated)) }
    if property.readOnlyValue { return .failure(InvalidValue(name: name, value: json.scalarText, reason: .readOnly)) }
    guard let text = json.scalarText else {
      let reason: InvalidValue.Reason = json == .null ? .nullOnUpdate : .notAScalar
      return .failure(InvalidValue(name: name, value: nil, reason: reason))
    }
    return ValueRules.accept(
      text, for: property, existing: existing?.values[name], normalizesDates: normalizesDates)
  }

  /// A term must fit the frequency of the record as it will be. Practice-portal rule: a term that is not an ISO 8601
  /// duration is refused in the same way.
  private func checkRules(_ values: [String: String]) throws(Refusal) {
    guard type == .lineItems || type == .products, let period = values["hs_recurring_billing_period"], !period.isEmpty
    else { return }
    let frequency = values["recurringbillingfrequency"].flatMap(BillingFrequency.init)
    let term = BillingTerm(period)
    if let term, frequency == nil || frequency.flatMap({ term.payments($0) }) != nil { return }
    throw .invalidValues([
      InvalidValue(name: "hs_recurring_billing_period", value: period, reason: .termAgainstFrequency)
    ])
  }

  private func checkUnique(_ values: [String: String], writing id: Int64) throws {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
      guard let property = schema.property(name), property.hasUniqueValue,
        let owner = try table.record(property: property, value: value), owner.id != id
      else { continue }
      throw Refusal.valueTaken(property: name, value: value, type: type, writing: id, owner: owner.id)
    }
  }

  private func checkLinks(_ links: [RequestedLink]) throws {
    for link in links where try !exists(link.to, link.id) {
      throw Refusal.association(.invalidTargets(ids: [String(link.id)], type: link.to))
    }
  }

  private func exists(_ type: ObjectType, _ id: Int64) throws -> Bool {
    let statement = try transaction.db.cachedStatement(
      sql: "SELECT 1 FROM \(type.table) WHERE id = ? AND archived_at IS NULL")
    return try Int.fetchOne(statement, arguments: [id]) != nil
  }

  /// What a line item takes from its product when the request gives a product and not the value itself. Which
  /// properties HubSpot copies exactly is not documented; this list is a practice-portal rule.
  private static let inherited = [
    "name", "description", "price", "hs_sku", "hs_cost_of_goods_sold", "recurringbillingfrequency",
    "hs_recurring_billing_period", "hs_pricing_model", "hs_tier_ranges", "hs_tier_prices",
  ]

  private func inheritFromProduct(_ values: inout [String: String]) throws {
    guard type == .lineItems, let id = values["hs_product_id"].flatMap({ Int64($0) }) else { return }
    let products = RecordTable(db: transaction.db, schema: transaction.store.schema(of: .products))
    guard let product = try products.record(id: id) else { return }
    for name in Self.inherited where values[name] == nil {
      if let value = product.values[name], !value.isEmpty { values[name] = value }
    }
  }
}
