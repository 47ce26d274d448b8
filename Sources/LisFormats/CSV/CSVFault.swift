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
  /// The file begins with the byte order mark of UTF-16.
  case utf16
  case nulByte(CSVPosition)
  /// The cell that begins in this row is longer than `limit` bytes.
  case cellTooLong(line: Int, cell: Int, limit: Int)
  case tooManyColumns(line: Int, limit: Int)
  /// The file holds no line with names.
  case noHeader
  case emptyName(column: Int)
  case duplicateName(String, first: Int, second: Int)
  /// The first line is `sep=;`, which spreadsheets take for themselves and others for a name.
  case separatorLine
  /// The only column has a name with another separator in it.
  case otherSeparator(CSVSeparator)
  /// A row that begins in `line` has another number of cells than there are names.
  case wrongCellCount(line: Int, expected: Int, found: Int)
}

extension CSVFault {
  /// Where in the file, as an editor shows it; the column is 1 where a whole row is meant.
  public var place: (line: Int, column: Int) {
    switch self {
    case .strayQuote(let place), .textAfterQuote(let place), .unterminatedQuote(let place), .invalidUTF8(let place),
      .nulByte(let place):
      (place.line, place.column)
    case .cellTooLong(let line, _, _), .tooManyColumns(let line, _), .wrongCellCount(let line, _, _): (line, 1)
    case .utf16, .noHeader, .emptyName, .duplicateName, .separatorLine, .otherSeparator: (1, 1)
    }
  }

  /// What is wrong there.
  public var problem: String {
    switch self {
    case .strayQuote(let place): "cell \(place.cell) holds a quote and does not begin with one"
    case .textAfterQuote(let place): "text after the closing quote of cell \(place.cell)"
    case .unterminatedQuote(let place): "the quote that opens cell \(place.cell) is never closed"
    case .invalidUTF8(let place): "cell \(place.cell) holds bytes that are not UTF-8"
    case .utf16: "the file is UTF-16"
    case .nulByte(let place): "a NUL byte in cell \(place.cell)"
    case .cellTooLong(_, let cell, let limit): "cell \(cell) is longer than \(limit) bytes"
    case .tooManyColumns(_, let limit): "more than \(limit) cells"
    case .noHeader: "the file is empty, or begins with an empty line"
    case .emptyName(let column): "column \(column) has no name"
    case .duplicateName(let name, let first, let second):
      "columns \(first) and \(second) are both named '\(name.escapedForDisplay)'"
    case .separatorLine: "the first line names a separator instead of the columns"
    case .otherSeparator(let found): "the file seems to be separated by \(found.words)"
    case .wrongCellCount(_, let expected, let found):
      "the row has \(found) \(found == 1 ? "cell" : "cells") and the header \(expected)"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .strayQuote: "put the whole cell in quotes and write each quote in it twice"
    case .textAfterQuote: "write each quote inside a quoted cell twice"
    case .unterminatedQuote: "close it, or write it twice where it is part of the text"
    case .invalidUTF8, .utf16: "save the file as 'CSV UTF-8'"
    case .nulByte: "if the file is UTF-16, save it as 'CSV UTF-8'"
    case .cellTooLong: "is a quote before it not closed?"
    case .tooManyColumns: "is the separator right?"
    case .noHeader: "the first line must name the columns"
    case .emptyName: "name it or delete the column"
    case .duplicateName: "rename one of them"
    case .separatorLine: "delete that line and name the separator: csv(\"…\", separator: \";\")"
    case .otherSeparator(let found):
      "name it: csv(\"…\", separator: \(found.written)); or, if it is one column, put its name in quotes"
    case .wrongCellCount(_, let expected, let found):
      found > expected
        ? "put cells that contain the separator in quotes" : "is the separator right, and is a cell missing?"
    }
  }
}

extension CSVFault: CustomStringConvertible {
  public var description: String { "line \(place.line), column \(place.column): \(problem); \(hint)" }
}
