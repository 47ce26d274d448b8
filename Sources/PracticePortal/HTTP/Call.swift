/// The version a path names. Numbered and dated paths are served alike; the version decides a few answers.
enum APIVersion: String, CaseIterable, Sendable {
  case v3, v4
  case dated202509 = "2025-09"
  case dated202603 = "2026-03"
  case dated202609 = "2026-09"
  case dated202609beta = "2026-09-beta"

  /// From 2026-09 on, inexact dates are accepted and reported in `warnings` (changelog).
  var normalizesDates: Bool { self == .dated202609 || self == .dated202609beta }

  var isDated: Bool { self != .v3 && self != .v4 }

  /// Deals merge on v3; line items on the dated versions whose descriptions or guides have it. Where nothing is known
  /// of a version, it has no merge here (practice-portal rule).
  func merges(_ type: ObjectType) -> Bool {
    switch type {
    case .deals: self == .v3
    case .lineItems: self == .dated202509 || normalizesDates
    case .products, .quotes: false
    }
  }
}

/// A request as the endpoints see it.
struct Call: Sendable {
  var method: String
  var path: String
  var query: QueryParameters
  var body: [UInt8]
  var version: APIVersion
  /// The scheme and authority for paging links.
  var baseURL: String

  /// The body as JSON; an empty body is refused.
  func json() throws(Refusal) -> JSON {
    do throws(JSONSyntaxError) {
      return try JSONParser.parse(body)
    } catch {
      throw .malformedJSON(error)
    }
  }
}

/// What an endpoint answers with.
struct Answer: Sendable {
  var status: Int
  /// `nil` is an empty body.
  var body: [UInt8]?
  /// The number of inputs, for batches; goes into the request log.
  var inputs: Int?
  var contentType = Answer.json
  /// Beside those that every answer has.
  var headers: [(String, String)] = []

  /// Without a blank behind the semicolon, as recorded.
  static let json = "application/json;charset=utf-8"

  static let noContent = Answer(status: 204, body: nil)

  static func ok(_ body: [UInt8]) -> Answer { Answer(status: 200, body: body) }
}

/// The query string, decoded.
struct QueryParameters: Sendable {
  private var pairs: [(name: String, value: String)] = []

  init(_ query: String) {
    for part in query.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      pairs.append((Self.decoded(sides[0]), sides.count > 1 ? Self.decoded(sides[1]) : ""))
    }
  }

  /// The last value given.
  subscript(name: String) -> String? {
    guard let value = pairs.last(where: { $0.name == name })?.value, !value.isEmpty else { return nil }
    return value
  }

  /// Repeated parameters and comma-separated values, and mixtures of both.
  func list(_ name: String) -> [String] {
    var items: [String] = []
    for pair in pairs where pair.name == name {
      for item in pair.value.split(separator: ",") {
        let trimmed = String(item.drop(while: { $0 == " " }))
        if !trimmed.isEmpty { items.append(trimmed) }
      }
    }
    return items
  }

  /// True or false in any letter case, as HubSpot's Python client writes it.
  func flag(_ name: String) throws(Refusal) -> Bool {
    guard let value = self[name] else { return false }
    switch value.lowercased() {
    case "true": return true
    case "false": return false
    default: throw .invalidParameter(name: name, value: value, expected: "true or false")
    }
  }

  func integer(_ name: String, default standard: Int, in range: ClosedRange<Int>) throws(Refusal) -> Int {
    guard let value = self[name] else { return standard }
    guard let number = Int(value), range.contains(number) else {
      throw .invalidParameter(
        name: name, value: value, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The query again with one parameter replaced, for paging links.
  func replacing(_ name: String, with value: String) -> String {
    let kept = pairs.filter { $0.name != name } + [(name: name, value: value)]
    return kept.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }.joined(separator: "&")
  }

  static func decoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || "-._~,".contains(character) {
        result.append(character)
      } else {
        result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}
