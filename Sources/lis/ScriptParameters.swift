import LisFormats
import LisSyntax

/// The `param` items of a script: what its flags are called, and what `--help` says of them.
struct ScriptParameters {
  struct Entry {
    var name: String
    var span: Span
    /// As declared; `value` where no type is.
    var type: String
    /// The default as it is written; nil for a parameter that must be given.
    var fallback: String?
    var documentation: String?

    /// `price_floor` is given as `--price-floor`.
    var flag: String { ScriptParameters.flag(name) }

    /// True or false, by its type or by its default: `--dry` alone means true, `--no-dry` false.
    var isSwitch: Bool { type == "bool" || type == "value" && (fallback == "true" || fallback == "false") }

    /// The flag with what follows it.
    var usage: String { isSwitch ? "\(flag) | --no-\(flag.dropFirst(2))" : "\(flag) <\(type)>" }
  }

  /// Names of the parameters that need no value.
  var switches: Set<String> { Set(entries.filter(\.isSwitch).map(\.name)) }

  let source: SourceText
  let entries: [Entry]
  /// Whether the script has syntax errors, so that the list may be incomplete.
  let isBroken: Bool

  init(_ source: SourceText) {
    self.source = source
    let result = parse(source)
    isBroken = result.hasErrors
    entries = result.program.items.compactMap { item in
      guard case .param(let parameter) = item.kind else { return nil }
      return Entry(
        name: parameter.name.text, span: parameter.name.span, type: parameter.type?.text ?? "value",
        fallback: parameter.fallback.map { source.text($0.span) }, documentation: item.documentation)
    }
  }

  static func flag(_ name: String) -> String { "--" + name.map { $0 == "_" ? "-" : String($0) }.joined() }

  /// A parameter that could never be given, because lis takes its flag for itself.
  var clashes: [Diagnostic] {
    entries.filter { ReservedFlag.all.contains($0.flag) }.map { entry in
      Diagnostic(
        severity: .error, code: "LIS0210",
        message: "the parameter `\(entry.name)` is named like the flag \(entry.flag) of lis",
        labels: [.init(span: entry.span, text: "never reached by \(entry.flag)", isPrimary: true, source: source)],
        hints: ["give it another name"])
    }
  }

  /// Complains of values for parameters that there are none of, and of parameters that must be given and are not.
  /// Nothing is said of a script with syntax errors, which come first.
  func check(_ given: [String: String], script: String) throws(CommandProblem) {
    if isBroken { return }
    for name in given.keys.sorted() where !entries.contains(where: { $0.name == name }) {
      throw .unknownParameter(flag: ScriptParameters.flag(name), known: entries.map(\.flag))
    }
    let missing = entries.filter { $0.fallback == nil && given[$0.name] == nil }
    if !missing.isEmpty {
      throw .missingParameters(script: script, flags: missing.map(\.usage))
    }
  }

  /// What `lis FILE --help` prints.
  func help(script: String) -> String {
    let name = script.escapedForDisplay
    var lines = overview.isEmpty ? [] : overview + [""]
    let words = entries.map { entry in
      entry.fallback != nil ? "[\(entry.usage)]" : entry.isSwitch ? "(\(entry.usage))" : entry.usage
    }
    lines.append("USAGE: " + (["lis run \(name)"] + words).joined(separator: " ") + " [<flags of lis>]")
    if !entries.isEmpty {
      lines += ["", "PARAMETERS:"]
      let column = (entries.map(\.usage.displayWidth).max() ?? 0) + 4
      for entry in entries { lines += parameterLines(entry, column: column) }
    }
    return (lines + ["", "`lis run --help` shows the flags of lis."]).joined(separator: "\n") + "\n"
  }

  private func parameterLines(_ entry: Entry, column: Int) -> [String] {
    let head = "  \(entry.usage)"
    let fallback = entry.fallback.map { "(default: \($0.escapedForDisplay))" } ?? "(required)"
    let about = (entry.documentation?.split(separator: "\n").map { String($0).escapedForDisplay } ?? []) + [fallback]
    return about.enumerated().map { index, text in
      let start = index == 0 ? head : ""
      return start + String(repeating: " ", count: max(2, column - start.displayWidth)) + text
    }
  }

  /// The comment that the script begins with, without its marks and the line that makes it a program.
  private var overview: [String] {
    var lines: [String] = []
    for number in 1...max(1, source.lineStarts.count) {
      let line = source.line(number)
      if number == 1 && line.hasPrefix("#!") { continue }
      guard line.hasPrefix("#"), !line.hasPrefix("##") else { break }
      let text = line.dropFirst()
      lines.append(String(text.hasPrefix(" ") ? text.dropFirst() : text).escapedForDisplay)
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }
}
