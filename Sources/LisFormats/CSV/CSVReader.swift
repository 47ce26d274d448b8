// The room of CSV: chunks of bytes enter, rows leave, and the other way round. Files are opened elsewhere.

/// How much a reader takes before it suspects that a file is not what it seems.
public struct CSVLimits: Sendable {
  /// Bytes in one cell.
  public var cellBytes: Int
  /// Cells in one row.
  public var columns: Int

  public init(cellBytes: Int = 1 << 20, columns: Int = 10_000) {
    self.cellBytes = cellBytes
    self.columns = columns
  }
}

/// Reads the rows of a CSV file (RFC 4180) as its bytes arrive. Line ends may be CRLF, LF or CR; a byte order mark is
/// skipped. The first row is a row like any other: `CSVRecords` is what knows of headers.
public struct CSVReader {
  private let scanner: ByteScanner
  private let quotedScanner = ByteScanner()
  private let limits: CSVLimits
  private var window: ByteWindow

  /// - Parameter nextChunk: gives the next bytes of the file in pieces of any size, nil at its end.
  public init(
    separator: CSVSeparator = .comma, limits: CSVLimits = CSVLimits(), nextChunk: @escaping () throws -> [UInt8]?
  ) {
    scanner = ByteScanner(separator: separator.rawValue)
    self.limits = limits
    window = ByteWindow(nextChunk: nextChunk)
  }

  /// Reads the next row into `row`, or returns false at the end of the file. After a fault there is no next row.
  /// - Throws: `CSVFault`, or what the source of the chunks throws.
  public mutating func next(into row: inout CSVRow) throws -> Bool {
    row.removeAll(line: window.line)
    guard try window.fill() else { return false }
    while true {
      takeCells(into: &row)
      guard try fillWithinRow(row) else { break }
      switch scanner.kind(of: window.byte) {
      case .lineEnd:
        row.endCell()
        try skipLineEnd()
        try check(row)
        return true
      case .quote: try takeQuotedCell(into: &row)
      case .nul: throw CSVFault.nulByte(place(row))
      case .multibyte: try takeCharacter(into: &row)
      // A chunk begins with it, or the row has as many cells as places for them.
      case .separator: row.makeRoom()
      case .plain: continue
      }
    }
    row.endCell()
    try check(row)
    return true
  }
}

extension CSVReader {
  /// How far a piece of the chunk goes, and how many of its bytes are not the first of their character.
  private struct Piece {
    var end: Int
    var continuations = 0
  }

  /// Takes what needs no care up to the end of the chunk, in one copy: plain cells with their separators, and quoted
  /// cells that hold neither a quote nor a line end. This is where nearly all of the time goes.
  private mutating func takeCells(into row: inout CSVRow) {
    let piece = cells(into: &row)
    if piece.end > window.position { row.bytes.append(contentsOf: window.chunk[window.position..<piece.end]) }
    window.move(to: piece.end, continued: piece.continuations)
  }

  /// Finds the ends of such cells, as long as the row has places for them.
  private func cells(into row: inout CSVRow) -> Piece {
    let bytes = window.chunk.span
    let shift = row.bytes.count - window.position
    var cellStart = row.openCellStart - shift
    var piece = Piece(end: window.position)
    var specials = SpecialBytes(from: piece.end)
    var count = row.count
    var ends = row.ends.mutableSpan
    while true {
      piece.end = specials.next(in: bytes, of: scanner)
      guard piece.end < bytes.count else { break }
      switch scanner.kind(of: bytes[piece.end]) {
      case .separator:
        guard count < ends.count else { break }
        ends[count] = piece.end + shift
        count += 1
        cellStart = piece.end + 1
        continue
      case .quote:
        if piece.end == cellStart, let quoted = quotedCell(at: cellStart) {
          piece.continuations += quoted.continuations
          specials = SpecialBytes(from: quoted.end)
          continue
        }
      case .multibyte:
        if takeCharacter(in: &piece) {
          specials = SpecialBytes(from: piece.end)
          continue
        }
      case .plain: continue
      case .lineEnd, .nul: break
      }
      break
    }
    row.count = count
    return piece
  }

  /// The quoted cell that begins at `start`, if all of it and the byte after it are in the chunk, and it is simple.
  private func quotedCell(at start: Int) -> Piece? {
    let bytes = window.chunk.span
    var piece = quotedRun(from: start + 1)
    guard piece.end + 1 < bytes.count, bytes[piece.end] == UInt8(ascii: "\"") else { return nil }
    piece.end += 1
    return scanner.endsCell(bytes[piece.end]) ? piece : nil
  }

  /// What stands in quotes from a position on, up to a quote, a line end or what needs care.
  private func quotedRun(from start: Int) -> Piece {
    let bytes = window.chunk.span
    var piece = Piece(end: start)
    repeat {
      piece.end = quotedScanner.plainEnd(in: bytes, from: piece.end)
    } while piece.end < bytes.count && bytes[piece.end] >= 0x80 && takeCharacter(in: &piece)
    return piece
  }

  /// Passes over a character beyond ASCII, if it is whole and right; not at the file's start, where it may be a mark.
  private func takeCharacter(in piece: inout Piece) -> Bool {
    let bytes = window.chunk.span
    guard !(window.isAtStart && piece.end == 0), var sequence = UTF8Sequence(lead: bytes[piece.end]) else {
      return false
    }
    var end = piece.end + 1
    while !sequence.isComplete {
      guard end < bytes.count, sequence.accept(bytes[end]) else { return false }
      end += 1
    }
    piece.continuations += end - piece.end - 1
    piece.end = end
    return true
  }
}

extension CSVReader {
  /// Takes a cell from its opening to its closing quote, after which a separator, a line end or the file's end follows.
  private mutating func takeQuotedCell(into row: inout CSVRow) throws {
    guard row.bytes.count == row.openCellStart else { throw CSVFault.strayQuote(place(row)) }
    let opening = place(row)
    takeByte(into: &row)
    while true {
      let run = quotedRun(from: window.position)
      if run.end > window.position { row.bytes.append(contentsOf: window.chunk[window.position..<run.end]) }
      window.move(to: run.end, continued: run.continuations)
      guard try fillWithinRow(row) else { throw CSVFault.unterminatedQuote(opening) }
      switch scanner.kind(of: window.byte) {
      case .quote:
        takeByte(into: &row)
        guard try window.fill() else { return }
        let next = window.byte
        guard next == UInt8(ascii: "\"") else {
          if !scanner.endsCell(next) { throw CSVFault.textAfterQuote(place(row)) }
          return
        }
        // The second of two quotes is left out, and the cell goes on.
        window.move(to: window.position + 1)
      case .lineEnd: try takeLineEnd(into: &row)
      case .nul: throw CSVFault.nulByte(place(row))
      case .multibyte: try takeCharacter(into: &row)
      case .plain, .separator: continue
      }
    }
  }

  private mutating func takeByte(into row: inout CSVRow, continued: Int = 0) {
    row.bytes.append(window.byte)
    window.move(to: window.position + 1, continued: continued)
  }
}

extension CSVReader {
  /// Takes a character beyond ASCII that is divided between chunks, stands at the file's start, or is not UTF-8.
  private mutating func takeCharacter(into row: inout CSVRow) throws {
    let isFirst = window.isAtStart
    let start = place(row)
    guard var sequence = UTF8Sequence(lead: window.byte) else {
      if isFirst, try isUTF16() { throw CSVFault.utf16 }
      throw CSVFault.invalidUTF8(start)
    }
    takeByte(into: &row)
    while !sequence.isComplete {
      guard try fillWithinRow(row), sequence.accept(window.byte) else { throw CSVFault.invalidUTF8(start) }
      takeByte(into: &row, continued: 1)
    }
    if isFirst && row.bytes == [0xef, 0xbb, 0xbf] {
      row.bytes.removeAll(keepingCapacity: true)
      window.beginColumns()
    }
  }

  /// Whether the file begins with U+FEFF in UTF-16 of either byte order; after this there is no way back.
  private mutating func isUTF16() throws -> Bool {
    let first = window.byte
    window.move(to: window.position + 1)
    guard try window.fill() else { return false }
    return (first, window.byte) == (0xff, 0xfe) || (first, window.byte) == (0xfe, 0xff)
  }

  /// Passes over LF, CR or CRLF.
  private mutating func skipLineEnd() throws {
    let byte = window.byte
    window.move(to: window.position + 1)
    if byte == 0x0d, try window.fill(), window.byte == 0x0a { window.move(to: window.position + 1) }
    window.beginLine()
  }

  /// Takes a line end inside a quoted cell as it is written.
  private mutating func takeLineEnd(into row: inout CSVRow) throws {
    let byte = window.byte
    takeByte(into: &row)
    if byte == 0x0d, try fillWithinRow(row), window.byte == 0x0a { takeByte(into: &row) }
    window.beginLine()
  }

  /// Makes sure that there is a byte to look at in the middle of a row, whose size is checked so that a quote that is
  /// never closed does not take in a whole large file.
  private mutating func fillWithinRow(_ row: CSVRow) throws -> Bool {
    if window.hasByte { return true }
    // The buffer also holds the cell's quotes.
    if row.bytes.count - row.openCellStart > limits.cellBytes + 2 {
      throw CSVFault.cellTooLong(line: row.line, cell: row.count + 1, limit: limits.cellBytes)
    }
    if row.count > limits.columns { throw CSVFault.tooManyColumns(line: row.line, limit: limits.columns) }
    return try window.fill()
  }

  private func check(_ row: CSVRow) throws {
    if row.count > limits.columns { throw CSVFault.tooManyColumns(line: row.line, limit: limits.columns) }
    guard row.bytes.count > limits.cellBytes else { return }
    for cell in 0..<row.count where row.range(of: cell).count > limits.cellBytes {
      throw CSVFault.cellTooLong(line: row.line, cell: cell + 1, limit: limits.cellBytes)
    }
  }

  /// The place of the byte that is being looked at.
  private func place(_ row: CSVRow) -> CSVPosition {
    CSVPosition(line: window.line, column: window.column, cell: row.count + 1)
  }
}
