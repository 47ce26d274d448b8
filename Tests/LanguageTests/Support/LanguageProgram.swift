import FoundationEssentials
import Testing

/// A program of the corpus with what it says about itself in comments:
///
/// ```
/// print(1 + 1)            # expect: 2
/// let x = y               # expect error: LIS0101 at 9
/// let z = 1 / 0           # expect fault: LIS0402 at 9
/// ```
///
/// Expectations stand in the order of the lines that are printed; an error or fault is expected on the comment's line.
/// `## error: LIS0172@3:1` expects an error or fault in another file, in front of those of the program itself.
/// `## zone: Europe/Berlin` and `## argument: pct=7` set up the run.
struct LanguageProgram: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var lines: [String] = []
  /// `LIS0101@3:9`
  var complaints: [String] = []
  /// What has to be among the notes: `## note: plan  update 3 line_items`
  var notes: [String] = []
  var options = TrialOptions()

  /// Test output names a program and does not print its text.
  var testDescription: String { name }

  init(name: String, text: String) {
    self.name = name
    self.text = text
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      read(String(line), index + 1)
    }
  }

  private mutating func read(_ line: String, _ number: Int) {
    if let text = line.after("# expect: ") ?? (line.hasSuffix("# expect:") ? "" : nil) {
      lines.append(text)
    } else if let text = line.after("# expect error: ") ?? line.after("# expect fault: ") {
      let words = text.split(separator: " ")
      if words.count == 3, words[1] == "at" { complaints.append("\(words[0])@\(number):\(words[2])") }
      if words.count == 1 { complaints.append(String(words[0])) }
    } else if let note = line.after("## note: ") {
      notes.append(note)
    } else if let place = line.after("## error: ") {
      complaints.append(place)
    } else if let zone = line.after("## zone: ") {
      options.zone = zone
    } else if let pair = line.after("## argument: "), let equals = pair.firstIndex(of: "=") {
      options.arguments[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
    }
  }

  /// All programs below a folder of `Programs`, by name; folders called `parts` hold what they use.
  static func all(_ folder: String = "") -> [LanguageProgram] {
    let root = languageTests + "/Programs"
    let names = (FileManager.default.enumerator(atPath: root)?.allObjects ?? []).compactMap { $0 as? String }
    return names.filter { $0.hasSuffix(".lis") && $0.hasPrefix(folder) && !$0.contains("/parts/") }.sorted().map {
      name in
      LanguageProgram(name: name, text: (try? readText(root + "/" + name)) ?? "")
    }
  }
}

extension String {
  /// What follows a mark, if the mark is there.
  func after(_ mark: String) -> String? {
    guard let found = range(of: mark) else { return nil }
    return String(self[found.upperBound...])
  }
}
