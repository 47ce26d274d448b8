import LisSchema
import LisSyntax

/// `prop` and `explain`.
extension Checker {
  /// `prop("deal")` of the current row, or `prop(row, "deal")`. A name that is written there is read with the row and
  /// known to the schema; any other name is only known when the program runs.
  mutating func propertyType(_ arguments: [Argument]) -> StaticType {
    guard let last = arguments.last else { return .unknown }
    var row = rows.last?.type ?? .unknown
    var find = rows.last?.find
    if arguments.count > 1 {
      row = type(arguments[0].value)
      if let expression = arguments[0].value.expression, case .row = expression.kind {} else { find = nil }
    }
    guard let name = last.value.expression.flatMap({ Checker.literalText($0) }) else {
      expect(type(last.value), .string, "prop", "name", last.value.span)
      return .unknown
    }
    let field = FieldName.of(property: name)
    switch row {
    case .row(let object):
      mentions.add(field, find: find, object: object)
      guard let known = schema.objects[object] else { return .unknown }
      if let property = known.properties[name] { return Checker.type(of: property) }
      report(unknownProperty(name, known), last.value.span)
      return .unknown
    case .record(let fields):
      if fields[name] == nil { mentions.addAnywhere(field) }
      return fields[name] ?? .unknown
    default:
      mentions.addAnywhere(field)
      return .unknown
    }
  }

  /// What `explain` is given is never run, so it has to be something whose form says what it would ask.
  mutating func checkExplained(_ arguments: [Argument]) {
    guard let argument = arguments.first else { return }
    if !Checker.isExplainable(argument.value) { report(.notExplainable, argument.value.span) }
  }

  private static func isExplainable(_ pipeline: Pipeline) -> Bool {
    switch pipeline.source {
    case .find: return true
    case .expression(let expression):
      switch expression.kind {
      case .name, .member, .index: return true
      case .pipeline(let inner): return isExplainable(inner)
      default: return false
      }
    default: return false
    }
  }
}
