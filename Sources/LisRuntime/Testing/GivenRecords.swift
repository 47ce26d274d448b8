import LisCore
import LisEngine
import LisSchema

/// Values that a test gives become records for its portal.
///
/// ```
/// given [{ id: "1", price: 9.99, deal: "7" }]                      line items
/// given { deals: [{ id: "7" }], line_items: [{ deal: "7" }] }      by object type
/// ```
struct GivenRecords {
  let machine: Machine

  func records(_ items: [Value]) throws -> [TestRecord] {
    var records: [TestRecord] = []
    for item in items {
      guard item.type == .record else {
        throw TestProblem.badRecord("\(machine.written(item)) is no record")
      }
      if let groups = groups(item) {
        for (object, rows) in groups { records += try rows.map { try record($0, of: object) } }
      } else {
        records.append(try record(item, of: ObjectNames.lineItems))
      }
    }
    return records
  }

  /// A record of lists by object type; nil for a record of properties.
  private func groups(_ item: Value) -> [(object: String, rows: [Value])]? {
    let fields = machine.fields(item)
    guard !fields.isEmpty, fields.allSatisfy({ $0.value.type == .list }) else { return nil }
    return fields.map { (ObjectNames.plural($0.name), $0.value.items ?? []) }
  }

  private func record(_ row: Value, of object: String) throws -> TestRecord {
    guard row.type == .record else { throw TestProblem.badRecord("\(machine.written(row)) is no record") }
    var record = TestRecord(object: object, id: nil, properties: [:], links: [])
    for (name, value) in machine.fields(row) {
      if name == RecordField.id.rawValue {
        record.id = try id(value)
      } else if ObjectNames.isAssociation(name) {
        if value.type != .null { record.links.append((ObjectNames.plural(name), try id(value))) }
      } else {
        record.properties[name] = try text(value, name)
      }
    }
    return record
  }

  private func id(_ value: Value) throws -> String {
    guard let text = value.string ?? value.int.map({ String($0) }) else {
      throw TestProblem.badRecord("\(machine.written(value)) is no id")
    }
    return text
  }

  /// As HubSpot has it on the wire. What the property takes is checked by the portal.
  private func text(_ value: Value, _ name: String) throws -> String {
    switch value.type {
    case .null: return ""
    case .string, .number, .bool, .date, .datetime: return machine.text(of: value)
    case .duration:
      guard let text = value.duration.flatMap({ try? $0.periodText() }) else { break }
      return text
    default: break
    }
    throw TestProblem.badRecord("\(name) cannot be \(machine.written(value))")
  }
}
