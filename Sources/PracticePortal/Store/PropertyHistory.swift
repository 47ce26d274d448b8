import GRDB

/// One entry of `propertiesWithHistory`.
struct HistoryEntry: Equatable, Sendable {
  var value: String
  var timestamp: Int64
}

/// The history of values. Only replaced values are stored, each with the moment it was replaced; the current value and
/// the moment every value was set follow from the record and the row before.
struct PropertyHistory {
  let db: Database

  /// Newest first. A value that was never set has no entry.
  func entries(_ record: StoredRecord, _ property: PropertyDefinition) throws -> [HistoryEntry] {
    let current = record.wireValue(property)
    guard property.storage == .column else {
      return [
        HistoryEntry(value: current ?? "", timestamp: property.storage == .updated ? record.updated : record.created)
      ]
    }
    let statement = try db.cachedStatement(
      sql: "SELECT replaced_at, value FROM replaced_values WHERE object_id = ? AND property = ? ORDER BY replaced_at")
    let replaced = try Row.fetchAll(statement, arguments: [record.id, property.name])
    var entries: [HistoryEntry] = []
    var setAt = record.created
    for row in replaced {
      if let value = row[1] as String? {
        let text = property.type == .datetime ? Timestamp.wireText(canonical: value) : value
        entries.append(HistoryEntry(value: text, timestamp: setAt))
      }
      setAt = row[0]
    }
    if let current {
      entries.append(HistoryEntry(value: current, timestamp: setAt))
    } else if !replaced.isEmpty {
      // A calculated value that became empty: history entries need a value.
      entries.append(HistoryEntry(value: "", timestamp: setAt))
    }
    return entries.reversed()
  }
}
