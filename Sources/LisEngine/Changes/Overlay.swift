import LisSchema

/// What this run has done to records, laid over what it reads later: answers of a search may lag behind writes by
/// seconds. Under `plan` it holds what would have been done.
struct Overlay {
  struct Change {
    var properties: [String: String] = [:]
    var isArchived = false
    var isNew = false
    /// Nothing of it was sent: HubSpot does not know of it.
    var isPlanned = false
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

  /// The whole change set as if it had been applied. Records that it would make get ids that stand for theirs.
  mutating func plan(_ changeSet: ChangeSet) {
    for record in changeSet.records {
      let id = record.id ?? nextPlannedID()
      switch record.verb {
      case .update: update(record.object, id, record.properties)
      case .archive: archive(record.object, id)
      case .associate: if let target = record.target { associate(record.object, id, target) }
      case .create, .upsert: create(record, id: id)
      }
      changes[record.object]?[id]?.isPlanned = true
    }
  }

  // MARK: Records that do not exist yet

  private(set) var plannedIDs: Set<String> = []

  /// Whether an id stands for that of a record that only would be made. HubSpot is never asked for one.
  func isPlanned(_ id: String) -> Bool { plannedIDs.contains(id) }

  /// The change that is all there is of a record.
  func plannedRecord(_ object: String, _ id: String) -> Change? { isPlanned(id) ? changes[object]?[id] : nil }

  /// Has the form of an id, so that it can stand wherever one can, and comes after all others; no number of 64 bits is
  /// as large, so that it cannot be one.
  private mutating func nextPlannedID() -> String {
    let number = String(plannedIDs.count + 1)
    let id = "9999999999" + String(repeating: "0", count: max(0, 9 - number.utf8.count)) + number
    plannedIDs.insert(id)
    return id
  }
}
