/// One page of the reference, in Markdown. Blocks marked `lis` are programs that the tests run, one after the other on
/// one portal; a block marked `text` behind one is what it prints. Blocks marked `test` hold tests, which pass.
public struct ReferencePage: Sendable {
  public var name: String
  public var summary: String
  /// Everything below the title.
  public var text: String

  init(_ name: String, _ summary: String, _ text: String) {
    self.name = name
    self.summary = summary
    self.text = text
  }

  /// In the order of a first reading.
  public static let all: [ReferencePage] = [
    language, types, operators, null, statements, find, stages, writes, files, modules, testing, runs, limits,
  ]

  /// The page as a file beside the sources.
  public var markdown: String { "# \(name): \(summary)\n\n\(text)\n" }

  /// The page as a terminal shows it.
  public var plain: String { "\(name): \(summary)\n\n" + ReferencePage.plain(text) + "\n" }

  /// The part below a heading that names a word: `## take, skip` belongs to both.
  func section(_ word: String) -> String? {
    for section in sections where section.words.contains(word) {
      return "\(section.words.joined(separator: ", ")) (from `lis help \(name)`)\n\n"
        + ReferencePage.plain(section.text) + "\n"
    }
    return nil
  }

  /// The words that have a heading of their own.
  var words: [String] { sections.flatMap(\.words) }

  private var sections: [(words: [String], text: String)] {
    var found: [(words: [String], text: String)] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") {
        let words = line.dropFirst(3).split(separator: ",").map { word in String(word.drop { $0 == " " }) }
        found.append((words, ""))
      } else if !found.isEmpty {
        found[found.count - 1].text += line + "\n"
      }
    }
    return found.map { ($0.words, ReferencePage.trimmed($0.text)) }
  }

  /// Without the marks of Markdown: code is indented, and what it prints has an arrow in front.
  static func plain(_ markdown: String) -> String {
    var lines: [String] = []
    var margin: String?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        margin = margin == nil ? (line == "```text" ? "    → " : "    ") : nil
        // Output follows its program without a line between.
        if line == "```text", lines.last == "" { lines.removeLast() }
      } else if let margin {
        lines.append(line.isEmpty ? "" : margin + line)
      } else {
        lines.append(line.hasPrefix("## ") ? String(line.dropFirst(3)) : String(line))
      }
    }
    return trimmed(lines.joined(separator: "\n"))
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first == "\n" { text.removeFirst() }
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}
