/// LisSyntax: text becomes a tree. Source text enters; tokens, a syntax tree and diagnostics leave.
/// Nothing here reads a file, a clock or a network, and nothing here knows what a name means.

/// A stretch of source text as half-open UTF-8 byte offsets into one `SourceText`.
public struct Span: Hashable, Sendable {
  /// Offset of the first byte.
  public var lower: Int
  /// Offset just past the last byte; equal to `lower` for a position between two bytes.
  public var upper: Int

  public init(_ lower: Int, _ upper: Int) {
    self.lower = lower
    self.upper = upper
  }

  /// The smallest span that covers both.
  public func joined(_ other: Span) -> Span {
    Span(min(lower, other.lower), max(upper, other.upper))
  }
}

/// A position as people count it: lines and columns from 1, columns in characters and not in bytes.
public struct Position: Hashable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// The text of one script, module or REPL entry together with the name it is reported under.
public final class SourceText: Sendable {
  /// What diagnostics print in front of the line number: a path as the user gave it, or `<repl:3>`.
  public let name: String
  /// The text as UTF-8. A byte order mark at its start has been removed.
  public let bytes: [UInt8]
  /// Offset of the first byte of every line; the first is always 0.
  public let lineStarts: [Int]

  public init(name: String, text: String) {
    self.name = name
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    self.bytes = bytes
    self.lineStarts = starts
  }

  /// Line and column of a byte offset; an offset past the end counts as the end.
  public func position(of offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    let before = String(decoding: bytes[lineStarts[low]..<offset], as: UTF8.self)
    return Position(line: low + 1, column: before.count + 1)
  }

  /// The text of a span; bytes outside the source are left out.
  public func text(_ span: Span) -> String {
    let lower = min(max(span.lower, 0), bytes.count)
    let upper = min(max(span.upper, lower), bytes.count)
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// The text of a line, counted from 1, without its line end.
  public func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    let lower = lineStarts[number - 1]
    var upper = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if upper > lower, bytes[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }
}
