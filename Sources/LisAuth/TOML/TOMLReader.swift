/// Reads TOML. It knows the whole form of a document, and of the kinds of values those that lis has a use for; the others
/// are passed over. Whatever the text is, it ends with a table or a problem.
struct TOMLReader {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var line = 1
  private var depth = 0
  private static let depthLimit = 32

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  static func read(_ text: String) throws(TOMLProblem) -> TOMLTable {
    var reader = TOMLReader(text)
    return try reader.document()
  }

  // MARK: Characters

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private func problem(_ kind: TOMLProblem.Kind) -> TOMLProblem { TOMLProblem(line: line, kind: kind) }

  private mutating func advance() {
    if current == "\n" { line += 1 }
    index += 1
  }

  private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
    guard current == wanted else { return false }
    advance()
    return true
  }

  private func begins(_ text: String) -> Bool { scalars[index...].starts(with: text.unicodeScalars) }

  private mutating func skipBlanks() { while current == " " || current == "\t" { advance() } }

  private mutating func skipComment() throws(TOMLProblem) {
    guard current == "#" else { return }
    while let scalar = current, scalar != "\n", !(scalar == "\r" && begins("\r\n")) {
      if TOMLReader.isControl(scalar) { throw problem(.controlCharacter) }
      advance()
    }
  }

  private mutating func skipLineEnd() -> Bool {
    if begins("\r\n") { index += 1 }
    return take("\n")
  }

  /// Blanks, comments and line ends, as they may stand in a list.
  private mutating func skipSpace() throws(TOMLProblem) {
    repeat {
      skipBlanks()
      try skipComment()
    } while skipLineEnd()
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    (scalar.value < 0x20 && scalar != "\t") || scalar.value == 0x7F
  }

  // MARK: Lines

  private mutating func document() throws(TOMLProblem) -> TOMLTable {
    if current == "\u{feff}" { advance() }
    let root = TOMLTable()
    var table = root
    while true {
      try skipSpace()
      guard let first = current else { return root }
      if first == "[" { table = try header(root) } else { try pair(table) }
      skipBlanks()
      try skipComment()
      if current != nil && !skipLineEnd() { throw problem(.lineEndExpected) }
    }
  }

  /// `[a.b]`, or `[[a.b]]`, which makes a list that no setting is.
  private mutating func header(_ root: TOMLTable) throws(TOMLProblem) -> TOMLTable {
    advance()
    let isList = take("[")
    let names = try keys()
    guard take("]"), !isList || take("]") else { throw problem(.closingExpected(isList ? "]]" : "]")) }
    let parent = try descend(root, names.dropLast(), makesClosed: false)
    let name = names[names.count - 1]
    if isList {
      if let known = parent[name], case .other = known.value {
      } else if parent[name] != nil {
        throw problem(.twice(name))
      }
      parent.add(name, TOMLNode(value: .other, line: line))
      return TOMLTable()
    }
    let table = try descend(parent, [name], makesClosed: false)
    if table.isDefined { throw problem(.twice(names.joined(separator: "."))) }
    table.isDefined = true
    return table
  }

  private mutating func pair(_ table: TOMLTable) throws(TOMLProblem) {
    let start = line
    let names = try keys()
    guard take("=") else { throw problem(.equalsExpected) }
    skipBlanks()
    let parent = try descend(table, names.dropLast(), makesClosed: true)
    let name = names[names.count - 1]
    guard parent[name] == nil else { throw problem(.twice(name)) }
    parent.add(name, TOMLNode(value: try value(), line: start))
  }

  /// The table that names lead to, made where it is missing.
  private func descend(
    _ table: TOMLTable, _ names: some Collection<String>, makesClosed: Bool
  ) throws(TOMLProblem) -> TOMLTable {
    var table = table
    for name in names {
      if let node = table[name] {
        guard case .table(let inner) = node.value, !inner.isClosed || (makesClosed && !inner.isDefined) else {
          throw problem(.noTable(name))
        }
        table = inner
      } else {
        let inner = TOMLTable()
        inner.isClosed = makesClosed
        table.add(name, TOMLNode(value: .table(inner), line: line))
        table = inner
      }
    }
    return table
  }

  // MARK: Names

  /// `a . "b c"`, with the blanks around it; at least one.
  private mutating func keys() throws(TOMLProblem) -> [String] {
    var names: [String] = []
    repeat {
      skipBlanks()
      names.append(try key())
      skipBlanks()
    } while take(".")
    return names
  }

  private mutating func key() throws(TOMLProblem) -> String {
    if current == "\"" || current == "'" {
      if begins("\"\"\"") || begins("'''") { throw problem(.keyExpected) }
      return try text()
    }
    var name = String.UnicodeScalarView()
    while let scalar = current, TOMLReader.isNamePart(scalar) {
      name.append(scalar)
      advance()
    }
    if name.isEmpty { throw problem(.keyExpected) }
    return String(name)
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
    default: false
    }
  }

  // MARK: Values

  private mutating func value() throws(TOMLProblem) -> TOMLNode.Value {
    switch current {
    case "\"", "'": return .text(try text())
    case "[": return try nested { reader throws(TOMLProblem) in try reader.list() }
    case "{": return try nested { reader throws(TOMLProblem) in try reader.inlineTable() }
    default: return try word()
    }
  }

  private mutating func nested(
    _ body: (inout TOMLReader) throws(TOMLProblem) -> TOMLNode.Value
  ) throws(TOMLProblem) -> TOMLNode.Value {
    depth += 1
    if depth > TOMLReader.depthLimit { throw problem(.tooDeep(limit: TOMLReader.depthLimit)) }
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func list() throws(TOMLProblem) -> TOMLNode.Value {
    advance()
    var nodes: [TOMLNode] = []
    while true {
      try skipSpace()
      if take("]") { return .list(nodes) }
      let start = line
      nodes.append(TOMLNode(value: try value(), line: start))
      try skipSpace()
      if take("]") { return .list(nodes) }
      guard take(",") else { throw problem(.closingExpected("]")) }
    }
  }

  private mutating func inlineTable() throws(TOMLProblem) -> TOMLNode.Value {
    advance()
    let table = TOMLTable()
    skipBlanks()
    if !take("}") {
      repeat { try pair(table) } while takeComma()
      guard take("}") else { throw problem(.closingExpected("}")) }
    }
    table.isDefined = true
    table.isClosed = true
    return .table(table)
  }

  private mutating func takeComma() -> Bool {
    skipBlanks()
    return take(",")
  }

  /// A number, true or false; or something else that has the form of a value.
  private mutating func word() throws(TOMLProblem) -> TOMLNode.Value {
    var text = ""
    while let scalar = current, TOMLReader.isNamePart(scalar) || "+.:".unicodeScalars.contains(scalar) {
      text.unicodeScalars.append(scalar)
      advance()
    }
    if text == "true" || text == "false" { return .flag(text == "true") }
    if ["inf", "+inf", "-inf", "nan", "+nan", "-nan"].contains(text) { return .other }
    let digits = text.drop { $0 == "+" || $0 == "-" }
    guard text.count - digits.count <= 1, let first = digits.first, first.isASCII, first.isNumber else {
      throw problem(.valueExpected)
    }
    return try number(text, digits)
  }

  private func number(_ text: String, _ digits: Substring) throws(TOMLProblem) -> TOMLNode.Value {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) && digits == text[...] {
      return try whole(digits.dropFirst(2), radix, isNegative: false)
    }
    guard digits.allSatisfy({ $0.isNumber || $0 == "_" }) else { return .other }
    // 007 is nothing in TOML.
    guard digits == "0" || !digits.hasPrefix("0") else { throw problem(.valueExpected) }
    return try whole(digits, 10, isNegative: text.hasPrefix("-"))
  }

  private func whole(_ digits: Substring, _ radix: Int, isNegative: Bool) throws(TOMLProblem) -> TOMLNode.Value {
    let parts = digits.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ part in !part.isEmpty && part.allSatisfy { $0.isHexDigit } }) else {
      throw problem(.valueExpected)
    }
    let plain = parts.joined()
    guard plain.allSatisfy({ ($0.hexDigitValue ?? radix) < radix }) else { throw problem(.valueExpected) }
    guard let number = Int((isNegative ? "-" : "") + plain, radix: radix) else { throw problem(.numberTooLarge) }
    return .number(number)
  }

  // MARK: Texts

  private mutating func text() throws(TOMLProblem) -> String {
    guard let quote = current else { throw problem(.valueExpected) }
    let closing = String(String.UnicodeScalarView(repeatElement(quote, count: 3)))
    let isLong = begins(closing)
    for _ in 0..<(isLong ? 3 : 1) { advance() }
    // The line end right behind the quotes is no part of the text.
    if isLong { _ = skipLineEnd() }
    var text = String.UnicodeScalarView()
    while let scalar = current {
      if isLong ? begins(closing) : scalar == quote { return end(text, quote, isLong) }
      if scalar == "\\" && quote == "\"" {
        try escape(into: &text, isLong)
      } else {
        let isLineEnd = isLong && (scalar == "\n" || begins("\r\n"))
        if !isLineEnd && scalar == "\n" { throw problem(.unfinishedText) }
        if !isLineEnd && TOMLReader.isControl(scalar) { throw problem(.controlCharacter) }
        text.append(scalar)
        advance()
      }
    }
    throw problem(.unfinishedText)
  }

  /// Up to two quotes may stand in front of the three that close a long text.
  private mutating func end(_ text: String.UnicodeScalarView, _ quote: Unicode.Scalar, _ isLong: Bool) -> String {
    var text = text
    for _ in 0..<(isLong ? 3 : 1) { advance() }
    if isLong {
      for _ in 0..<2 where current == quote {
        text.append(quote)
        advance()
      }
    }
    return String(text)
  }

  private mutating func escape(into text: inout String.UnicodeScalarView, _ isLong: Bool) throws(TOMLProblem) {
    advance()
    guard let scalar = current else { throw problem(.unfinishedText) }
    if let plain = TOMLReader.escapes[scalar] {
      text.append(plain)
      advance()
    } else if scalar == "u" || scalar == "U" {
      advance()
      text.append(try codePoint(digits: scalar == "u" ? 4 : 8))
    } else if isLong, [" ", "\t", "\n", "\r"].contains(scalar) {
      // A backslash at the end of a line takes the line end and the blanks behind it away.
      skipBlanks()
      guard skipLineEnd() else { throw problem(.badEscape) }
      repeat { skipBlanks() } while skipLineEnd()
    } else {
      throw problem(.badEscape)
    }
  }

  private mutating func codePoint(digits: Int) throws(TOMLProblem) -> Unicode.Scalar {
    var number: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = current.flatMap({ $0.isASCII ? Character($0).hexDigitValue : nil }) else {
        throw problem(.badEscape)
      }
      number = number << 4 | UInt32(digit)
      advance()
    }
    guard let scalar = Unicode.Scalar(number) else { throw problem(.badEscape) }
    return scalar
  }

  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
    "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{c}", "r": "\r", "\"": "\"", "\\": "\\",
  ]
}
