/// What a heap cell holds; stored in its header. Zero marks a free cell.
enum CellKind: UInt8 {
  case free = 0
  case text = 2
  case list = 3
  case record = 4
  case function = 5
  /// A number that does not fit a word.
  case decimal = 8
  case duration
  case range
  /// A plan of a stream: where rows come from and what they pass through.
  case stream
  /// A stream being read.
  case cursor
  /// A property value whose text does not fit the type of its property.
  case invalid
  /// A Swift object that a native keeps, by its index.
  case opaque
  /// A captured variable that can still change.
  case variable
  /// The memory that lists of a common history share.
  case buffer
}

/// First word of every cell. `extra` is the shape of a record, the byte count of a text, the number of captured
/// values of a function.
struct Header {
  var kind: UInt8 = 0
  var mark: UInt8 = 0
  /// 1 on a list that one register alone refers to, so that the next `append` there may lengthen it where it is.
  var isOwned: UInt8 = 0
  var unused: UInt8 = 0
  var extra: UInt32 = 0

  /// The header of a new cell, as one store instead of one for each field.
  @inline(__always) static func store(_ kind: CellKind, _ extra: UInt32, in cell: Raw) {
    cell.storeBytes(of: (UInt64(extra) << 32 | UInt64(kind.rawValue)).littleEndian, as: UInt64.self)
  }
}

/// Bytes follow.
struct TextCell {
  var header: Header
  var hash: UInt
  static let bytesOffset = 16
}

/// The first `count` items of `buffer`. A longer list made by appending shares the buffer as long as the buffer's
/// filled length is this list's own, so that a list which grows in a loop is not copied each time.
struct ListCell {
  var header: Header
  var count: Int
  var buffer: UnsafeMutablePointer<BufferCell>
}

struct BufferCell {
  var header: Header
  var filled: Int
  var capacity: Int
  var items: UnsafeMutablePointer<Value>
}

/// Slots follow, in the order of the shape in `header.extra`.
struct RecordCell {
  var header: Header
  var origin: Origin
  static let slotsOffset = 16
}

/// Captured values follow.
struct FunctionCell {
  var header: Header
  var code: UnsafeMutablePointer<CodeBlock>
  static let capturesOffset = 16
}

struct DecimalCell {
  var header: Header
  var scale: Int
  var coefficient: Int128
}

struct DurationCell {
  var header: Header
  var months: Int
  var days: Int
  var milliseconds: Int
}

struct RangeCell {
  var header: Header
  var unused: Int = 0
  var lower: Value
  var upper: Value
}

/// `source` is a list, a range, an opaque source of rows, or a function that computes the rows when asked.
struct StreamCell {
  var header: Header
  var unused: Int = 0
  var source: Value
  /// A list of alternating stage kinds (whole numbers, see `StageKind`) and their arguments.
  var stages: Value
}

struct CursorCell {
  var header: Header
  /// Position in `page`.
  var position: Int
  /// What is being read: a list, a range, an opaque cursor.
  var source: Value
  /// A page of rows that an opaque cursor delivered; a list, or null before the first.
  var page: Value
  var stages: Value
  /// One word for each stage that counts or remembers; a list, or null.
  var counts: Value
}

struct InvalidCell {
  var header: Header
  var unused: Int = 0
  var text: Value
  var type: Value
}

struct OpaqueCell {
  var header: Header
  var index: Int
}

struct VariableCell {
  var header: Header
  var value: Value
}

/// Where a record came from: a line of a file, or a portal. Two words of 32 bits; zero means nowhere.
public struct Origin: Sendable, Hashable {
  /// Index into the machine's table of sources, from 1; 0 is none.
  var source: UInt32 = 0
  /// Line of the file from 1; 0 for a record that is as it was read from a portal, `made` for one made of such a record,
  /// `extended` for one with all fields of such a record and others.
  var line: UInt32 = 0

  static let none = Origin()
  /// The line of a record that is about a portal's record without being it.
  static let made = UInt32.max
  /// The line of a record that a portal's record was spread into.
  static let extended = UInt32.max - 1

  /// Of a record made of one with this origin.
  var ofMade: Origin { isFile || source == 0 ? self : Origin(source: source, line: Origin.made) }

  /// Of a record that holds all fields of one with this origin.
  var ofExtended: Origin { source > 0 && line == 0 ? Origin(source: source, line: Origin.extended) : self }

  var isFile: Bool { source > 0 && line > 0 && line < Origin.extended }

  /// Whether the portal's record may have properties that this one lacks because they were not read.
  var isPartial: Bool { line == Origin.extended || (source > 0 && line == 0) }
}
