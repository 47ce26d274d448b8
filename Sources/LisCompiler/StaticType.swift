import LisCore

/// What is known of a value before the program runs. `unknown` stays unknown and is checked when the program runs.
public indirect enum StaticType: Sendable, Hashable {
  case unknown
  case null, bool, number, string, date, datetime, duration, range
  case list(StaticType)
  case stream(StaticType)
  /// All fields of a record that was written down or selected; empty for one whose fields are not known, as from a file.
  case record([String: StaticType])
  /// A record of a portal, by the plural name of its type.
  case row(String)
  /// A property that is a choice; its values are strings.
  case option([String])
  case function
  case report
  /// What `plan` in front of a pipeline gives.
  case plan
  /// What `catch` gives a name.
  case error

  /// The word for messages.
  public var name: String {
    switch self {
    case .unknown: "value"
    case .null: "null"
    case .bool: "bool"
    case .number: "number"
    case .string, .option: "string"
    case .date: "date"
    case .datetime: "datetime"
    case .duration: "duration"
    case .range: "range"
    case .list: "list"
    case .stream: "stream"
    case .record, .row: "record"
    case .report: "report"
    case .plan: "plan"
    case .error: "caught error"
    case .function: "fn"
    }
  }

  /// A list or a stream.
  var isRows: Bool {
    switch self {
    case .list, .stream: true
    default: false
    }
  }

  var isStream: Bool { if case .stream = self { true } else { false } }

  /// What it is as a part of data, where a stream is read into a list.
  var asDatum: StaticType { if case .stream(let element) = self { .list(element) } else { self } }

  /// What one row of it is.
  var element: StaticType {
    switch self {
    case .list(let element), .stream(let element): element
    case .row, .record: self
    case .range: .number
    default: .unknown
    }
  }

  /// The kinds that have an order among themselves; nil for those without one and for what is not known.
  var orderKind: String? {
    switch self {
    case .number: "number"
    case .string, .option: "string"
    case .date, .datetime: "date"
    case .duration: "duration"
    default: nil
    }
  }

  /// The type a parameter was declared with; nil for a word that names none.
  static func named(_ word: String) -> StaticType? {
    switch word {
    case "null": .null
    case "bool": .bool
    case "number": .number
    case "string": .string
    case "date": .date
    case "datetime": .datetime
    case "duration": .duration
    case "range": .range
    case "list": .list(.unknown)
    case "record": .record([:])
    case "stream": .stream(.unknown)
    case "fn": .function
    case "report": .report
    case "plan": .plan
    case "error": .error
    case "row": .unknown
    default: nil
    }
  }

  static let names = [
    "null", "bool", "number", "string", "date", "datetime", "duration", "range", "list", "record", "stream", "fn",
    "row", "plan", "report", "error",
  ]

  /// The common type of two branches.
  func merged(_ other: StaticType) -> StaticType {
    if self == other { return self }
    if self == .null { return other }
    if other == .null { return self }
    switch (self, other) {
    case (.list(let a), .list(let b)): return .list(a.merged(b))
    case (.stream(let a), .stream(let b)): return .stream(a.merged(b))
    case (.record, .record): return .record([:])
    case (.option, .option), (.option, .string), (.string, .option): return .string
    default: return .unknown
    }
  }
}

extension StaticType {
  /// The members of a plan.
  static let planMembers: [String: StaticType] = {
    let head: [String: StaticType] = ["id": .string, "object": .string, "verb": .string]
    let source = StaticType.record(["file": .string, "line": .number])
    let record = head.merging(["target": .string, "source": source]) { first, _ in first }
    let change = head.merging(["property": .string, "before": .unknown, "after": .unknown]) { first, _ in first }
    return [
      "summary": .string, "count": .number, "requests": .number, "notices": .list(.string),
      "records": .list(.record(record)), "changes": .list(.record(change)),
    ]
  }()
}
