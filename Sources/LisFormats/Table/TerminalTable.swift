// The room of tables: columns and rows of strings enter, text for a terminal, a Markdown page or a TSV file leaves.

/// A table with aligned columns for a terminal.
public struct TerminalTable: Sendable {
  /// The widest that a column may be where a table is wider than the terminal.
  static let widestColumn = 40
  /// The narrowest in which a cut column still says something.
  static let narrowestCut = 6
  static let gap = "  "

  private let columns: [TableColumn]
  private let rows: [[String]]
  /// The cells' widths, each column's largest.
  private let widths: [Int]

  /// Cells are made harmless for a terminal; rows may be shorter than the header.
  public init(columns: [TableColumn], rows: [[String]]) {
    self.columns = columns.map { TableColumn($0.title.escapedForDisplay, alignsRight: $0.alignsRight) }
    self.rows = rows.map { $0.map(\.escapedForDisplay) }
    var widths = self.columns.map { $0.title.displayWidth }
    for row in self.rows {
      for (index, cell) in row.prefix(widths.count).enumerated() {
        widths[index] = max(widths[index], cell.displayWidth)
      }
    }
    self.widths = widths
  }

  /// The lines of the table: titles, a rule, the rows, and a last line that counts rows and hidden columns.
  /// - Parameters:
  ///   - maximumWidth: the terminal's width in cells; nil for no limit. Columns are cut to it, and the last are left out.
  ///   - totalRows: how many rows there are, where the table shows only the first of them.
  public func lines(maximumWidth: Int? = nil, totalRows: Int? = nil) -> [String] {
    let shown = maximumWidth.map { fitted(to: $0) } ?? widths
    var lines = [line(columns.map(\.title), shown)]
    lines.append(shown.map { String(repeating: "─", count: $0) }.joined(separator: TerminalTable.gap))
    lines += rows.map { line($0, shown) }
    lines.append(summary(hiddenColumns: columns.count - shown.count, totalRows: max(totalRows ?? 0, rows.count)))
    return lines
  }

  /// The widths of the columns that fit, from the first on; the last of them may be cut.
  private func fitted(to maximum: Int) -> [Int] {
    let gap = TerminalTable.gap.utf8.count
    if widths.reduce(0, +) + gap * max(0, widths.count - 1) <= maximum { return widths }
    var shown: [Int] = []
    var used = 0
    for width in widths.map({ min($0, TerminalTable.widestColumn) }) {
      let room = maximum - used - (shown.isEmpty ? 0 : gap)
      if width > room {
        if room >= TerminalTable.narrowestCut || shown.isEmpty { shown.append(max(1, min(width, room))) }
        break
      }
      shown.append(width)
      used += width + (shown.count == 1 ? 0 : gap)
    }
    return shown
  }

  private func line(_ cells: [String], _ shown: [Int]) -> String {
    let padded = shown.enumerated().map { index, width in
      cells.cell(index).truncated(toWidth: width).padded(toWidth: width, alignsRight: columns[index].alignsRight)
    }
    var line = padded.joined(separator: TerminalTable.gap)
    while line.last == " " { line.removeLast() }
    return line
  }

  private func summary(hiddenColumns: Int, totalRows: Int) -> String {
    var parts = ["\(totalRows) \(totalRows == 1 ? "row" : "rows")"]
    if totalRows > rows.count { parts.append("… \(totalRows - rows.count) more") }
    if hiddenColumns > 0 { parts.append("… \(hiddenColumns) more \(hiddenColumns == 1 ? "column" : "columns")") }
    return parts.joined(separator: " · ")
  }
}
