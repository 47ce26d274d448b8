import LisSchema
import LisSyntax

/// Which fields a program reads of portal rows: those of a `find`'s own stages, and those read through names.
final class Mentions {
  private var byFind: [NodeID: [String]] = [:]
  private(set) var byObject: [String: Set<String>] = [:]

  func add(_ field: String, find: NodeID?, object: String) {
    if let find {
      if byFind[find]?.contains(field) != true { byFind[find, default: []].append(field) }
    } else {
      byObject[object, default: []].insert(field)
    }
  }

  /// A field of something that may be a row of any type.
  func addAnywhere(_ field: String) { byObject[Environment.anyObject, default: []].insert(field) }

  func fields(of find: NodeID) -> [String] { byFind[find] ?? [] }
}

/// Local inference: what is known of every expression, and what is wrong with it when the schema of the portal and the
/// rules of the operators are held against it. Nothing needs an annotation; what is unknown is checked at run time.
struct Checker {
  let source: SourceText
  let schema: PortalSchema
  let resolution: Resolution
  let schemaAge: String?
  /// Errors.
  var diagnostics: [Diagnostic] = []
  /// What may be meant and probably is not; nothing is said of a statement with an error.
  var warnings: [Diagnostic] = []
  /// Errors of names, which were found before.
  var known: [Diagnostic] = []
  /// The rows around the current place, innermost last.
  var rows: [RowContext] = []
  /// Tests are checked in the program that holds them, and left out of a module that others use.
  var checksTests = true
  let mentions = Mentions()
  /// Fields such as `.deal` that stand where the portal can answer them.
  var allowedAssociations: Set<NodeID> = []
  /// A prompt: names of the top level are for later entries as well, and the standard limit of scripts does not hold.
  var isInteractive = false
  /// What is known of names beyond their types, and of the functions around the current place.
  var inference = Inference()

  /// Parameters of the script; of two with one name the first.
  lazy var parameterVariables = Dictionary(
    resolution.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// What enters each `group by`.
  var groupFlows: [NodeID: (flow: StaticType, find: NodeID?)] = [:]

  struct RowContext {
    var type: StaticType
    /// The `find` whose rows these still are.
    var find: NodeID?
    /// Fields that an earlier condition left only where they have a value.
    var present: Set<String> = []
  }

  mutating func report(_ problem: CheckProblem, _ span: Span) {
    diagnostics.append(problem.diagnostic(span, in: source))
  }

  mutating func note(_ notice: CheckNotice, _ span: Span) {
    warnings.append(notice.diagnostic(span, in: source))
  }

  // MARK: Program

  mutating func check(_ program: Program) {
    inferVariables { $0.checkItems(program) }
    if resolution.stop.isStopped { return }
    applyRules(program)
    leaveOutWhatIsBroken(program)
  }

  /// What is not understood cannot be judged: a statement with an error of names has no others, and one with an error no
  /// warnings. A name that is missed may be the one that seems unused.
  private mutating func leaveOutWhatIsBroken(_ program: Program) {
    let statements = program.statementSpans
    func places(_ diagnostics: [Diagnostic]) -> Set<Int> {
      Set(diagnostics.compactMap { $0.primaryLabel.flatMap { label in statements.index(around: label.span) } })
    }
    let nameless = places(known)
    diagnostics.removeAll { !places([$0]).isDisjoint(with: nameless) }
    let broken = nameless.union(places(diagnostics))
    warnings.removeAll { warning in
      !places([warning]).isDisjoint(with: broken) || !known.isEmpty && warning.code == CheckNotice.unusedCode
    }
  }

  private mutating func checkItems(_ program: Program) {
    for item in program.items {
      switch item.kind {
      case .use: break
      case .test(_, let body): if checksTests { type(body) }
      case .param(let parameter): checkParameter(parameter)
      case .function(let function): check(function)
      case .step(_, let body): for statement in body.statements { checkPrinted(statement) }
      case .statement(let statement): checkPrinted(statement)
      }
    }
  }

  private mutating func checkParameter(_ parameter: Parameter) {
    guard let fallback = parameter.fallback else { return }
    let found = type(fallback)
    guard let variable = parameterVariables[parameter.name.text] else { return }
    if variable.type == .unknown {
      variable.type = found
    } else {
      expect(found, variable.type, "param", parameter.name.text, fallback.span)
    }
  }

  mutating func check(_ function: Function) {
    guard resolution.stop.goesOn() else { return }
    let outer = rows
    rows = []
    for parameter in function.parameters {
      guard let fallback = parameter.fallback else { continue }
      if parameter.type?.text == "row" {
        onRow(.unknown, nil) { $0.typeOnRow(fallback) }
        continue
      }
      let found = type(fallback)
      if let symbol = resolution.functions[function.id],
        let declared = symbol.parameters.first(where: { $0.name == parameter.name.text })?.type
      {
        expect(found, declared, function.name.text, parameter.name.text, fallback.span)
      }
    }
    let result: StaticType
    switch function.body {
    case .pipeline(let pipeline): result = type(pipeline)
    case .block(let block): result = resultType { $0.type(block) }
    }
    if let symbol = resolution.functions[function.id] { infer(symbol, function, result) }
    rows = outer
  }

  // MARK: Statements

  @discardableResult
  mutating func type(_ block: Block) -> StaticType {
    var last = StaticType.null
    for statement in block.statements { last = check(statement) }
    return last
  }

  @discardableResult
  mutating func check(_ statement: Statement) -> StaticType {
    guard resolution.stop.goesOn() else { return .unknown }
    switch statement.kind {
    case .declare(_, let mutable, let value):
      let found = type(value)
      if let variable = resolution.declared[statement.id]?.first { declare(variable, mutable, value, found) }
      return .null
    case .assign(_, let value):
      assign(statement, type(value))
      return .null
    case .forEach(_, let source, let body):
      resolution.declared[statement.id]?.first?.type = type(source).element
      type(body)
      return .null
    case .return(let value):
      let found = value.map { type($0) } ?? .null
      leave(with: found)
      return found
    case .break, .continue: return .unknown
    case .tryCatch(let body, _, let handler):
      let one = type(body)
      resolution.declared[statement.id]?.first?.type = .error
      return one.merged(type(handler))
    case .expect(let value), .given(let value):
      _ = type(value)
      return .null
    case .function(let function):
      check(function)
      return .null
    case .pipeline(let pipeline): return type(pipeline)
    }
  }

  // MARK: Agreement

  /// Whether a value of one known type can stand where another is wanted. Null fits everywhere: whether it is allowed
  /// is decided where it is used.
  func fits(_ found: StaticType, _ wanted: StaticType) -> Bool {
    if found == .unknown || wanted == .unknown || found == .null { return true }
    switch (wanted, found) {
    case (.string, .option), (.option, .string): return true
    case (.list, .list), (.list, .stream), (.list, .range), (.stream, _): return true
    case (.record, .row), (.record, .record), (.record, .report), (.record, .error), (.record, .plan): return true
    case (.report, .record), (.error, .record): return true
    case (.option, .option), (.row, .row): return true
    default: return wanted == found
    }
  }

  mutating func expect(
    _ found: StaticType, _ wanted: StaticType, _ function: String, _ parameter: String, _ span: Span
  ) {
    if !fits(found, wanted) {
      report(
        .wrongArgumentType(function: function, parameter: parameter, expected: wanted.name, found: found.name), span)
    }
  }

  /// - Parameter maybeFunction: a function of the row may stand there in the place of a condition.
  mutating func condition(_ expression: Expression, maybeFunction: Bool = false) {
    let found = type(expression)
    switch found {
    case .unknown, .bool, .null: break
    case .function where maybeFunction: break
    default: report(.conditionNotBool(found.name), expression.span)
    }
  }

  // MARK: Properties

  /// The type of a field of a row, reporting a name that the portal does not have.
  mutating func property(_ name: Name, of object: String, _ span: Span) -> StaticType {
    if let field = RecordField(rawValue: name.text) {
      switch field {
      case .id: return .string
      case .archived: return .bool
      case .createdAt, .updatedAt: return .datetime
      }
    }
    if ObjectNames.isAssociation(name.text) { return .unknown }
    guard let known = schema.objects[object] else { return .unknown }
    if let property = known.properties[name.text] { return Checker.type(of: property) }
    report(unknownProperty(name.text, known), span)
    return .unknown
  }

  func unknownProperty(_ name: String, _ object: ObjectSchema) -> CheckProblem {
    .unknown(name, in: object, schemaAge: schemaAge)
  }

  static func type(of property: PropertySchema) -> StaticType {
    if property.isIdentifier { return .string }
    switch property.type {
    case .bool: return .bool
    case .date: return .date
    case .datetime: return .datetime
    case .number: return .number
    case .enumeration:
      return property.isMultiple || property.options.isEmpty ? .string : .option(property.options.map(\.value))
    case .string, .phoneNumber, .other: return .string
    }
  }

  /// A record that is about to be written.
  mutating func checkWritten(_ record: RecordLiteral, object: String) {
    for entry in record.entries {
      switch entry {
      case .spread(let expression): _ = type(expression)
      case .keyed(let key, let value):
        let found = (value.map { type($0) } ?? shortType(key)).asDatum
        checkWritten(key, found, value, object)
      }
    }
  }

  private func shortType(_ key: Name) -> StaticType {
    if case .variable(let variable)? = resolution.shortEntries[key.span.lower] { return variable.type }
    return .unknown
  }

  private mutating func checkWritten(_ key: Name, _ found: StaticType, _ value: Pipeline?, _ object: String) {
    guard RecordField(rawValue: key.text) == nil else {
      report(.idWritten, key.span)
      return
    }
    guard let known = schema.objects[object] else { return }
    guard let property = known.properties[key.text] else {
      report(unknownProperty(key.text, known), key.span)
      return
    }
    if property.isCalculated || property.isReadOnly {
      report(.readOnlyProperty(key.text, calculated: property.isCalculated), key.span)
      return
    }
    let span = value?.span ?? key.span
    let written = value?.expression.flatMap { Checker.literalText($0) }
    let wanted = Checker.type(of: property)
    if case .option(let options) = wanted, let written {
      checkOption(written, property.name, options, span)
    }
    guard writable(found, wanted, key.text) else {
      report(.wrongType(property: key.text, expected: wanted.name, found: found.name, written: written), span)
      return
    }
  }

  /// What can be turned into the text that the property takes, without guessing.
  private func writable(_ found: StaticType, _ wanted: StaticType, _ property: String) -> Bool {
    if fits(found, wanted) { return true }
    switch (wanted, found) {
    // The billing term is text on the wire (`P12M`) and a duration in the language.
    case (.string, .duration): return property == "hs_recurring_billing_period"
    case (.datetime, .date): return true
    default: return false
    }
  }

  mutating func checkOption(_ written: String, _ property: String, _ options: [String], _ span: Span) {
    guard !options.contains(written), !written.isEmpty else { return }
    report(
      .notAnOption(
        written, property: property, options: options, suggestion: Spelling.suggestion(for: written, among: options)),
      span)
  }

  /// The text of a string without interpolations.
  static func literalText(_ expression: Expression) -> String? {
    guard case .string(let parts) = expression.kind else { return nil }
    var text = ""
    for part in parts {
      guard case .text(let piece) = part else { return nil }
      text += piece
    }
    return text
  }
}

extension CheckProblem {
  /// A property that an object type does not have.
  static func unknown(_ name: String, in object: ObjectSchema, schemaAge: String?) -> CheckProblem {
    let names = Array(object.properties.keys) + RecordField.allCases.map(\.rawValue)
    return .unknownProperty(
      name, object: object.object, suggestion: Spelling.suggestion(for: name, among: names), schemaAge: schemaAge)
  }
}
