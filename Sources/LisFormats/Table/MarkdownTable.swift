/// A table of GitHub Flavored Markdown, whose source is aligned too.
public struct MarkdownTable: Sendable {
  private let columns: [TableColumn]
  private let rows: [[String]]

  public init(columns: [TableColumn], rows: [[String]]) {
    self.columns = columns.map { TableColumn(MarkdownTable.escaped($0.title), alignsRight: $0.alignsRight) }
    self.rows = rows.map { $0.map(MarkdownTable.escaped) }
  }

  public var lines: [String] {
    let widths = columns.indices.map { index in
      rows.reduce(max(3, columns[index].title.displayWidth)) { max($0, $1.cell(index).displayWidth) }
    }
    let rule = columns.indices.map { index in
      String(repeating: "-", count: widths[index] - (columns[index].alignsRight ? 1 : 0))
        + (columns[index].alignsRight ? ":" : "")
    }
    return [line(columns.map(\.title), widths), line(rule, widths)] + rows.map { line($0, widths) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = widths.enumerated().map { index, width in
      cells.cell(index).padded(toWidth: width, alignsRight: columns[index].alignsRight)
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }

  /// A cell that shows its text and nothing else: no markup, no HTML, no second column.
  static func escaped(_ text: String) -> String {
    var result = ""
    var afterReturn = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "|", "`", "*", "[", "]", "~": result += "\\" + String(scalar)
      case "<": result += "&lt;"
      case "&": result += "&amp;"
      case "\n" where afterReturn: break
      case "\n", "\r": result += "\n"
      default: result.unicodeScalars.append(scalar)
      }
      afterReturn = scalar == "\r"
    }
    let lines = result.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map(\.escapedForDisplay).joined(separator: "<br>")
  }
}
