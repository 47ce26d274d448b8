import LisCore
import LisSchema

extension Engine {
  /// A plan as a value of the language.
  ///
  /// ```
  /// p.summary   p.count   p.requests   p.notices
  /// p.records   { id, object, verb, target, source }               one for each record
  /// p.changes   { id, object, verb, property, before, after }      one for each property that changes
  /// ```
  /// An archive has one entry of `changes` without a property, an association one with the name of the other type.
  public func value(of plan: Plan, number: Int, summary: String) -> Value {
    let records = plan.changes.records
    let value = machine.makeRecord([
      ("summary", machine.makeText(summary)),
      ("count", machine.makeNumber(records.count)),
      ("requests", machine.makeNumber(plan.requests)),
      ("notices", machine.makeList(plan.notices.map { machine.makeText($0) })),
      ("records", machine.makeList(records.map { recordValue($0) })),
      ("changes", machine.makeList(records.flatMap { changeValues($0) })),
    ])
    return machine.withOrigin(value, source: number, line: 0)
  }

  private func head(_ record: RecordChange) -> [(String, Value)] {
    [
      ("id", record.id.map { machine.makeText($0) } ?? .null), ("object", machine.makeText(record.object)),
      ("verb", machine.makeText(record.verb.rawValue)),
    ]
  }

  private func recordValue(_ record: RecordChange) -> Value {
    let source = machine.makeRecord([
      ("file", machine.makeText(record.place.file ?? record.place.statement.file)),
      ("line", machine.makeNumber(record.place.line ?? record.place.statement.line)),
    ])
    let target = record.target.map { machine.makeText("\(ObjectNames.singular($0.object)) \($0.id)") } ?? .null
    return machine.makeRecord(head(record) + [("target", target), ("source", source)])
  }

  private func changeValues(_ record: RecordChange) -> [Value] {
    func change(_ property: Value, _ before: Value, _ after: Value) -> Value {
      machine.makeRecord(head(record) + [("property", property), ("before", before), ("after", after)])
    }
    var changes = record.properties.map { property -> Value in
      let (before, after) = values(property, record.object)
      return change(machine.makeText(property.name), before, after)
    }
    if let target = record.target {
      changes.append(change(machine.makeText(ObjectNames.singular(target.object)), .null, machine.makeText(target.id)))
    }
    return changes.isEmpty ? [change(.null, .null, .null)] : changes
  }

  /// Values of the property's type, as a row has them.
  private func values(_ change: PropertyChange, _ object: String) -> (before: Value, after: Value) {
    let property = schema.objects[object]?.properties[change.name]
    let reader = PropertyReader(machine: machine)
    let isEmpty = change.before == nil || change.before == machine.key(of: .null)
    let before = isEmpty ? .null : reader.value(machine.makeText(change.beforeShown ?? ""), property)
    return (before, reader.value(machine.makeText(change.after), property))
  }
}
