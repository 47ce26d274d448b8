import HubSpot
import LisSchema

/// What a statement is about to do, field by field, before anything is sent.
public struct Plan: Sendable {
  public let portal: String
  public let changes: ChangeSet
  /// Equal changes of one property, most frequent first within each property.
  public let groups: [PropertyGroup]
  public let notices: [String]

  public struct PropertyGroup: Sendable {
    public var verb: WriteVerb
    public var object: String
    public var property: String
    public var changes: [ValueChange]
  }

  public struct ValueChange: Sendable, Hashable {
    /// nil for a record that is to be created.
    public var before: String?
    public var after: String
    public var count: Int
  }

  init(_ changes: ChangeSet, portal: String, schema: PortalSchema) {
    self.changes = changes
    self.portal = portal
    groups = Plan.group(changes)
    let sent = Sender.batches(of: changes)
    batches = sent.count
    requests = sent.reduce(0) { $0 + Plan.requests($1) }
    notices = (changes.notices + Plan.fineMoney(changes, schema)).map(\.text)
  }

  /// What the requests mean for the account's quotas; nil where that was not asked.
  public internal(set) var forecast: QuotaForecast?

  /// Requests that write, if nothing is left out and nothing refused.
  public let batches: Int
  /// All requests, the reads just before and after included.
  public let requests: Int

  private static func requests(_ batch: [RecordChange]) -> Int {
    let rereads = batch.contains { $0.id != nil } ? 1 : 0
    let keys = batch.contains { $0.id == nil && $0.key?.isUnique == true } ? 1 : 0
    switch batch.first?.sending {
    // The links are read as well.
    case .associate: return rereads + 2
    // The answer of an archive is empty, so that the records are asked whether they are gone.
    case .archive: return rereads + 2
    default: return rereads + keys + 1
    }
  }

  /// Whether a count has to be typed back instead of `y`: archives, and anything over 100 records.
  public var needsCount: Bool { changes.count(.archive) > 0 || changes.records.count > 100 }

  private static func group(_ changes: ChangeSet) -> [PropertyGroup] {
    struct Key: Hashable {
      var verb: WriteVerb
      var object: String
      var property: String
    }
    var order: [Key] = []
    var counts: [Key: [ValueChange: Int]] = [:]
    for record in changes.records {
      for property in record.properties {
        let key = Key(verb: record.verb, object: record.object, property: property.name)
        if counts[key] == nil { order.append(key) }
        let change = ValueChange(before: property.beforeShown, after: property.afterShown, count: 0)
        counts[key, default: [:]][change, default: 0] += 1
      }
    }
    return order.map { key in
      let sorted = (counts[key] ?? [:]).map {
        ValueChange(before: $0.key.before, after: $0.key.after, count: $0.value)
      }.sorted { ($1.count, $0.before ?? "", $0.after) < ($0.count, $1.before ?? "", $1.after) }
      return PropertyGroup(verb: key.verb, object: key.object, property: key.property, changes: sorted)
    }
  }

  private static func fineMoney(_ changes: ChangeSet, _ schema: PortalSchema) -> [PlanNotice] {
    var fine: [String: Int] = [:]
    for record in changes.records {
      for property in record.properties {
        guard let known = schema.objects[record.object]?.properties[property.name],
          known.isMoney || known.name == "price"
        else { continue }
        if let point = property.after.firstIndex(of: "."),
          property.after.distance(from: point, to: property.after.endIndex) > 3
        {
          fine[property.name, default: 0] += 1
        }
      }
    }
    return fine.sorted { $0.key < $1.key }.map { .fineMoney(property: $0.key, values: $0.value) }
  }
}
