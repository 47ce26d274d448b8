import LisCore
import LisSchema
import LisSyntax

extension Checker {
  @discardableResult
  mutating func type(_ pipeline: Pipeline) -> StaticType {
    var flow: StaticType
    var origin: NodeID?
    var present: Set<String> = []
    switch pipeline.source {
    case .find(let find):
      flow = findType(find)
      origin = find.id
      if let condition = find.condition { present = Checker.fieldsPresent(condition) }
    case .create(let create):
      checkCreate(create, row: nil, nil)
      flow = .report
    case .upsert(let upsert):
      checkUpsert(upsert, row: nil, nil)
      flow = .report
    case .expression(let expression): flow = type(expression)
    }
    var ended: Stage?
    for stage in pipeline.stages {
      if let ended { report(.nothingFlows(out: source.text(ended.head), into: source.text(stage.head)), stage.head) }
      flow = type(stage, flow, origin, present)
      ended = flow == .null && Checker.endsRows(stage) ? stage : nil
      if case .where(let condition) = stage.kind { present.formUnion(Checker.fieldsPresent(condition)) }
      if !Checker.keepsRows(stage) {
        origin = nil
        present = []
      }
    }
    return pipeline.plan == nil ? flow : .plan
  }

  /// Whether a stage does something with the rows and hands none on.
  private static func endsRows(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .save, .each: true
    default: false
    }
  }

  /// Whether what leaves a stage are the rows that entered it.
  private static func keepsRows(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .where, .take, .skip, .distinct, .sort: true
    default: false
    }
  }

  private mutating func findType(_ find: Find) -> StaticType {
    let object = ObjectNames.plural(find.object?.text ?? ObjectNames.lineItems)
    if let condition = find.condition {
      allowAssociations(in: condition, row: nil)
      let known = diagnostics.count
      onRow(.row(object), find.id) { $0.conditionOnRow(condition) }
      // What is wrong with the condition itself comes first.
      let form = SendableForm(find, resolution)
      if find.all == nil, !resolution.isExplained(find), diagnostics.count == known, !form.fits(condition) {
        let found = form.obstacle(in: condition)
        // Functions of modules and of earlier entries of a prompt stand in other texts.
        let isHere = resolution.functions.values.contains { $0 === found?.symbol }
        report(.nothingSent(found?.obstacle, isHere: isHere), condition.span)
      }
    }
    return .stream(.row(object))
  }

  /// `.deal == id` is answered by the portal alone, before there are rows: it must be a condition of its own, and its
  /// right side cannot depend on the row.
  /// - Parameter row: the parameter of a lambda that stands for the row.
  private mutating func allowAssociations(in condition: Expression, row: Variable?) {
    switch condition.kind {
    case .binary(.and, let left, let right, _):
      allowAssociations(in: left, row: row)
      allowAssociations(in: right, row: row)
    case .binary(let op, let left, let right, _) where op == .equal || op == .isIn:
      let field = Checker.bare(left)
      guard let name = Checker.fieldName(field), ObjectNames.isAssociation(name) else { return }
      let resolution = self.resolution
      let search = TreeSearch(expression: { node in
        resolution.isRow(node, of: field) || row.map { resolution.isVariable($0, node) } ?? false
      })
      if !search.finds(in: right) { allowedAssociations.insert(field.id) }
      if case .null = right.bare.kind { report(.associationWithNothing(name), right.span) }
    case .pipeline(let pipeline):
      if let inner = pipeline.expression { allowAssociations(in: inner, row: row) }
    case .lambda(let lambda):
      allowAssociations(in: lambda.body, row: resolution.declared[condition.id]?.first)
    default: break
    }
  }

  /// Without brackets around it.
  private static func bare(_ expression: Expression) -> Expression {
    if case .pipeline(let pipeline) = expression.kind, let inner = pipeline.expression { return bare(inner) }
    return expression
  }

  /// An expression on rows, or a function of one: then the parameter of the function is the row.
  @discardableResult
  mutating func typeOnRow(_ expression: Expression) -> StaticType {
    guard case .lambda(let lambda) = expression.kind else { return type(expression) }
    resolution.declared[expression.id]?.first?.type = rows.last?.type ?? .unknown
    return type(lambda.body)
  }

  mutating func conditionOnRow(_ expression: Expression) {
    guard case .lambda(let lambda) = expression.kind else { return condition(expression, maybeFunction: true) }
    resolution.declared[expression.id]?.first?.type = rows.last?.type ?? .unknown
    condition(lambda.body)
  }

  mutating func onRow(
    _ row: StaticType, _ find: NodeID?, present: Set<String> = [], _ body: (inout Checker) -> Void
  ) {
    rows.append(RowContext(type: row, find: find, present: present))
    body(&self)
    rows.removeLast()
  }

  private mutating func type(
    _ stage: Stage, _ flow: StaticType, _ origin: NodeID?, _ present: Set<String>
  ) -> StaticType {
    let row = flow.element
    if case .call = stage.kind {} else { checkRows(flow, source.text(stage.head), stage.head) }
    switch stage.kind {
    case .where(let condition):
      onRow(row, origin, present: present) { $0.conditionOnRow(condition) }
      return .stream(row)
    case .take(let count), .skip(let count):
      let found = type(count)
      let word = source.text(stage.head)
      expect(found, .number, word, "count", count.span)
      if let written = Checker.wrongCount(count.bare) { report(.wrongCount(stage: word, written: written), count.span) }
      return .stream(row)
    case .map(let value):
      var mapped = StaticType.unknown
      onRow(row, origin, present: present) { mapped = $0.typeOnRow(value) }
      return .stream(mapped == .function ? .unknown : mapped.asDatum)
    case .save(let path):
      noteSaved(flow, find: origin)
      let found = type(path)
      expect(found, .string, "save", "path", path.span)
      return .null
    case .distinct(let key):
      if let key { onRow(row, origin) { $0.typeOnRow(key) } }
      return .stream(row)
    case .select(let columns):
      var fields: [String: StaticType] = [:]
      onRow(row, origin, present: present) { checker in
        for column in columns {
          let found = checker.type(column.value).asDatum
          fields[ColumnName.of(column, in: checker.source)] = found
        }
      }
      return .stream(.record(fields))
    case .sort(let orders):
      onRow(row, origin) { checker in for order in orders { checker.type(order.value) } }
      return .stream(row)
    case .groupBy(let columns, let record):
      return groupType(stage, columns, record, flow, origin)
    case .each(_, let block):
      resolution.declared[stage.id]?.first?.type = row
      onRow(row, origin, present: present) { _ = $0.type(block) }
      return resolution.writing.contains(stage.id) ? .report : .null
    case .create(let create):
      checkCreate(create, row: row, origin)
      return .report
    case .upsert(let upsert):
      checkUpsert(upsert, row: row, origin)
      return .report
    case .update(let update):
      let object = ObjectNames.object(of: row)
      onRow(row, origin, present: present) { $0.checkWritten(update.record, object: object) }
      // The difference to the current value is taken from the rows that were read.
      for case .keyed(let key, _) in update.record.entries { mentions.add(key.text, find: origin, object: object) }
      checkGuards(update.guards)
      return .report
    case .associate(let target, let guards):
      onRow(row, origin) { $0.checkTarget(target) }
      checkGuards(guards)
      return .report
    case .archive(let guards):
      checkGuards(guards)
      return .report
    case .call(_, let arguments):
      guard let binding = resolution.bindings[stage.id.index] else { return .unknown }
      return callType(binding, stage.id, arguments ?? [], at: stage.head, rows: flow, find: origin)
    }
  }

  /// A number that is written there and counts nothing.
  private static func wrongCount(_ count: Expression) -> String? {
    switch count.kind {
    case .number(let digits): return whole(digits) == nil ? digits : nil
    case .negate(let inner):
      guard case .number(let digits) = inner.bare.kind, whole(digits) != 0 else { return nil }
      return "-" + digits
    default: return nil
    }
  }

  private static func whole(_ digits: String) -> Int? { (try? Decimal(parsing: digits))?.wholeInt }

  private mutating func groupType(
    _ stage: Stage, _ columns: [Column], _ record: RecordLiteral, _ flow: StaticType, _ origin: NodeID?
  ) -> StaticType {
    var fields: [String: StaticType] = [:]
    onRow(flow.element, origin) { checker in
      for (column, name) in zip(columns, ColumnName.all(columns, in: checker.source)) {
        fields[name] = checker.typeOnRow(column.value).asDatum
      }
    }
    groupFlows[stage.id] = (flow, origin)
    var entries = StaticType.unknown
    onRow(.record(fields), nil) { entries = $0.recordType(record) }
    guard case .record(let more) = entries, !record.entries.contains(where: \.isSpread) else {
      return .stream(.record([:]))
    }
    return .stream(.record(fields.merging(more) { _, new in new }))
  }

  private mutating func checkCreate(_ create: Create, row: StaticType?, _ origin: NodeID?) {
    let object = ObjectNames.plural(create.object?.text ?? ObjectNames.lineItems)
    onRow(row ?? .unknown, origin) { checker in
      checker.checkWritten(create.record, object: object)
      checker.checkTarget(create.target)
    }
    checkGuards(create.guards)
  }

  private mutating func checkUpsert(_ upsert: Upsert, row: StaticType?, _ origin: NodeID?) {
    let object = ObjectNames.plural(upsert.object?.text ?? ObjectNames.lineItems)
    onRow(row ?? .unknown, origin) { checker in
      checker.checkWritten(upsert.record, object: object)
      checker.checkTarget(upsert.target)
    }
    // A key that is an entry of the record has been looked at there.
    let isEntry = upsert.record.entries.contains {
      if case .keyed(let name, _) = $0 { name.text == upsert.key.text } else { false }
    }
    if !isEntry, RecordField(rawValue: upsert.key.text) != nil {
      report(.idWritten, upsert.key.span)
    } else if !isEntry, let known = schema.objects[object], known.properties[upsert.key.text] == nil {
      report(unknownProperty(upsert.key.text, known), upsert.key.span)
    }
    checkGuards(upsert.guards)
  }

  private mutating func checkTarget(_ target: Target?) {
    guard let target, type(target.id) == .number else { return }
    report(.wrongType(property: "id", expected: "string", found: "number", written: nil), target.id.span)
  }

  private mutating func checkGuards(_ guards: [Guard]) {
    for case .atMost(let limit, _) in guards {
      let found = type(limit)
      expect(found, .number, "at most", "limit", limit.span)
    }
  }
}

extension ObjectNames {
  /// What rows of a type are; rows from files are line items.
  static func object(of row: StaticType) -> String {
    if case .row(let object) = row { return object }
    return lineItems
  }
}

/// The name of a column that was not given one.
enum ColumnName {
  static func all(_ columns: [Column], in source: SourceText) -> [String] { columns.map { of($0, in: source) } }

  static func of(_ column: Column, in source: SourceText) -> String {
    if let name = column.name { return name.text }
    switch column.value.kind {
    case .field(let name), .member(_, let name): return name.text
    case .name(let name): return name
    default: return source.text(column.value.span).trimmedOfSpaces
    }
  }
}

extension String {
  var trimmedOfSpaces: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
