import HubSpot
import LisCore
import LisSchema

/// How the rows of one `find` are read.
struct ReadPlan {
  enum Way {
    /// No row can match, so nobody is asked.
    case nothing
    /// By search, as several when a list is too long for one.
    case search([[Filter]])
    /// By the list endpoint, which has no cap and does not lag.
    case list
    /// By batch read of ids that the condition names.
    case ids([String])
    /// By the links of other records, then by batch read of the records that all of them lead to.
    case linked([Link])
  }

  /// `.deal in ids`
  struct Link {
    var field: String
    var ids: [String]
  }

  let object: String
  let way: Way
  /// The search finds the rows of the condition and no others.
  let isExact: Bool

  /// - Parameter pushes: false sends nothing of a condition, for tests that compare.
  init(
    _ description: FindDescription, operands: [Value], schema: ObjectSchema, machine: Machine, pushes: Bool = true
  ) throws {
    object = description.object
    guard let predicate = description.predicate else {
      (way, isExact) = (.list, true)
      return
    }
    let push = PushDown(schema: schema, operands: operands, machine: machine)
    let fields = ReadPlan.associations(predicate)
    let links = try push.links(predicate)
    // Only HubSpot can say what is linked, and only for conditions that all rows have to fulfil.
    if let field = fields.first, links.count < fields.count { throw EngineError.associationNotSent(field: field) }
    if links.isEmpty, pushes, let ids = ReadPlan.ids(predicate, operands) {
      (way, isExact) = (ids.isEmpty ? .nothing : .ids(ids), false)
      return
    }
    switch pushes ? try push.part(predicate) : .everything {
    case .nothing: (way, isExact) = (.nothing, true)
    case .everything where !links.isEmpty: (way, isExact) = (.linked(links), false)
    case .everything:
      guard description.all else {
        throw EngineError.needsAll(
          object: description.object, place: description.place, dateField: push.dateBesideMoment(predicate))
      }
      (way, isExact) = (.list, false)
    case .groups(let groups):
      // Rows are never tested again for what they are linked to, so a condition on it that is not sent would be lost.
      let names = links.map { PushDown.associationFilter($0.field) }
      let arePresent = names.allSatisfy { name in groups.allSatisfy { $0.contains { $0.property == name } } }
      // Of two conditions on one field, one filter of that name may be all that was left.
      let areSent = arePresent && Set(names).count == names.count
      // Searching custom objects by what they are linked to is documented not to work.
      if areSent && (links.isEmpty || ObjectNames.known.contains(object)) {
        (way, isExact) = (.search(groups), push.exactness.isExact)
      } else {
        (way, isExact) = (.linked(links), false)
      }
    }
  }

  /// Fields of a condition that mean linked records.
  private static func associations(_ predicate: Predicate) -> [String] {
    switch predicate {
    case .and(let left, let right), .or(let left, let right): associations(left) + associations(right)
    case .not(let inner): associations(inner)
    case .compare(let field, _, _), .isTrue(let field): ObjectNames.isAssociation(field) ? [field] : []
    case .constant, .local: []
    }
  }

  /// Ids that every matching row must have one of. Reading by id needs no index and therefore sees the latest state.
  private static func ids(_ predicate: Predicate, _ operands: [Value]) -> [String]? {
    switch predicate {
    case .and(let left, let right): return ids(left, operands) ?? ids(right, operands)
    case .compare(let field, let comparison, let operand):
      guard field == RecordField.id.rawValue || field == "hs_object_id" else { return nil }
      switch comparison {
      case .equal: return operands[operand].string.map { RecordID.isValid($0) ? [$0] : [] }
      case .isIn:
        guard let items = operands[operand].items else { return nil }
        let texts = items.compactMap(\.string)
        return texts.count == items.count ? Array(Set(texts.filter { RecordID.isValid($0) })) : nil
      default: return nil
      }
    default: return nil
    }
  }
}

/// A search has its limits of groups and filters, and its body may have 3,000 characters (search guide), which a long list
/// exceeds: alternatives and values are then spread over several searches, whose rows are merged by id.
struct SearchParts {
  let type: ObjectType
  let properties: [String]

  func split(_ groups: [[Filter]]) -> [[FilterGroup]] { PushDown.chunks(groups).flatMap { splitLists($0) } }

  private func splitLists(_ groups: [[Filter]]) -> [[FilterGroup]] {
    guard !fits(groups), let (group, filter) = SearchParts.longest(groups),
      case .oneOf(let values) = groups[group][filter].condition, values.count > 1
    else { return [groups.map { FilterGroup($0) }] }
    let name = groups[group][filter].property
    let half = values.count / 2
    return [Array(values[..<half]), Array(values[half...])].flatMap { part in
      var smaller = groups
      smaller[group][filter] = Filter(name, .oneOf(part))
      return splitLists(smaller)
    }
  }

  /// With room for the id that the walk adds to each group, and for a cursor.
  private func fits(_ groups: [[Filter]]) -> Bool {
    let bounded = groups.map { FilterGroup($0 + [KeysetSearch.bound(String(repeating: "9", count: 19))]) }
    let request = SearchRequest(
      type: type, filterGroups: bounded, sort: .byID, properties: properties, after: "10000")
    return request.body.count <= SearchLimits.hubSpot.bodyBytes
  }

  private static func longest(_ groups: [[Filter]]) -> (Int, Int)? {
    var best: (Int, Int)?
    var most = 0
    for (group, filters) in groups.enumerated() {
      for (index, filter) in filters.enumerated() {
        if case .oneOf(let values) = filter.condition, values.count > most {
          most = values.count
          best = (group, index)
        }
      }
    }
    return best
  }
}
