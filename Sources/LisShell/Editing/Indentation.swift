/// How far the next line of an unfinished entry is indented.
enum Indentation {
  /// Two spaces for each bracket that the text leaves open, brackets in texts and comments aside.
  static func after(_ text: some StringProtocol) -> String {
    String(repeating: "  ", count: openBrackets(in: text))
  }

  private static func openBrackets(in text: some StringProtocol) -> Int {
    var open = 0
    var scalars = text.unicodeScalars.makeIterator()
    var quoted = false
    while let scalar = scalars.next() {
      switch scalar {
      case "\\" where quoted: _ = scalars.next()
      case "\"": quoted.toggle()
      // A text ends with its line; so does what a stray quotation mark would hide.
      case "\n": quoted = false
      case "#" where !quoted: while let skipped = scalars.next(), skipped != "\n" {}
      case "{" where !quoted, "(" where !quoted, "[" where !quoted: open += 1
      case "}" where !quoted, ")" where !quoted, "]" where !quoted: open = max(0, open - 1)
      default: break
      }
    }
    return open
  }
}
