/// A place in a CSV file as an editor shows it: the line, the column in characters, and the cell of the row.
/// All three count from 1.
public struct CSVPosition: Equatable, Sendable {
  public var line: Int
  public var column: Int
  public var cell: Int

  public init(line: Int, column: Int, cell: Int) {
    self.line = line
    self.column = column
    self.cell = cell
  }
}

/// Why a CSV file is refused. Nothing is guessed: a file that two programs read differently is not read at all.
public enum CSVFault: Error, Equatable, Sendable {
  /// A quote inside a cell that does not begin with one.
  case strayQuote(CSVPosition)
  /// Something else than a separator or a line end after a closing quote.
  case textAfterQuote(CSVPosition)
  /// The file ends inside the quoted cell that begins here.
  case unterminatedQuote(CSVPosition)
  case invalidUTF8(CSVPosition)
  case nulByte(CSVPosition)
  /// The cell that begins in this row is longer than `limit` bytes.
  case cellTooLong(line: Int, cell: Int, limit: Int)
  case tooManyColumns(line: Int, limit: Int)
  /// The file holds no line with names.
  case noHeader
  case emptyName(column: Int)
  case duplicateName(String, first: Int, second: Int)
  /// A row that begins in `line` has another number of cells than the header.
  case wrongCellCount(line: Int, expected: Int, found: Int)
}

extension CSVFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .strayQuote(let place):
      "\(place): a quote inside a cell; put the whole cell in quotes and write each quote in it twice"
    case .textAfterQuote(let place):
      "\(place): text after a closing quote; write each quote inside a quoted cell twice"
    case .unterminatedQuote(let place): "\(place): the quote that opens this cell is never closed"
    case .invalidUTF8(let place): "\(place): bytes that are not UTF-8; save the file as 'CSV UTF-8'"
    case .nulByte(let place): "\(place): a NUL byte; if the file is UTF-16, save it as 'CSV UTF-8'"
    case .cellTooLong(let line, let cell, let limit):
      "line \(line): cell \(cell) is longer than \(limit) bytes; is a quote before it not closed?"
    case .tooManyColumns(let line, let limit): "line \(line): more than \(limit) cells; is the separator right?"
    case .noHeader: "the file is empty; its first line must name the columns"
    case .emptyName(let column): "line 1: column \(column) has no name; name it or delete the column"
    case .duplicateName(let name, let first, let second):
      "line 1: columns \(first) and \(second) are both named '\(name.escapedForDisplay)'; rename one of them"
    case .wrongCellCount(let line, let expected, let found):
      "line \(line): the row has \(found) \(found == 1 ? "cell" : "cells") and the header \(expected); "
        + (found > expected
          ? "put cells that contain the separator in quotes" : "is the separator right, and is a cell missing?")
    }
  }
}

extension CSVPosition: CustomStringConvertible {
  public var description: String { "line \(line), column \(column), cell \(cell)" }
}
