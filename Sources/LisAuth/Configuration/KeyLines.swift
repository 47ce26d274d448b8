/// The lines on which the keys of a TOML text stand, for messages: the parser tells them for errors of form only.
struct KeyLines {
  private var lines: [[String]: Int] = [:]

  init(_ text: String) {
    var section: [String] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.drop { $0 == " " || $0 == "\t" }
      if line.hasPrefix("[") {
        section = KeyLines.names(line.drop { $0 == "[" }.prefix { $0 != "]" })
        note(section, index + 1)
      } else if let end = line.firstIndex(of: "="), !line.hasPrefix("#") {
        note(section + KeyLines.names(line[..<end]), index + 1)
      }
    }
  }

  /// The line of a key, or of the section around it.
  subscript(place: [String]) -> Int? {
    var place = place
    while !place.isEmpty {
      if let line = lines[place] { return line }
      place.removeLast()
    }
    return nil
  }

  private mutating func note(_ place: [String], _ line: Int) { if lines[place] == nil { lines[place] = line } }

  /// `portals . "acme"` → portals, acme
  private static func names(_ text: Substring) -> [String] {
    text.split(separator: ".").map { part in
      String(part.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
    }
  }
}
