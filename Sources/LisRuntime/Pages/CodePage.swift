import LisFormats

/// What `lis help LIS0140` prints: one page for every code that a diagnostic can have. The pages are data beside the
/// sources; the tests run every example and look through the sources for codes without a page.
public struct CodePage: Sendable {
  public var code: String
  public var title: String
  /// What it means.
  public var meaning: String
  /// Why the language is so.
  public var reason: String
  /// A program that causes it; nil where no program alone can.
  public var wrong: String?
  /// How to write it instead, or what to do.
  public var right: String
  public var stage: Stage

  /// When it is found, and so what it takes to see it.
  public enum Stage: Sendable, Hashable {
    /// Before the program runs.
    case check
    /// While it runs, with any portal or none.
    case run
    /// While it runs, against a portal with line items.
    case portal
    /// By circumstances that no program makes alone. `right` is advice and no code.
    case outside
  }

  init(
    _ code: String, _ title: String, _ meaning: String, why reason: String, wrong: String? = nil, right: String,
    _ stage: Stage = .check
  ) {
    self.code = code
    self.title = title
    self.meaning = meaning
    self.reason = reason
    self.wrong = wrong
    self.right = right
    self.stage = stage
  }

  public static let all =
    (syntax + names + types + modules + notices + plans + sessions + portal + reading + faults)
    .sorted { $0.code < $1.code }

  /// As it is printed, lines of at most 80 cells.
  public var text: String {
    var parts = ["\(code)  \(title)", CodePage.wrapped(meaning), CodePage.wrapped(reason)]
    if let wrong { parts.append("\(stage == .check ? "Causes it" : "Can cause it"):\n\n\(CodePage.indented(wrong))") }
    parts.append(stage == .outside ? CodePage.wrapped(right) : "Write instead:\n\n\(CodePage.indented(right))")
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func indented(_ code: String) -> String {
    code.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }
      .joined(separator: "\n")
  }

  private static func wrapped(_ text: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if line.displayWidth + 1 + word.count <= 80 {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
