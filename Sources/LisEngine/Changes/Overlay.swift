import LisSchema

/// What this run has done to records, laid over what it reads later: answers of a search may lag behind writes by
/// seconds. Under `plan` it holds what would have been done.
struct Overlay {
  struct Change {
    var properties: [String: String] = [:]
    var isArchived = false
    var isNew = false
    /// What the record was linked to.
    var targets: Set<AssociationTarget> = []
  }

  private var changes: [String: [String: Change]] = [:]

  func change(_ object: String, _ id: String) -> Change? { changes[object]?[id] }

  mutating func update(_ object: String, _ id: String, _ properties: [PropertyChange]) {
    for property in properties {
      changes[object, default: [:]][id, default: Change()].properties[property.name] = property.after
    }
  }

  mutating func create(_ record: RecordChange, id: String) {
    update(record.object, id, record.properties)
    changes[record.object, default: [:]][id, default: Change()].isNew = true
    if let target = record.target { associate(record.object, id, target) }
  }

  mutating func associate(_ object: String, _ id: String, _ target: AssociationTarget) {
    changes[object, default: [:]][id, default: Change()].targets.insert(target)
  }

  /// Everything known of one type, by id.
  func changes(_ object: String) -> [String: Change] { changes[object] ?? [:] }

  mutating func archive(_ object: String, _ id: String) {
    changes[object, default: [:]][id, default: Change()].isArchived = true
  }

  /// The whole change set as if it had been applied.
  mutating func plan(_ changes: ChangeSet) {
    for record in changes.records {
      guard let id = record.id else { continue }
      switch record.verb {
      case .update: update(record.object, id, record.properties)
      case .archive: archive(record.object, id)
      case .associate: if let target = record.target { associate(record.object, id, target) }
      case .create, .upsert: break
      }
    }
  }
}
