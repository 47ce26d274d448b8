import FoundationEssentials
import HubSpot
import TestSupport

/// A search that answers from an index of before the run, with every liberty that the descriptions of HubSpot's search
/// leave it: texts match without regard to case and word by word, records without a value may or may not pass `NEQ`,
/// numbers are binary fractions, and only the order by id is one to rely on. Records come in any order elsewhere.
struct NastySearch: Sendable {
  /// The liberties of one portal.
  struct Rules: Sendable {
    var missingPassesNotEqual: Bool
    var missingComesFirst: Bool
    var salt: UInt64

    init(_ random: inout SeededGenerator) {
      missingPassesNotEqual = Bool.random(using: &random)
      missingComesFirst = Bool.random(using: &random)
      salt = UInt64.random(in: 1...UInt64.max, using: &random)
    }
  }

  private struct Body: Decodable {
    struct Group: Decodable { var filters: [Condition] }
    struct Condition: Decodable {
      var propertyName: String
      var `operator`: String
      var value: String?
      var values: [String]?
    }
    struct Sort: Decodable {
      var propertyName: String
      var direction: String
    }
    var filterGroups: [Group]?
    var sorts: [Sort]?
    var properties: [String]
    var limit: Int
    var after: String?
  }

  private struct Answer: Encodable {
    struct Paging: Encodable {
      struct Next: Encodable { var after: String }
      var next: Next
    }
    var total: Int
    var results: [Loose]
    var paging: Paging?
  }

  private let records: [CRMObject]
  private let rules: Rules

  init(_ client: HubSpotClient, rules: Rules, properties: [String]) async throws {
    self.rules = rules
    var records: [CRMObject] = []
    var after: String?
    repeat {
      let page = try await client.listPage(ListRequest(type: .lineItems, properties: properties, after: after))
      records += page.results
      after = page.nextAfter
    } while after != nil
    self.records = records
  }

  func fault(_ request: FaultTransport.Sent) -> FaultTransport.Fault {
    switch request.kind {
    case "search": .answer(200, answer(request.body))
    case "list", "batch/read": .change { body in shuffled(body) }
    default: .pass
    }
  }

  /// The same answer with its results in another order.
  private func shuffled(_ body: String) -> String {
    guard var object = try? JSONDecoder().decode([String: Loose].self, from: Data(body.utf8)),
      case .list(let results)? = object["results"]
    else { return body }
    object["results"] = .list(results.enumerated().sorted { noise($0.offset) < noise($1.offset) }.map(\.element))
    return (try? JSONEncoder().encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? body
  }

  private func noise(_ number: Int) -> UInt64 {
    var mixed = (UInt64(truncatingIfNeeded: number) &+ rules.salt) &* 0x9e37_79b9_7f4a_7c15
    mixed ^= mixed >> 31
    return mixed &* 0xbf58_476d_1ce4_e5b9
  }

  private func answer(_ text: String) -> String {
    guard let body = try? JSONDecoder().decode(Body.self, from: Data(text.utf8)) else { return "{}" }
    var found = records.filter { record in
      (body.filterGroups ?? []).contains { $0.filters.allSatisfy { passes($0, record) } }
    }
    if let sort = body.sorts?.first { order(&found, sort) }
    let start = body.after.flatMap { Int($0) } ?? 0
    let page = found.dropFirst(start).prefix(body.limit)
    let end = start + page.count
    let answer = Answer(
      total: found.count, results: page.map { loose($0, body.properties) },
      paging: end < found.count ? .init(next: .init(after: "\(end)")) : nil)
    return (try? JSONEncoder().encode(answer)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  private func loose(_ record: CRMObject, _ properties: [String]) -> Loose {
    var values = ["hs_object_id": Loose.text(record.id)]
    for name in properties { values[name] = (record.properties[name] ?? nil).map { .text($0) } ?? .null }
    return .object([
      "id": .text(record.id), "properties": .object(values), "archived": .bool(false),
      "createdAt": record.createdAt.map { .text($0) } ?? .null,
      "updatedAt": record.updatedAt.map { .text($0) } ?? .null,
    ])
  }

  // MARK: Order

  private func order(_ found: inout [CRMObject], _ sort: Body.Sort) {
    func id(_ record: CRMObject) -> Int { Int(record.id) ?? 0 }
    if sort.propertyName == "hs_object_id" {
      found.sort { id($0) < id($1) }
      return
    }
    let sign: Double = sort.direction == "DESCENDING" ? -1 : 1
    let missing: Double = rules.missingComesFirst ? -.infinity : .infinity
    func key(_ record: CRMObject) -> Double { number(record, sort.propertyName).map { $0 * sign } ?? missing }
    found.sort { (key($0), noise(id($0))) < (key($1), noise(id($1))) }
  }

  // MARK: Filters

  private static let texts: Set<String> = ["hs_sku", "name"]

  private func number(_ record: CRMObject, _ property: String) -> Double? {
    let text = property == "hs_object_id" ? record.id : record.text(property)
    if let number = Double(text) { return number }
    // Dates of the practice portal, as the milliseconds that filters have.
    if let day = try? Date("\(text)T00:00:00Z", strategy: .iso8601) { return day.timeIntervalSince1970 * 1000 }
    let seconds = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")))
    return seconds.map { ($0.timeIntervalSince1970 * 1000).rounded() }
  }

  private func passes(_ filter: Body.Condition, _ record: CRMObject) -> Bool {
    let property = filter.propertyName
    let text = property == "hs_object_id" ? record.id : record.text(property)
    if filter.operator == "HAS_PROPERTY" { return !text.isEmpty }
    if filter.operator == "NOT_HAS_PROPERTY" { return text.isEmpty }
    let isNegative = filter.operator == "NEQ" || filter.operator == "NOT_IN"
    if text.isEmpty { return isNegative && rules.missingPassesNotEqual }
    let wanted = filter.values ?? [filter.value ?? ""]
    if NastySearch.texts.contains(property) {
      let isFound = wanted.contains { isLike(text, $0, isLowered: filter.values != nil) }
      return isNegative != isFound
    }
    guard let number = number(record, property), let other = Double(wanted.first ?? "") else {
      return isNegative != wanted.contains(text)
    }
    switch filter.operator {
    case "EQ", "IN": return wanted.contains { Double($0) == number }
    case "NEQ", "NOT_IN": return !wanted.contains { Double($0) == number }
    case "LT": return number < other
    case "LTE": return number <= other
    case "GT": return number > other
    case "GTE": return number >= other
    default: return false
    }
  }

  /// Values of `IN` have to be in lower case, or they match nothing.
  private func isLike(_ text: String, _ wanted: String, isLowered: Bool) -> Bool {
    func words(_ text: String) -> [String] {
      text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
    if isLowered && wanted != wanted.lowercased() { return false }
    if text.lowercased() == wanted.lowercased() { return true }
    let found = words(text)
    return !words(wanted).isEmpty && words(wanted).allSatisfy { found.contains($0) }
  }
}

/// Any JSON value.
enum Loose: Codable, Sendable {
  case null, bool(Bool), number(Double), text(String), list([Loose]), object([String: Loose])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([Loose].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: Loose].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
