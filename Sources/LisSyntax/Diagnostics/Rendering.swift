/// The diagnostic as people read it: headline, excerpts with carets under the labelled places, hints.
///
/// - Parameter color: Whether to set colours with ANSI escape sequences.
/// - Returns: Several lines, the last without a line end.
public func render(_ diagnostic: Diagnostic, color: Bool = false) -> String {
  Rendering(diagnostic, Palette(isOn: color)).lines.joined(separator: "\n")
}

/// Several diagnostics with a blank line between.
public func render(_ diagnostics: [Diagnostic], color: Bool = false) -> String {
  diagnostics.map { render($0, color: color) }.joined(separator: "\n\n")
}

struct Palette {
  let isOn: Bool

  func paint(_ text: String, _ codes: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(codes)m\(text)\u{1B}[0m" : text
  }
  func gutter(_ text: String) -> String { paint(text, "1;34") }
  func bold(_ text: String) -> String { paint(text, "1") }
  func secondary(_ text: String) -> String { paint(text, "1;34") }
  func severity(_ severity: Diagnostic.Severity, _ text: String) -> String {
    switch severity {
    case .error: return paint(text, "1;31")
    case .warning: return paint(text, "1;33")
    case .note: return paint(text, "1;36")
    }
  }
}

private struct Rendering {
  private(set) var lines: [String] = []
  private let diagnostic: Diagnostic
  private let palette: Palette
  private let gutterWidth: Int

  init(_ diagnostic: Diagnostic, _ palette: Palette) {
    self.diagnostic = diagnostic
    self.palette = palette
    let highest = diagnostic.labels.map { $0.source.lineNumber(of: $0.span.lower) }.max() ?? 1
    gutterWidth = String(highest).count
    let head = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
    lines.append(palette.severity(diagnostic.severity, head) + palette.bold(": " + bounded(diagnostic.message)))
    addExcerpts()
    for hint in diagnostic.hints { addHint(hint) }
  }

  private mutating func addHint(_ hint: String) {
    let parts = hint.split(separator: "\n", omittingEmptySubsequences: false)
    for (count, part) in parts.enumerated() {
      let mark = count == 0 ? "= " + palette.bold("hint") + ": " : "        "
      lines.append(blank + " " + mark + part)
    }
  }

  private var blank: String { String(repeating: " ", count: gutterWidth) }

  /// The source of the primary label comes first, then the others in the order of their labels.
  private mutating func addExcerpts() {
    guard let primary = diagnostic.primaryLabel else { return }
    var sources = [primary.source]
    for label in diagnostic.labels where !sources.contains(where: { $0 === label.source }) {
      sources.append(label.source)
    }
    for source in sources {
      let labels = diagnostic.labels.filter { $0.source === source }
      let anchor = source === primary.source ? primary : labels[0]
      let position = source.position(of: anchor.span.lower)
      let arrow = source === primary.source ? "--> " : "::: "
      lines.append(blank + palette.gutter(arrow) + "\(source.visibleName):\(position.line):\(position.column)")
      lines.append(blank + palette.gutter(" |"))
      addLines(of: labels, in: source)
    }
  }

  private mutating func addLines(of labels: [Diagnostic.Label], in source: SourceText) {
    let byLine = Dictionary(grouping: labels) { source.lineNumber(of: $0.span.lower) }
    var previous: Int?
    for line in byLine.keys.sorted() {
      if let previous, line > previous + 1 {
        if line == previous + 2 {
          addSource(Excerpt(source, line: line - 1, focus: source.lineBytes(line - 1).start), line - 1)
        } else {
          lines.append(palette.gutter("..."))
        }
      }
      addLine(line, byLine[line] ?? [], in: source)
      previous = line
    }
  }

  private mutating func addSource(_ excerpt: Excerpt, _ line: Int) {
    let number = String(line)
    let padding = String(repeating: " ", count: gutterWidth - number.count)
    let gutter = palette.gutter(padding + number + " |")
    lines.append(excerpt.text.isEmpty ? gutter : gutter + " " + excerpt.text)
  }

  /// Labels that do not fit into the window of a long line get an excerpt of their own.
  private mutating func addLine(_ line: Int, _ labels: [Diagnostic.Label], in source: SourceText) {
    var waiting = labels.sorted { ($0.isPrimary ? 0 : 1, $0.span.lower) < ($1.isPrimary ? 0 : 1, $1.span.lower) }
    while !waiting.isEmpty {
      let excerpt = Excerpt(source, line: line, focus: waiting[0].span)
      addSource(excerpt, line)
      let shown = waiting.filter { excerpt.shows($0.span.lower) }
      waiting.removeAll { excerpt.shows($0.span.lower) }
      if shown.isEmpty { return }
      addMarks(shown, excerpt, lineEnd: source.lineBytes(line).upper)
    }
  }

  private struct Mark {
    var lower: Int
    var upper: Int
    var label: Diagnostic.Label
  }

  private mutating func addMarks(_ labels: [Diagnostic.Label], _ excerpt: Excerpt, lineEnd: Int) {
    var marks = labels.map { label in
      let lower = excerpt.cell(of: label.span.lower)
      let upper = excerpt.cell(of: min(label.span.upper, max(lineEnd, label.span.lower)))
      return Mark(lower: lower, upper: max(upper, lower + 1), label: label)
    }
    marks.sort { ($0.lower, $0.label.isPrimary ? 0 : 1) < ($1.lower, $1.label.isPrimary ? 0 : 1) }
    let overlap = zip(marks, marks.dropFirst()).contains { $0.upper > $1.lower }
    if overlap {
      // One under the other, the primary label nearest to the text.
      for mark in marks.sorted(by: { ($0.label.isPrimary ? 0 : 1) < ($1.label.isPrimary ? 0 : 1) }) { addRow([mark]) }
    } else {
      addRow(marks)
    }
  }

  /// The carets, the remark of the rightmost behind them, and those of the others below, hung on bars.
  private mutating func addRow(_ marks: [Mark]) {
    var row = ""
    var cell = 0
    for mark in marks {
      row += String(repeating: " ", count: mark.lower - cell)
      row += paint(String(repeating: mark.label.isPrimary ? "^" : "-", count: mark.upper - mark.lower), mark)
      cell = mark.upper
    }
    if let last = marks.last, !last.label.text.isEmpty { row += " " + paint(last.label.text, last) }
    addGutter(row)
    var hanging = Array(marks.dropLast().filter { !$0.label.text.isEmpty })
    if !hanging.isEmpty { addGutter(bars(hanging)) }
    while let mark = hanging.popLast() {
      let before = bars(hanging)
      let used = hanging.last.map { $0.lower + 1 } ?? 0
      addGutter(before + String(repeating: " ", count: mark.lower - used) + paint(mark.label.text, mark))
    }
  }

  private func bars(_ marks: [Mark]) -> String {
    var row = ""
    var cell = 0
    for mark in marks {
      row += String(repeating: " ", count: mark.lower - cell) + paint("|", mark)
      cell = mark.lower + 1
    }
    return row
  }

  private func paint(_ text: String, _ mark: Mark) -> String {
    mark.label.isPrimary ? palette.severity(diagnostic.severity, text) : palette.secondary(text)
  }

  private mutating func addGutter(_ row: String) {
    lines.append(blank + palette.gutter(" |") + " " + row)
  }
}

extension Span {
  /// The place at its beginning.
  fileprivate var start: Span { Span(lower, lower) }
}

extension SourceText {
  /// A file name may hold anything; what it holds must not reach the terminal raw.
  var visibleName: String { name.unicodeScalars.map(CellText.visible).joined() }
}

/// A message as long as people read. It may quote a name or a text of any size.
private func bounded(_ message: String) -> String {
  let limit = 4000
  return message.utf8.count <= limit ? message : String(message.prefix(limit / 2)) + "… (shortened)"
}
