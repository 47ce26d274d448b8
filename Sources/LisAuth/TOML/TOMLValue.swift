/// A value of a TOML document (toml.io, version 1.0.0), with the line that it begins on.
struct TOMLNode {
  enum Value {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([TOMLNode])
    case table(TOMLTable)
    /// A float, a date or a time, which no setting of lis is.
    case other
  }

  var value: Value
  /// From 1.
  var line: Int
}

/// A table of a TOML document.
final class TOMLTable {
  private(set) var members: [String: TOMLNode] = [:]
  /// It may not be written down a second time.
  var isDefined = false
  /// Nothing can be added to it: it stands in braces, or is what dotted keys made.
  var isClosed = false

  var keys: [String] { members.keys.sorted() }

  subscript(key: String) -> TOMLNode? { members[key] }

  func add(_ key: String, _ node: TOMLNode) { members[key] = node }
}

/// What is wrong with the form of a document.
struct TOMLProblem: Error, Hashable {
  enum Kind: Hashable {
    case keyExpected, equalsExpected, valueExpected, lineEndExpected
    case closingExpected(String)
    case unfinishedText, badEscape, controlCharacter
    case twice(String)
    case noTable(String)
    case numberTooLarge
    case tooDeep(limit: Int)
  }

  var line: Int
  var kind: Kind

  var words: String {
    switch kind {
    case .keyExpected: "a name is expected"
    case .equalsExpected: "`=` is expected behind the name"
    case .valueExpected: "a value is expected: a text in quotes, a number, true, false, or a list in brackets"
    case .lineEndExpected: "the line should end here"
    case .closingExpected(let closing): "`\(closing)` is expected"
    case .unfinishedText: "the text in quotes has no end"
    case .badEscape: "a `\\` stands before something that it does not go with; in '…' it means nothing special"
    case .controlCharacter: "there is a control character"
    case .twice(let name): "`\(name)` is given twice"
    case .noTable(let name): "`\(name)` has a value already and cannot be a section"
    case .numberTooLarge: "the number is too large"
    case .tooDeep(let limit): "brackets are nested deeper than \(limit)"
    }
  }
}
