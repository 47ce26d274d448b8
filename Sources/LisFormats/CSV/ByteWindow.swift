/// The chunk of a file that is being read, the position in it, and the line and column which that is.
struct ByteWindow {
  private let nextChunk: () throws -> [UInt8]?
  private(set) var chunk: [UInt8] = []
  private(set) var position = 0
  private var isAtEnd = false

  private(set) var line = 1
  /// Offsets count bytes from the start of the file.
  private var chunkStart = 0
  private var lineStart = 0
  /// Bytes of the line that are not the first of their character: they make the column smaller than the offset.
  private var continuations = 0

  init(nextChunk: @escaping () throws -> [UInt8]?) { self.nextChunk = nextChunk }

  /// Whether nothing of the file has been passed yet.
  var isAtStart: Bool { chunkStart + position == 0 }

  /// The column of the current byte in characters, counted from 1.
  var column: Int { chunkStart + position - lineStart - continuations + 1 }

  /// Whether there is a byte to look at without asking for more.
  var hasByte: Bool { position < chunk.count }

  /// The byte at the position; `hasByte` is true.
  var byte: UInt8 { chunk[position] }

  /// Makes sure that there is a byte to look at; false at the end of the file.
  mutating func fill() throws -> Bool {
    while position == chunk.count {
      if isAtEnd { return false }
      chunkStart += chunk.count
      position = 0
      guard let next = try nextChunk() else {
        isAtEnd = true
        chunk = []
        return false
      }
      chunk = next
    }
    return true
  }

  /// Goes on within the chunk.
  /// - Parameter continued: how many of the bytes passed are not the first of their character.
  mutating func move(to end: Int, continued: Int = 0) {
    position = end
    continuations += continued
  }

  /// The line begins at the position, and what is before it does not count.
  mutating func beginColumns() {
    lineStart = chunkStart + position
    continuations = 0
  }

  mutating func beginLine() {
    line += 1
    beginColumns()
  }
}
