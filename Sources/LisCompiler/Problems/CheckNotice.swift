import LisSyntax

/// What a program may do and probably does not want: warnings of the check. They never stop a run. Messages and hints are
/// made from the data here and nowhere else.
public enum CheckNotice: Sendable, Hashable {
  /// A write whose input has no known end and no `at most`.
  case unboundedWrite(verb: String, limit: Int)
  /// A stream in a name is read again from the portal or its file.
  case streamReadTwice(String, first: Span)
  case streamReadInLoop(String, declared: Span)
  case updateReadsWhatItWrites(String, key: Span)
  /// A property may be missing, and no arm takes null.
  case nullNotMatched(String?)
  case armNeverReached(ArmReason, first: Span)
  case unusedName(String, kind: String)
  case neverTrue(NeverReason, other: Span?)
  case missingMember(String, suggestion: String?)
  /// A datetime held against a date by an operator that then means the first moment of the day.
  case startOfDay(operator: String, isNow: Bool)

  public enum ArmReason: Sendable, Hashable {
    case afterEverything, repeated, insideRange
  }

  public enum NeverReason: Sendable, Hashable {
    case orderWithNull
    case nullAndValue(String)
    case twoValues(String)
    case noNumberBetween(String)
    case emptyRange
    case emptyList
  }
}

extension CheckNotice {
  static let unusedCode = "LIS0185"

  var code: String {
    switch self {
    case .unboundedWrite: "LIS0180"
    case .streamReadTwice, .streamReadInLoop: "LIS0181"
    case .updateReadsWhatItWrites: "LIS0182"
    case .nullNotMatched: "LIS0183"
    case .armNeverReached: "LIS0184"
    case .unusedName: CheckNotice.unusedCode
    case .neverTrue: "LIS0186"
    case .missingMember: "LIS0187"
    case .startOfDay: "LIS0188"
    }
  }

  var message: String {
    switch self {
    case .unboundedWrite(let verb, _): "this `\(verb)` does not say how many records it may change"
    case .streamReadTwice(let name, _): "`\(name)` is a stream and is read again here"
    case .streamReadInLoop(let name, _): "`\(name)` is a stream and is read again on every turn of this loop"
    case .updateReadsWhatItWrites(let property, _):
      "this update reads `\(property)`, which it writes: running it twice changes it twice"
    case .nullNotMatched(let property?): "`\(property)` may be missing, and no arm of this `match` takes null"
    case .nullNotMatched(nil): "the value may be missing, and no arm of this `match` takes null"
    case .armNeverReached: "this arm is never reached"
    case .unusedName(let name, let kind): "the \(kind) `\(name)` is not used"
    case .neverTrue: "this condition is never true"
    case .missingMember(let name, _): "this record has no `\(name)`, so it is always null"
    case .startOfDay(let sign, _):
      "a date beside a datetime is the start of its day, so `\(sign)` parts that day at midnight"
    }
  }

  /// What the mark under the source says.
  var label: String {
    switch self {
    case .unboundedWrite: "without `at most`"
    case .streamReadTwice, .streamReadInLoop: "read again"
    case .updateReadsWhatItWrites: "read here"
    case .nullNotMatched: "may be null"
    case .armNeverReached(let reason, _):
      switch reason {
      case .afterEverything: "`_` took everything"
      case .repeated: "the second one"
      case .insideRange: "inside a range above"
      }
    case .unusedName: "never read"
    case .neverTrue(let reason, _):
      switch reason {
      case .orderWithNull: "nothing is before or after null"
      case .nullAndValue(let name): "`\(name)` cannot be null as well"
      case .twoValues(let name): "`\(name)` cannot have two values"
      case .noNumberBetween(let name): "no value of `\(name)` is both"
      case .emptyRange: "the end is before the start"
      case .emptyList: "nothing is in an empty list"
      }
    case .missingMember: "not in this record"
    case .startOfDay: "a date and a datetime"
    }
  }

  var second: (span: Span, text: String)? {
    switch self {
    case .streamReadTwice(_, let first): (first, "read here first")
    case .streamReadInLoop(_, let declared): (declared, "the stream")
    case .updateReadsWhatItWrites(_, let key): (key, "written here")
    case .armNeverReached(_, let first): (first, "this arm takes it")
    case .neverTrue(_, let other): other.map { ($0, "together with this") }
    default: nil
    }
  }

  var hints: [String] {
    switch self {
    case .unboundedWrite(_, let limit):
      [
        "say the most that is meant: `… at most 200`; without it, a run stops at \(limit) records before anything is sent"
      ]
    case .streamReadTwice(let name, _), .streamReadInLoop(let name, _):
      ["`let \(name) = list(…)` reads it once and keeps the rows"]
    case .updateReadsWhatItWrites:
      ["narrow the `where` to records that still have the old value, or write a value that does not depend on it"]
    case .nullNotMatched: ["add an arm `null => …`, or `_ => …` for everything else"]
    case .armNeverReached: ["leave it out, or move it further up"]
    case .unusedName(let name, _): ["leave it out, or call it `_\(name)` if it has to stand there"]
    case .neverTrue(.orderWithNull, _): ["write `== null` or `!= null`"]
    case .neverTrue(.nullAndValue, _), .neverTrue(.twoValues, _), .neverTrue(.noNumberBetween, _): ["is `or` meant?"]
    case .neverTrue: []
    case .startOfDay(_, isNow: true): ["`now()` is a moment: compare a date with `today()`, which is a date too"]
    case .startOfDay("==", _), .startOfDay("!=", _): ["`in @2026-01-31..@2026-01-31` is the whole day"]
    case .startOfDay:
      ["compare with the next day by `<` or `>=`, or use a range: the last day of `@a..@b` is in it as a whole"]
    case .missingMember(_, let suggestion): suggestion.map { ["did you mean `\($0)`?"] } ?? []
    }
  }

  /// The diagnostic for this notice at a place.
  func diagnostic(_ span: Span, in source: SourceText) -> Diagnostic {
    var labels = [Diagnostic.Label(span: span, text: label, isPrimary: true, source: source)]
    if let second {
      labels.append(Diagnostic.Label(span: second.span, text: second.text, isPrimary: false, source: source))
    }
    return Diagnostic(severity: .warning, code: code, message: message, labels: labels, hints: hints)
  }
}

extension [Diagnostic] {
  /// Whether any of them stops a program from running.
  public var hasErrors: Bool { contains { $0.severity == .error } }
}
