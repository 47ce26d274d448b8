import LisSchema
import LisSyntax

/// A property that the records of a test have, as far as it can be read off the program.
public struct GivenProperty: Sendable, Hashable {
  /// Plural object name.
  public var object: String
  public var name: String
  /// A property type of HubSpot's: `string`, `number`, `bool`, `date` or `datetime`.
  public var type: String
  /// Where it is named first.
  public var span: Span
}

extension Compiler.Analysis {
  /// Properties of the records written in `given`: a portal for tests may lack those that a real one has.
  public var givenProperties: [GivenProperty] {
    var found: [GivenProperty] = []
    for case .test(_, let body) in program.items.map(\.kind) {
      for statement in body.statements {
        guard case .given(let given) = statement.kind, let expression = given.expression else { continue }
        collect(expression, of: ObjectNames.lineItems, into: &found)
      }
    }
    return found
  }

  /// What is wrong with those that a portal would have to know.
  /// - Parameter schema: the object types whose properties are known.
  public func unknownGivenProperties(_ schema: PortalSchema) -> [Diagnostic] {
    givenProperties.compactMap { given in
      guard let object = schema.objects[given.object], object.properties[given.name] == nil else { return nil }
      return CheckProblem.unknown(given.name, in: object, schemaAge: nil).diagnostic(given.span, in: source)
    }
  }

  private func collect(_ expression: Expression, of object: String, into found: inout [GivenProperty]) {
    switch expression.kind {
    case .list(let elements):
      for case .value(let pipeline) in elements {
        if let inner = pipeline.expression { collect(inner, of: object, into: &found) }
      }
    case .record(let record):
      for case .keyed(let key, let value?) in record.entries {
        guard let inner = value.expression else { continue }
        if case .list = inner.kind {
          collect(inner, of: ObjectNames.plural(key.text), into: &found)
        } else if key.text != RecordField.id.rawValue, !ObjectNames.isAssociation(key.text) {
          let property = GivenProperty(object: object, name: key.text, type: Self.propertyType(inner), span: key.span)
          if !found.contains(where: { $0.object == object && $0.name == key.text }) { found.append(property) }
        }
      }
    default: break
    }
  }

  private static func propertyType(_ expression: Expression) -> String {
    switch expression.kind {
    case .number: "number"
    case .negate(let inner): propertyType(inner)
    case .bool: "bool"
    case .date: "date"
    case .datetime: "datetime"
    default: "string"
    }
  }
}
