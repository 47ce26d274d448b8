import HubSpot
import LisCore
import LisSchema

/// Records this run has written itself and that a search may not find yet, or would not find under `plan`: they are read
/// by id beside the search. Only records that could match are read, so that a check of what was done costs nothing.
struct OwnChanges {
  let schema: ObjectSchema
  let machine: Machine
  /// Whether what is read of the rows changes with other properties: the index still has what was calculated from the
  /// values of before.
  let readsDerived: Bool

  /// - Parameter properties: what is read of the rows.
  init(schema: ObjectSchema, machine: Machine, properties: [String]) {
    self.schema = schema
    self.machine = machine
    readsDerived = properties.contains { OwnChanges.isDerived($0, schema) }
  }

  /// A calculated value changes with what it is calculated from, and so does the time of the last change.
  private static func isDerived(_ property: String, _ schema: ObjectSchema) -> Bool {
    if lasting.contains(property) { return false }
    return schema.properties[property].map { $0.isCalculated || $0.isReadOnly } ?? false
  }

  /// Read-only because they never change.
  private static let lasting: Set<String> = ["hs_object_id", "createdate", "hs_createdate"]

  /// What reads the links of records: ids of one type that they are linked to, by record.
  typealias ReadLinks = (_ ids: [String], _ target: String) throws -> [String: [String]]

  /// Ids in no particular order. Where a condition names linked records and the run has not linked them itself, the
  /// links of the records in question are read: rows are never tested again for what they are linked to.
  func matching(
    _ groups: [[Filter]], _ changes: [String: Overlay.Change], _ readLinks: ReadLinks
  ) throws -> [String] {
    var certain: [String] = []
    var open: [String: Overlay.Change] = [:]
    for (id, change) in changes where !change.isArchived {
      if groups.contains(where: { mayMatch($0, change) { OwnChanges.isLinked($0, change.targets) } }) {
        certain.append(id)
      } else if !change.isNew, groups.contains(where: { mayMatch($0, change) { _ in true } }) {
        // What the run made itself is linked to nothing but what the run has linked it to.
        open[id] = change
      }
    }
    if open.isEmpty { return certain }
    var targets = open.mapValues(\.targets)
    for object in OwnChanges.targetObjects(groups).sorted() {
      for (id, linked) in try readLinks(open.keys.sorted(), object) {
        targets[id, default: []].formUnion(linked.map { AssociationTarget(object: object, id: $0) })
      }
    }
    return certain
      + open.filter { id, change in
        groups.contains { mayMatch($0, change) { OwnChanges.isLinked($0, targets[id] ?? []) } }
      }.map(\.key)
  }

  private static func targetObjects(_ groups: [[Filter]]) -> Set<String> {
    let names = groups.joined().map(\.property).filter { $0.hasPrefix(PushDown.associationPrefix) }
    return Set(names.map { ObjectNames.plural(String($0.dropFirst(PushDown.associationPrefix.count))) })
  }

  /// A record that was changed is of interest where the change touches the condition; the rest the index knows.
  private func mayMatch(_ group: [Filter], _ change: Overlay.Change, _ isLinked: (Filter) -> Bool) -> Bool {
    let concerns = group.contains { isTouched($0.property, change) || OwnChanges.isLinked($0, change.targets) }
    guard change.isNew || readsDerived || concerns else { return false }
    return group.allSatisfy { filter in
      if filter.property.hasPrefix(PushDown.associationPrefix) { return isLinked(filter) }
      guard let text = change.properties[filter.property] else { return true }
      return mayMatch(filter.condition, text, schema.properties[filter.property])
    }
  }

  private func isTouched(_ property: String, _ change: Overlay.Change) -> Bool {
    change.properties[property] != nil || OwnChanges.isDerived(property, schema)
  }

  private static func isLinked(_ filter: Filter, _ targets: Set<AssociationTarget>) -> Bool {
    targets.contains { target in
      guard filter.property == PushDown.associationPrefix + ObjectNames.singular(target.object) else { return false }
      switch filter.condition {
      case .equal(let id): return id == target.id
      case .oneOf(let ids): return ids.contains(target.id)
      default: return false
      }
    }
  }

  /// Whether a value that was written can fulfil a condition; true where that is not certain.
  private func mayMatch(_ condition: Filter.Condition, _ text: String, _ property: PropertySchema?) -> Bool {
    switch condition {
    case .hasValue: return !text.isEmpty
    case .hasNoValue: return text.isEmpty
    default: if text.isEmpty { return false }
    }
    guard let property, let value = comparable(text, property) else { return true }
    func order(_ other: String) -> Int? { value.order(Comparable(other, property)) }
    switch condition {
    case .equal(let other): return order(other).map { $0 == 0 } ?? true
    case .notEqual(let other): return order(other).map { $0 != 0 } ?? true
    case .lessThan(let other): return order(other).map { $0 < 0 } ?? true
    case .lessOrEqual(let other): return order(other).map { $0 <= 0 } ?? true
    case .greaterThan(let other): return order(other).map { $0 > 0 } ?? true
    case .greaterOrEqual(let other): return order(other).map { $0 >= 0 } ?? true
    case .oneOf(let others): return others.contains { order($0).map { $0 == 0 } ?? true }
    case .noneOf(let others): return others.allSatisfy { order($0).map { $0 != 0 } ?? true }
    case .between, .containsToken, .containsNoToken, .hasValue, .hasNoValue: return true
    }
  }

  /// The value in the form that filters have.
  private func comparable(_ text: String, _ property: PropertySchema) -> Comparable? {
    let value = PropertyReader(machine: machine).value(machine.makeText(text), property)
    let push = PushDown(schema: schema, operands: [], machine: machine)
    return push.wire(value, property).map { Comparable($0, property) }
  }

  private enum Comparable {
    case number(Decimal)
    case text(String)

    init(_ text: String, _ property: PropertySchema) {
      switch property.type {
      case .number, .date, .datetime:
        let number = property.isIdentifier ? nil : try? Decimal(parsing: text)
        self = number.map { .number($0) } ?? .text(text)
      case .enumeration, .bool: self = .text(text)
      case .string, .phoneNumber, .other: self = .text(text.lowercased())
      }
    }

    /// nil when the two cannot be compared.
    func order(_ other: Comparable) -> Int? {
      switch (self, other) {
      case (.number(let left), .number(let right)): left.compare(right)
      case (.text(let left), .text(let right)): left == right ? 0 : left < right ? -1 : 1
      default: nil
      }
    }
  }
}
