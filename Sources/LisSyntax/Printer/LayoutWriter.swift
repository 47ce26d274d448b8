/// Turns a layout into lines.
struct LayoutWriter {
  static let width = 100

  private struct Piece {
    var indent: Int
    var isFlat: Bool
    var layout: Layout
  }

  private var pieces: [Piece] = []
  private var lines: [String] = []
  private var line = ""
  private var column = 0
  /// Trailing comments by the number of their line.
  private var trailing: [Int: String] = [:]

  static func write(_ layout: Layout) -> String {
    var writer = LayoutWriter()
    writer.pieces = [Piece(indent: 0, isFlat: false, layout: layout)]
    while let piece = writer.pieces.popLast() { writer.write(piece) }
    writer.endLine(blank: false)
    return writer.joined()
  }

  private mutating func push(_ layout: Layout, like piece: Piece, isFlat: Bool? = nil, deeper: Int = 0) {
    pieces.append(Piece(indent: piece.indent + deeper, isFlat: isFlat ?? piece.isFlat, layout: layout))
  }

  private mutating func write(_ piece: Piece) {
    switch piece.layout.node {
    case .text(let text): write(text, piece.indent)
    case .line(let flat, let blank):
      if piece.isFlat { write(flat, piece.indent) } else { endLine(blank: blank) }
    case .hardLine(let blank): endLine(blank: blank)
    case .comment(let text, let isTrailing, let blank):
      if isTrailing, !line.isEmpty {
        trailing[lines.count] = text
      } else {
        endLine(blank: blank)
        write(text, piece.indent)
      }
      endLine(blank: false)
    case .sequence(let parts): for part in parts.reversed() { push(part, like: piece) }
    case .nest(let columns, let inner): push(inner, like: piece, deeper: columns)
    case .align(let inner): push(inner, like: piece, deeper: (line.isEmpty ? piece.indent : column) - piece.indent)
    case .group(let inner):
      let isFlat = !piece.layout.mustBreak && (piece.isFlat || fits([inner], piece.indent))
      push(inner, like: piece, isFlat: isFlat)
    case .separator(let separator, let next):
      // The piece on top is `next` itself.
      let isFlat = piece.isFlat || fits([separator, next], piece.indent, rest: pieces.count - 1)
      push(separator, like: piece, isFlat: isFlat && !separator.mustBreak)
    case .choice(let variants):
      let chosen = piece.isFlat ? variants.first : variants.dropLast().first { fits([$0], piece.indent) }
      if let chosen = chosen ?? variants.last { push(chosen, like: piece) }
    }
  }

  private mutating func write(_ text: String, _ indent: Int) {
    guard !text.isEmpty else { return }
    if line.isEmpty {
      if text == " " { return }
      line = String(repeating: " ", count: indent)
      column = indent
    }
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard parts.count > 1, let last = parts.last else {
      line += text
      column += text.count
      return
    }
    // A text of the program that goes over several lines is kept as it is, spaces at line ends included.
    lines.append(line + parts[0])
    lines += parts.dropFirst().dropLast().map(String.init)
    line = String(last)
    column = line.count
  }

  /// Nothing happens at the beginning of a line, but for the blank line asked for.
  private mutating func endLine(blank: Bool) {
    if !line.isEmpty {
      while line.last == " " { line.removeLast() }
      lines.append(line)
      line = ""
    }
    column = 0
    if blank, let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// Whether layouts, written flat, and what follows them up to the next place a line may end stay within the width.
  private func fits(_ layouts: [Layout], _ indent: Int, rest: Int? = nil) -> Bool {
    var room = LayoutWriter.width - (line.isEmpty ? indent : column)
    var stack = layouts.reversed().map { (isFlat: true, layout: $0) }
    var following = rest ?? pieces.count
    while room >= 0 {
      guard let (isFlat, layout) = stack.popLast() else {
        guard following > 0 else { return true }
        following -= 1
        stack.append((pieces[following].isFlat, pieces[following].layout))
        continue
      }
      switch layout.node {
      case .text(let text):
        if let lineEnd = text.firstIndex(of: "\n") { return text[..<lineEnd].count <= room }
        room -= text.count
      case .line(let flat, _):
        if !isFlat { return true }
        room -= flat.count
      case .hardLine, .comment: return true
      case .sequence(let parts): for part in parts.reversed() { stack.append((isFlat, part)) }
      case .nest(_, let inner), .align(let inner): stack.append((isFlat, inner))
      case .group(let inner): stack.append((isFlat && !layout.mustBreak, inner))
      case .separator(let separator, _): stack.append((isFlat && !separator.mustBreak, separator))
      case .choice(let variants):
        if let variant = isFlat ? variants.first : variants.last { stack.append((isFlat, variant)) }
      }
    }
    return false
  }

  /// The lines with their trailing comments, which stand in one column where lines follow each other.
  private func joined() -> String {
    var output = ""
    var wanted = 0
    for (number, line) in lines.enumerated() {
      output += line
      if let comment = trailing[number] {
        if trailing[number - 1] == nil {
          var last = number
          while trailing[last + 1] != nil { last += 1 }
          wanted = lines[number...last].map(\.count).max() ?? 0
        }
        output += String(repeating: " ", count: wanted - line.count + 2) + comment
      }
      output += "\n"
    }
    return output
  }
}
