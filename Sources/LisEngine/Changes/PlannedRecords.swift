import HubSpot
import LisCore
import LisSchema

/// Under `plan` the portal knows nothing of what earlier statements would have done: what they planned is laid over what
/// is read for later ones, and records that they would make are answered for here.
extension Engine {
  /// What a read by id finds when the plans of earlier statements are taken as carried out.
  func laidOver(
    _ states: [String: CurrentState], _ object: String, ids: [String], properties: [String]
  ) throws -> [String: CurrentState] {
    var states = states
    for id in ids {
      guard let change = overlay.change(object, id), change.isPlanned else { continue }
      if change.isArchived {
        states[id] = .absent
      } else if change.isNew {
        states[id] = .present(try laidOver(blank(object, id, properties), change, object))
      } else if let record = states[id]?.record {
        states[id] = .present(try laidOver(record, change, object))
      }
    }
    return states
  }

  /// A record that has nothing yet but the id that stands for its own.
  private func blank(_ object: String, _ id: String, _ properties: [String]) throws -> CurrentRecord {
    current(CRMObject(id: id, properties: ["hs_object_id": id]), properties, try loadSchema(object))
  }

  func laidOver(_ record: CurrentRecord, _ change: Overlay.Change, _ object: String) throws -> CurrentRecord {
    guard change.isPlanned else { return record }
    let schema = try loadSchema(object)
    let reader = PropertyReader(machine: machine)
    var record = record
    for (name, text) in change.properties where record.wire[name] != nil {
      record.wire[name] = text
      record.snapshot[name] = Snapshot(reader.value(machine.makeText(text), schema.properties[name]), machine)
    }
    return record
  }

  /// What a read by key finds when the plans of earlier statements are taken as carried out: they give keys away, change
  /// them, and archive records that have them.
  func laidOver(
    _ states: [String: KeyedState], _ object: String, of property: String, properties: [String]
  ) throws -> [String: KeyedState] {
    guard overlay.changes(object).values.contains(where: \.isPlanned) else { return states }
    var states = states
    for (key, state) in states {
      if case .present(let id, let record) = state, let change = overlay.change(object, id), change.isPlanned {
        let isOther = try change.properties[property].map { try !isSame($0, key, object, property) } ?? false
        states[key] =
          change.isArchived || isOther ? .absent : .present(id: id, try laidOver(record, change, object))
      }
      guard case .absent? = states[key],
        let id = try KeyedRows(engine: self).ownHolder(of: key, property: property, object: object),
        overlay.change(object, id)?.isPlanned == true
      else { continue }
      switch try read(object, ids: [id], properties: properties)[id] {
      case .present(let record): states[key] = .present(id: id, record)
      case .unreadable(let reason): states[key] = .unreadable(reason)
      case .absent, nil: break
      }
    }
    return states
  }

  private func isSame(_ text: String, _ key: String, _ object: String, _ property: String) throws -> Bool {
    let known = try loadSchema(object).properties[property]
    return comparable(text, known) == comparable(key, known)
  }

  /// Ids of records of a type that earlier statements would make and not archive again, in order.
  func plannedIDs(_ object: String) -> [String] {
    overlay.changes(object).filter { overlay.isPlanned($0.key) && !$0.value.isArchived }.map(\.key).sorted()
  }
}

extension ChangeSetBuilder {
  /// What a plan cannot say since earlier plans of the run are not carried out.
  func unforeseen(_ records: [RecordChange]) -> [PlanNotice] {
    var missing: [String: Set<String>] = [:]
    var derived: [String: (property: String, count: Int)] = [:]
    for record in records {
      for (object, id) in [(record.object, record.id), (record.target?.object ?? "", record.target?.id)] {
        if let id, engine.overlay.isPlanned(id) { missing[object, default: []].insert(id) }
      }
      guard let id = record.id, let change = engine.overlay.change(record.object, id), change.isPlanned,
        !change.properties.isEmpty
      else { continue }
      let schema = engine.schema.objects[record.object]?.properties ?? [:]
      for name in record.snapshot.keys.sorted() where schema[name]?.isCalculated == true {
        let count = derived["\(record.object) \(name)"]?.count ?? 0
        derived["\(record.object) \(name)"] = (name, count + 1)
      }
    }
    return missing.sorted { $0.key < $1.key }.map { object, ids in
      .notYetMade(object: object, count: ids.count, id: ids.min() ?? "")
    }
      + derived.sorted { $0.key < $1.key }.map { key, value in
        .notYetCalculated(
          object: String(key.dropLast(value.property.count + 1)), property: value.property, count: value.count)
      }
  }
}
