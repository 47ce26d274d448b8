import HubSpot
import LisCore
import LisSchema

/// What a `find` would ask of the portal, for whoever wants to know before it does. Making it asks for nothing but the
/// list of properties.
public struct Explanation: Sendable {
  public enum Way: Sendable {
    case nothing, list
    /// So many records that the condition names.
    case ids(Int)
    /// By what other records are linked to: a field such as `deal`, and how many of those there are.
    case linked([(field: String, count: Int)])
    /// For each search its alternatives, for each alternative its filters as HubSpot words them.
    case search([[[String]]])
    /// Nothing can be sent, and `all` was not said.
    case refused
  }

  public enum Part: Sendable {
    /// HubSpot selects as the condition says.
    case exact
    /// HubSpot may select more.
    case superset
    /// HubSpot is not asked.
    case local
  }

  public var object: String
  public var all: Bool
  public var place: SourcePlace
  public var way: Way
  /// The conditions that `and` joins, each with what becomes of it.
  public var conditions: [(text: String, part: Part)]
  public var properties: [String]
  /// The first so many rows of an order, when one page of a search gives them.
  public var top: (count: Int, property: String, descending: Bool)?
  /// Rows that may be read; nil without a limit.
  public var readLimit: Int?
  public var stages: [String]

  init(
    _ description: FindDescription, operands: [Value], schema: ObjectSchema, machine: Machine, fields: [String],
    readLimit: Int?
  ) throws {
    object = description.object
    all = description.all
    place = description.place
    properties = fields.compactMap { FieldName.property(of: $0) }
    stages = description.stages
    self.readLimit = readLimit
    conditions = try description.conjuncts.map { conjunct in
      let push = PushDown(schema: schema, operands: operands, machine: machine)
      switch try push.part(conjunct.predicate) {
      case .nothing: return (conjunct.text, .exact)
      case .everything:
        let isLinked = try !push.links(conjunct.predicate).isEmpty
        return (conjunct.text, isLinked || push.exactness.isExact ? .exact : .local)
      case .groups: return (conjunct.text, push.exactness.isExact ? .exact : .superset)
      }
    }
    if description.predicate == nil, !description.all {
      way = .refused
      return
    }
    let plan: ReadPlan
    do { plan = try ReadPlan(description, operands: operands, schema: schema, machine: machine) } catch {
      guard case EngineError.needsAll = error else { throw error }
      way = .refused
      return
    }
    switch plan.way {
    case .nothing: way = .nothing
    case .list: way = .list
    case .ids(let ids): way = .ids(ids.count)
    case .linked(let links): way = .linked(links.map { ($0.field, $0.ids.count) })
    case .search(let groups):
      let type = try ObjectType.named(description.object)
      way = .search(
        SearchParts(type: type, properties: properties).split(groups).map { search in
          search.map { group in group.filters.map(\.words) }
        })
    }
    if case .search = plan.way, let top = TopRows(description, operands, plan, schema) {
      self.top = (top.count, top.property.name, top.descending)
    }
    // Where records are not chosen by a search, nothing but the links is asked.
    switch way {
    case .ids, .list: conditions = conditions.map { ($0.text, .local) }
    case .linked:
      let push = PushDown(schema: schema, operands: operands, machine: machine)
      conditions = try zip(description.conjuncts, conditions).map { conjunct, condition in
        try push.links(conjunct.predicate).isEmpty ? (condition.text, .local) : condition
      }
    case .search:
      guard case .search(let groups) = plan.way else { return }
      let push = PushDown(schema: schema, operands: operands, machine: machine)
      conditions = try zip(description.conjuncts, conditions).map { conjunct, condition in
        (condition.text, try push.share(of: conjunct.predicate, in: groups) ?? condition.part)
      }
    default: break
    }
  }
}

extension PushDown {
  /// What is left of a condition in a search that was too small for all of them: nil when every alternative asks for it.
  fileprivate func share(of condition: Predicate, in groups: [[Filter]]) throws -> Explanation.Part? {
    guard case .groups(let own) = try part(condition) else { return nil }
    let asking = groups.count { group in own.contains { $0.allSatisfy(group.contains) } }
    if asking == groups.count { return nil }
    return asking == 0 ? .local : .superset
  }
}

extension ObjectType {
  static func named(_ name: String) throws -> ObjectType {
    do { return try ObjectType(name) } catch { throw EngineError.unknownObject(name) }
  }
}

extension Filter {
  /// `price GT 100`, `hs_sku IN a, b`.
  var words: String {
    let texts = self.texts
    let shown = texts.prefix(8).joined(separator: ", ") + (texts.count > 8 ? ", … \(texts.count) in all" : "")
    return ([property, condition.operatorName] + (texts.isEmpty ? [] : [shown])).joined(separator: " ")
  }
}

extension Engine {
  /// What reading a stream would ask, when its source is a `find`; nil for any other value.
  public static func explanation(of value: Value, _ machine: Machine) throws -> Explanation? {
    try (machine.sourceObject(of: value) as? FindSource)?.explain()
  }
}
