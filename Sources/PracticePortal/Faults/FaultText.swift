/// Fault rules as text: `503 on=batch-update at=2; lying-headers every=5`.
///
/// A rule is the word of a fault and options `name=value` behind it; rules are parted by semicolons. As JSON, a rule is
/// an object with the word under `fault` and the options as members.
extension FaultRule {
  /// - Throws: `FaultProblem` for the first rule that cannot be read.
  public static func list(_ text: String) throws(FaultProblem) -> [FaultRule] {
    var rules: [FaultRule] = []
    for part in text.split(separator: ";") {
      let words = part.split(whereSeparator: \.isWhitespace)
      guard let word = words.first else { continue }
      var options: [String: String] = [:]
      for option in words.dropFirst() {
        let sides = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { throw .notAnOption(String(option)) }
        options[String(sides[0])] = String(sides[1])
      }
      rules.append(try FaultRule(word: String(word), options: options))
    }
    if rules.isEmpty { throw .noRule }
    return rules
  }

  /// One rule of JSON.
  init(_ json: JSON) throws(FaultProblem) {
    guard let members = json.members, let word = members["fault"]?.scalarText else { throw .noRule }
    var options: [String: String] = [:]
    for (name, value) in members where name != "fault" {
      let listed = value.items?.compactMap(\.scalarText).joined(separator: ",")
      guard let text = value.scalarText ?? listed else {
        throw .badValue(option: name, value: "null", expected: "text")
      }
      options[name] = text
    }
    try self.init(word: word, options: options)
  }

  init(word: String, options given: [String: String]) throws(FaultProblem) {
    var options = FaultOptions(word: word, given)
    let fault = try Self.fault(&options)
    let kinds = try options.kinds("on")
    let match = Match(method: options.text("method")?.uppercased(), path: options.text("path"), kinds: kinds)
    let moment = Moment(
      ordinals: try options.ordinals("at"), every: try options.number("every", in: 1...Int.max),
      probability: try options.probability("p"), seed: UInt64(try options.number("seed", in: 0...Int.max) ?? 1),
      afterMilliseconds: try options.duration("after"), times: try options.number("times", in: 1...Int.max))
    try options.requireAllRead()
    self.init(fault, match: match, moment: moment)
  }

  private static func fault(_ options: inout FaultOptions) throws(FaultProblem) -> Fault {
    switch options.word {
    case "429", "429-secondly", "429-daily":
      let limit = Fault.Limit(rawValue: String(options.word.dropFirst(4))) ?? .tenSecondly
      return .tooManyRequests(limit, retryAfter: try options.number("retry-after", in: 0...Int.max))
    case "lying-headers": return .lyingHeaders(try options.choice("lie") ?? .plenty)
    case "html": return .html(stage: try options.choice("stage") ?? .before)
    case "reset-before": return .reset(stage: .before)
    case "reset-after": return .reset(stage: .after)
    case "cut": return .cut
    case "drip": return .drip(milliseconds: try options.number("ms", in: 0...600_000) ?? 100)
    case "truncate": return .truncate
    case "endless": return .endless
    case "big": return .big(bytes: try options.number("bytes", in: 1...(1 << 40)) ?? 1 << 30)
    case "deep": return .deep(levels: try options.number("levels", in: 1...10_000_000) ?? 100_000)
    case "huge-header": return .hugeHeader(bytes: try options.number("bytes", in: 1...(64 << 20)) ?? 1 << 20)
    case "shuffle": return .shuffle
    case "fewer": return .fewer
    case "untraced": return .untraced
    case "repeat": return .repeated
    case "loop": return .loop
    case "endless-cursor": return .endlessCursor
    case "expire-token": return .expireToken
    case "revoke-token": return .revokeToken
    case "redirect":
      guard let to = options.text("to") else { throw .missing(option: "to", fault: options.word) }
      return .redirect(to: to, status: try options.number("status", in: 300...399) ?? 302)
    case "foreign-edit":
      guard let property = options.text("property") else { throw .missing(option: "property", fault: options.word) }
      return .foreignEdit(property: property, value: options.text("value"))
    case "delay": return .delay(milliseconds: try options.duration("for") ?? 1000)
    default: return try status(&options)
    }
  }

  private static func status(_ options: inout FaultOptions) throws(FaultProblem) -> Fault {
    guard let status = Int(options.word), (400...599).contains(status) else { throw .unknownFault(options.word) }
    // The edge in front of HubSpot answers these with pages of its own.
    let usual: Fault.ErrorBody = [502, 504, 521, 522, 523, 524, 525, 526].contains(status) ? .html : .json
    // A migration always says for how long (error handling guide).
    let wait = try options.number("retry-after", in: 0...Int.max) ?? (status == 477 ? 2 : nil)
    return .status(
      status, body: try options.choice("body") ?? usual, retryAfter: wait, stage: try options.choice("stage") ?? .before
    )
  }
}

/// The options of one rule; what nobody reads is an error.
struct FaultOptions {
  let word: String
  private var left: [String: String]

  init(word: String, _ options: [String: String]) {
    self.word = word
    left = options
  }

  mutating func text(_ name: String) -> String? { left.removeValue(forKey: name) }

  mutating func number(_ name: String, in range: ClosedRange<Int>) throws(FaultProblem) -> Int? {
    guard let text = text(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let most = range.upperBound == Int.max ? "" : " to \(range.upperBound)"
      throw .badValue(option: name, value: text, expected: "a whole number from \(range.lowerBound)\(most)")
    }
    return number
  }

  mutating func probability(_ name: String) throws(FaultProblem) -> Double? {
    guard let text = text(name) else { return nil }
    guard let number = Double(text), (0...1).contains(number) else {
      throw .badValue(option: name, value: text, expected: "a number from 0 to 1")
    }
    return number
  }

  mutating func ordinals(_ name: String) throws(FaultProblem) -> Set<Int>? {
    guard let text = text(name) else { return nil }
    let numbers = text.split(separator: ",").map { Int($0) ?? 0 }
    guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 }) else {
      throw .badValue(option: name, value: text, expected: "numbers from 1, parted by commas")
    }
    return Set(numbers)
  }

  /// Milliseconds of `80ms`, `3s`, `35m` or `24h`.
  mutating func duration(_ name: String) throws(FaultProblem) -> Int? {
    guard let text = text(name) else { return nil }
    guard let milliseconds = DurationText.milliseconds(text) else {
      throw .badValue(option: name, value: text, expected: "a time such as 80ms, 3s, 35m or 24h")
    }
    return milliseconds
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String
  ) throws(FaultProblem) -> Choice? where Choice.RawValue == String {
    guard let text = text(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .badValue(
        option: name, value: text, expected: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  mutating func kinds(_ name: String) throws(FaultProblem) -> Set<RequestKind>? {
    guard let text = text(name) else { return nil }
    var kinds: Set<RequestKind> = []
    for word in text.split(separator: ",").map(String.init) {
      if let group = RequestKind.groups[word] {
        kinds.formUnion(group)
      } else if let kind = RequestKind(rawValue: word) {
        kinds.insert(kind)
      } else {
        throw .unknownKind(word)
      }
    }
    return kinds
  }

  func requireAllRead() throws(FaultProblem) {
    if let name = left.keys.min() { throw .unknownOption(name, fault: word) }
  }
}

/// Times as people write them.
enum DurationText {
  static func milliseconds(_ text: String) -> Int? {
    let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
    for (unit, factor) in units where text.hasSuffix(unit) {
      // Ten years in milliseconds are far from an overflow.
      guard let count = Int(text.dropLast(unit.count)), (0...315_360_000_000).contains(count) else { continue }
      let (product, overflow) = count.multipliedReportingOverflow(by: factor)
      return overflow || product > 315_360_000_000 ? nil : product
    }
    return nil
  }
}

/// Why a text is no fault rule.
public enum FaultProblem: Error, Sendable, Equatable, CustomStringConvertible {
  case noRule
  case unknownFault(String)
  case notAnOption(String)
  case unknownOption(String, fault: String)
  case missing(option: String, fault: String)
  case badValue(option: String, value: String, expected: String)
  case unknownKind(String)

  static let words = [
    "429", "429-secondly", "429-daily", "an error status such as 503", "lying-headers", "html", "reset-before",
    "reset-after", "cut", "drip", "truncate", "endless", "big", "deep", "huge-header", "shuffle", "fewer", "untraced",
    "repeat", "loop", "endless-cursor", "expire-token", "revoke-token", "redirect", "foreign-edit", "delay",
  ]

  /// What is wrong and what would be right; no rule was set.
  public var message: String {
    switch self {
    case .noRule: "There is no fault rule. Write one such as `503 on=batch-update at=2`."
    case .unknownFault(let word): "`\(word)` is no fault. Faults are \(Self.words.joined(separator: ", "))."
    case .notAnOption(let text): "`\(text)` is no option of a fault rule. Options look like `at=2`."
    case .unknownOption(let name, let fault):
      "The fault `\(fault)` has no option `\(name)`. Every fault takes on, method, path, at, every, p, seed, after "
        + "and times."
    case .missing(let option, let fault): "The fault `\(fault)` needs the option `\(option)`."
    case .badValue(let option, let value, let expected):
      "The option `\(option)` of a fault rule cannot be `\(value)`: use \(expected)."
    case .unknownKind(let word):
      "`\(word)` is no kind of request. Kinds are "
        + (RequestKind.groups.keys.sorted() + RequestKind.allCases.map(\.rawValue)).joined(separator: ", ") + "."
    }
  }

  public var description: String { message }
}
