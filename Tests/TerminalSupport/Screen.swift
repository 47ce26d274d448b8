/// What a person sees: as much of a terminal as libedit uses when it takes it for an xterm.
package struct Screen {
  package private(set) var columns: Int
  package private(set) var rows: Int
  package private(set) var cursor = (row: 0, column: 0)
  /// Modes that programs switch with `ESC [ ? n h` and that are on.
  package private(set) var privateModes: Set<Int> = []
  /// Whether anything was drawn in a colour or another rendition.
  package private(set) var hasColour = false
  private var cells: [[Cell]]
  private var insertMode = false
  /// The last column was written: the next character goes to the next row.
  private var isWrapPending = false
  private var state = State.text

  /// An empty text is the second half of a wide character.
  private typealias Cell = String

  private enum State {
    case text, escape, charset
    case control(String)
  }

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// All rows, without the spaces at their ends, down to the last that is not empty.
  package var text: String {
    var lines = (0..<rows).map(line)
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  package func line(_ row: Int) -> String {
    var line = cells[row].joined()
    while line.last == " " { line.removeLast() }
    return line
  }

  package var cursorLine: String { line(cursor.row) }

  package mutating func feed(_ text: some StringProtocol) { for scalar in text.unicodeScalars { feed(scalar) } }

  /// Changes the width as a terminal does that folds nothing anew; enough for entries of one row.
  package mutating func resize(columns: Int, rows: Int) {
    let kept = cells.suffix(max(rows, cursor.row + 1)).prefix(rows)
    cells = kept.map { Array($0.prefix(columns)) + Array(repeating: " ", count: max(0, columns - $0.count)) }
    cells += Array(repeating: Array(repeating: " ", count: columns), count: max(0, rows - cells.count))
    (self.columns, self.rows) = (columns, rows)
    cursor = (min(cursor.row, rows - 1), min(cursor.column, columns - 1))
  }

  private mutating func feed(_ scalar: Unicode.Scalar) {
    switch state {
    case .text: plain(scalar)
    case .escape: state = scalar == "[" ? .control("") : scalar == "(" ? .charset : .text
    case .charset: state = .text
    case .control(let parameters):
      if (0x40...0x7e).contains(scalar.value) {
        state = .text
        control(scalar, parameters)
      } else {
        state = .control(parameters + String(scalar))
      }
    }
  }

  private mutating func plain(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\u{1b}": state = .escape
    case "\r": move(to: 0)
    case "\n": lineFeed()
    case "\u{8}": move(to: max(0, cursor.column - 1))
    case "\t": move(to: min(columns - 1, cursor.column / 8 * 8 + 8))
    case "\u{7}", "\0": break
    default: put(scalar)
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Self.width(of: scalar)
    if width == 0 {
      cells[cursor.row][max(0, isWrapPending ? cursor.column : cursor.column - 1)].unicodeScalars.append(scalar)
      return
    }
    if isWrapPending || cursor.column + width > columns {
      lineFeed()
      move(to: 0)
    }
    let new = [String(scalar)] + Array(repeating: "", count: width - 1)
    if insertMode {
      cells[cursor.row].insert(contentsOf: new, at: cursor.column)
      cells[cursor.row].removeLast(width)
    } else {
      cells[cursor.row].replaceSubrange(cursor.column..<(cursor.column + width), with: new)
    }
    isWrapPending = cursor.column + width >= columns
    cursor.column = min(columns - 1, cursor.column + width)
  }

  private mutating func move(to column: Int) {
    cursor.column = column
    isWrapPending = false
  }

  private mutating func lineFeed() {
    isWrapPending = false
    if cursor.row + 1 < rows {
      cursor.row += 1
    } else {
      cells.removeFirst()
      cells.append(Array(repeating: " ", count: columns))
    }
  }

  private mutating func control(_ final: Unicode.Scalar, _ parameters: String) {
    if parameters.first == "?" {
      let mode = Int(parameters.dropFirst()) ?? 0
      if final == "h" { privateModes.insert(mode) } else if final == "l" { privateModes.remove(mode) }
      return
    }
    let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
    let count = max(1, numbers.first ?? 1)
    isWrapPending = false
    switch final {
    case "A": cursor.row = max(0, cursor.row - count)
    case "B": cursor.row = min(rows - 1, cursor.row + count)
    case "C": cursor.column = min(columns - 1, cursor.column + count)
    case "D": cursor.column = max(0, cursor.column - count)
    case "G": cursor.column = min(columns - 1, count - 1)
    case "H": cursor = (min(rows, count) - 1, min(columns, numbers.count > 1 ? max(1, numbers[1]) : 1) - 1)
    case "J": clearBelow(all: numbers.first == 2)
    case "K": clear(cursor.row, from: cursor.column)
    case "P": delete(count)
    case "@": cells[cursor.row].insert(contentsOf: Array(repeating: " ", count: count), at: cursor.column); trim()
    case "m": hasColour = hasColour || numbers.contains { $0 > 0 }
    case "h": if numbers.first == 4 { insertMode = true }
    case "l": if numbers.first == 4 { insertMode = false }
    default: break
    }
  }

  private mutating func trim() { cells[cursor.row].removeLast(cells[cursor.row].count - columns) }

  private mutating func delete(_ count: Int) {
    cells[cursor.row].removeSubrange(cursor.column..<min(columns, cursor.column + count))
    cells[cursor.row] += Array(repeating: " ", count: columns - cells[cursor.row].count)
  }

  private mutating func clear(_ row: Int, from column: Int) {
    for index in column..<columns { cells[row][index] = " " }
  }

  private mutating func clearBelow(all: Bool) {
    clear(cursor.row, from: all ? 0 : cursor.column)
    for row in 0..<rows where row > cursor.row || (all && row < cursor.row) { clear(row, from: 0) }
  }

  package static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36f: 0
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xff00...0xff60, 0x1f300...0x1faff: 2
    default: 1
    }
  }
}
