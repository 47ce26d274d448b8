import LisSchema
import LisSyntax

/// Rows that are looked at as a whole. A portal is asked for the properties that a program names, and what shows all
/// fields of a row names none: it gets what a printed row has, beside everything that is named.
extension Checker {
  /// Builtins that show which fields a record has. A value they get of which nothing is known may be a row of any `find`.
  private static let inspecting: Set<String> = ["entries", "json_text", "keys", "values"]
  /// Others that show all of what they get; mostly that is no row, so they count only where it certainly is one.
  private static let showing: Set<String> = ["print", "text", "trace"]

  /// - Parameter types: what is known of the arguments, by their places in the call.
  mutating func noteWholeRows(
    _ builtin: Builtin, _ arguments: [Argument], _ types: [Int: StaticType], rows input: StaticType?, find: NodeID?
  ) {
    let inspects = Checker.inspecting.contains(builtin.name)
    guard inspects || Checker.showing.contains(builtin.name) else { return }
    if let input { noteWholeRows(input, find: find, orUnknown: inspects) }
    for (index, type) in types {
      noteWholeRows(type, of: arguments[index].value.expression, orUnknown: inspects)
    }
  }

  /// A statement of the top level, which prints its rows. Those of its own `find` are known to be shown.
  mutating func checkPrinted(_ statement: Statement) {
    let found = check(statement)
    guard case .pipeline(let pipeline) = statement.kind, case .expression = pipeline.source else { return }
    noteWholeRows(found, find: nil, orUnknown: false)
  }

  /// A file gets all fields of the rows in front of `save`.
  mutating func noteSaved(_ flow: StaticType, find: NodeID?) { noteWholeRows(flow, find: find, orUnknown: true) }

  /// The rows in a value that is shown.
  mutating func noteWholeRows(_ type: StaticType, of expression: Expression?, orUnknown: Bool = false) {
    var find: NodeID?
    if case .row = expression?.bare.kind { find = rows.last?.find }
    noteWholeRows(type, find: find, orUnknown: orUnknown)
  }

  private func noteWholeRows(_ type: StaticType, find: NodeID?, orUnknown: Bool) {
    switch type {
    case .row(let object): mentions.addWhole(object, find: find)
    case .list(let element), .stream(let element): noteWholeRows(element, find: find, orUnknown: orUnknown)
    case .record(let fields):
      for (_, field) in fields { noteWholeRows(field, find: nil, orUnknown: orUnknown) }
    case .unknown: if orUnknown { mentions.addWholeAnywhere() }
    default: break
    }
  }
}

extension Mentions {
  fileprivate func addWhole(_ object: String, find: NodeID?) {
    for field in ObjectNames.displayed(object) { add(field, find: find, object: object) }
  }

  fileprivate func addWholeAnywhere() {
    for object in ObjectNames.known { addWhole(object, find: nil) }
  }
}
