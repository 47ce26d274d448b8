import GRDB

/// Fills a new store with invented records.
///
/// The data depends on the number of line items alone: a fixed generator and fixed dates give the same bytes on every
/// machine and every day.
enum Seeder {
  static let demoLineItems = 25_000
  static let limit = 1_000_000

  /// - Throws: `PortalError.seedOutOfRange` or `PortalError.storeFailed`.
  static func seed(_ store: PortalStore, _ seed: Seed) async throws(PortalError) {
    let count: Int
    switch seed {
    case .empty: return
    case .demo: count = demoLineItems
    case .lineItems(let wanted): count = wanted
    }
    guard (0...limit).contains(count) else { throw .seedOutOfRange(count: count, limit: limit) }
    do {
      try await store.write { transaction in
        var writer = SeedWriter(transaction: transaction, lineItems: count)
        try writer.run()
      }
    } catch let error as PortalError {
      throw error
    } catch {
      throw .storeFailed(location: store.location, reason: "\(error)")
    }
  }
}

/// Writes the seed inside one transaction.
private struct SeedWriter {
  /// 2022-11-01T08:00:00Z; the last deal is created some four years later.
  private static let start: Int64 = 1_667_289_600_000
  /// 2026-11-15T00:00:00Z: no record is changed after it.
  private static let end: Int64 = 1_794_700_800_000
  private static let span: Int64 = 4 * 365 * Timestamp.millisecondsPerDay
  private static let averageDeal = 25_000.0 / 6000.0
  /// Of 25,000 line items, this many are managed services.
  private static let managedServices = 4060

  private let transaction: WriteTransaction
  private let lineItems: Int
  private var random = SplitMix64(seed: 0x5EED_2026)
  private var id: Int64 = RecordIdentifiers.beforeFirst
  private var time = SeedWriter.start
  private let products: RecordTable
  private let deals: RecordTable
  private let items: RecordTable
  private var services: [(product: CatalogueProduct, id: Int64)] = []
  private var others: [(product: CatalogueProduct, id: Int64)] = []

  init(transaction: WriteTransaction, lineItems: Int) {
    self.transaction = transaction
    self.lineItems = lineItems
    products = RecordTable(db: transaction.db, schema: transaction.store.schema(of: .products))
    deals = RecordTable(db: transaction.db, schema: transaction.store.schema(of: .deals))
    items = RecordTable(db: transaction.db, schema: transaction.store.schema(of: .lineItems))
  }

  mutating func run() throws {
    guard lineItems > 0 else { return }
    for product in Catalogue.managedServices { services.append((product, try insert(product))) }
    for product in Catalogue.others() { others.append((product, try insert(product))) }
    let step = Self.span / Int64(max(1, Int(Double(lineItems) / Self.averageDeal)))
    var written = 0
    var number = 0
    while written < lineItems {
      time += step / 2 + Int64(random.below(Int(step)))
      number += 1
      let size = min(random.pick([1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8]), lineItems - written)
      let deal = try insertDeal(number)
      for position in 0..<size {
        try insertItem(written + position, position: position, deal: deal)
      }
      written += size
    }
    try transaction.db.execute(sql: "UPDATE meta SET value = ? WHERE name = 'last_id'", arguments: [id])
  }

  /// Ids ascend with gaps, as in a portal where other objects are created in between.
  private mutating func nextId() -> Int64 {
    id += 1 + Int64(random.below(37))
    return id
  }

  // MARK: Products and deals

  private mutating func insert(_ product: CatalogueProduct) throws -> Int64 {
    let id = nextId()
    var values = [
      "name": product.name, "hs_sku": product.sku,
      "price": CatalogueProduct.money(product.listPrices.last ?? 0),
      "hs_cost_of_goods_sold": CatalogueProduct.money(product.cost), "hs_product_type": product.productType,
      "hs_status": product.sku.hasPrefix("OLD-") ? "inactive" : "active", "hs_pricing_model": "flat",
      "createdate": Timestamp.canonicalText(Self.start),
    ]
    values["recurringbillingfrequency"] = product.frequency
    try products.insert(StoredRecord(id: id, created: Self.start, updated: Self.start, archivedAt: nil, values: values))
    return id
  }

  private struct Deal {
    var id: Int64
    var created: Int64
    var currency: String
    var owner: String
  }

  private static let companies = [
    "Aspen Freight", "Birch Dental", "Cobalt Foods", "Delta Optics", "Ember Energy", "Fathom Marine", "Granite Build",
    "Harbor Legal", "Iris Textiles", "Juniper Clinics", "Krona Retail", "Larch Schools", "Mistral Air", "Nimbus Hotels",
    "Opal Insurance", "Pine Logistics", "Quartz Machines", "Rowan Care", "Sable Media", "Tundra Sports",
  ]
  private static let occasions = ["renewal", "rollout", "expansion", "new site", "replacement", "pilot"]

  private mutating func insertDeal(_ number: Int) throws -> Deal {
    let deal = Deal(
      id: nextId(), created: time,
      currency: random.pick(["EUR", "EUR", "EUR", "EUR", "USD", "USD", "GBP", "CHF", "SEK"]),
      owner: random.pick(Owners.all.filter { !$0.archived }).id)
    let stage = random.pick(["closedwon", "closedwon", "closedwon", "closedlost", "contractsent", "qualifiedtobuy"])
    let values = [
      "dealname": "\(random.pick(Self.companies)) \(random.pick(Self.occasions)) \(number)",
      "pipeline": DealPipeline.id, "dealstage": stage, "deal_currency_code": deal.currency,
      "dealtype": random.pick(["newbusiness", "existingbusiness"]), "hubspot_owner_id": deal.owner,
      "closedate": Timestamp.canonicalText(time + Int64(10 + random.below(80)) * Timestamp.millisecondsPerDay),
      "createdate": Timestamp.canonicalText(time),
    ]
    try deals.insert(StoredRecord(id: deal.id, created: time, updated: time, archivedAt: nil, values: values))
    return deal
  }

  // MARK: Line items

  /// Spreads the managed services evenly and gives the exact number of them.
  private func isManagedService(_ index: Int) -> Bool {
    let before = index * Self.managedServices / Seeder.demoLineItems
    return (index + 1) * Self.managedServices / Seeder.demoLineItems > before
  }

  private mutating func insertItem(_ index: Int, position: Int, deal: Deal) throws {
    let managed = isManagedService(index)
    let (product, productId) = managed ? services[random.below(services.count)] : otherProduct()
    let price = random.pick(product.listPrices)
    let created = deal.created + Int64(position + 1) * 1000 + Int64(random.below(1000))
    var values = [
      "name": product.name, "hs_sku": product.sku, "price": CatalogueProduct.money(price),
      "quantity": String(1 + random.below(product.productType == "service" ? 12 : 60)),
      "hs_product_id": String(productId), "hs_cost_of_goods_sold": CatalogueProduct.money(product.cost),
      "hs_product_type": product.productType, "hs_line_item_currency_code": deal.currency,
      "hs_position_on_quote": String(position), "hubspot_owner_id": deal.owner,
      "createdate": Timestamp.canonicalText(created),
    ]
    addBilling(product, created, &values)
    addDiscount(&values)
    if !managed { addDirt(&values) }
    let replaced = try changedPrice(managed: managed, product, current: price)
    values.merge(CalculatedAmounts.compute { values[$0] }) { _, new in new }
    let id = nextId()
    let later = created + Int64(random.below(90)) * Timestamp.millisecondsPerDay + Int64(random.below(86_400_000))
    let updated = max(created, min(later, Self.end))
    try items.insert(StoredRecord(id: id, created: created, updated: updated, archivedAt: nil, values: values))
    if let replaced {
      let statement = try transaction.db.cachedStatement(
        sql: "INSERT INTO replaced_values (object_id, property, replaced_at, value) VALUES (?, 'price', ?, ?)")
      try statement.execute(arguments: [id, updated, replaced])
    }
    try AssociationTable(db: transaction.db).link(.lineItems, id, .deals, deal.id)
  }

  /// Discontinued products are sold rarely.
  private mutating func otherProduct() -> (product: CatalogueProduct, id: Int64) {
    let choice = others[random.below(others.count)]
    guard choice.product.sku.hasPrefix("OLD-"), !random.chance(14) else { return choice }
    return others[random.below(others.count / Catalogue.familyCount) * Catalogue.familyCount]
  }

  private mutating func addBilling(_ product: CatalogueProduct, _ created: Int64, _ values: inout [String: String]) {
    guard let frequency = product.frequency else { return }
    values["recurringbillingfrequency"] = frequency
    values["hs_recurring_billing_start_date"] = Timestamp.dateText(
      created + Int64(random.below(60)) * Timestamp.millisecondsPerDay)
    let terms: [String?] =
      switch frequency {
      case "per_three_years": ["P3Y", "P36M"]
      case "annually": ["P1Y", "P3Y", "P12M", nil]
      default: ["P12M", "P12M", "P24M", "P36M", "P1Y", nil]
      }
    values["hs_recurring_billing_period"] = random.pick(terms)
  }

  private mutating func addDiscount(_ values: inout [String: String]) {
    switch random.below(100) {
    case 0..<14: values["hs_discount_percentage"] = random.pick(["5", "7.5", "10", "12.5", "15", "20"])
    case 14..<18: values["discount"] = random.pick(["0.50", "1.00", "2.5"])
    default: break
    }
  }

  /// What years of hand-kept data look like: gaps, odd spellings, strange numbers.
  private mutating func addDirt(_ values: inout [String: String]) {
    switch random.below(1000) {
    case 0..<12: values["hs_sku"] = nil
    case 12..<22: values["price"] = nil
    case 22..<34: values["hs_sku"] = values["hs_sku"]?.lowercased()
    case 34..<40: values["hs_sku"] = values["hs_sku"].map { " " + $0 + " " }
    case 40..<52: values["price"] = values["price"].map { $0 + String(1000 + random.below(9000)) }
    case 52..<54: values["quantity"] = "0"
    case 60..<66: values["quantity"] = nil
    case 66..<72: values["quantity"] = "2.5"
    case 72..<80: values["name"] = values["name"].map { "  " + $0.uppercased() }
    case 80..<86: values["hs_product_id"] = nil
    case 86..<92: values["hs_line_item_currency_code"] = nil
    case 92..<97: values["price"] = "0"
    case 97..<102: values["name"] = values["name"].map { "\($0) – Größe Ü" }
    case 102..<106: values["hs_cost_of_goods_sold"] = nil
    default: break
    }
  }

  /// Some managed services were once sold at the price of the year before.
  private mutating func changedPrice(managed: Bool, _ product: CatalogueProduct, current: Int) throws -> String? {
    guard managed, random.chance(12), let place = product.listPrices.firstIndex(of: current), place > 0 else {
      return nil
    }
    return CatalogueProduct.money(product.listPrices[place - 1])
  }
}
