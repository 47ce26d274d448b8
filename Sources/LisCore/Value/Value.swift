/// LisCore: values and the machine that computes with them. Bytecode, bytes of JSON and values enter; values and
/// faults leave. It is the only room with unsafe pointers: they live behind `Heap`, `Machine` and `JSONReader`, and
/// no public declaration hands one out. No I/O, no Foundation.

/// Any value of the language in one 8-byte word.
///
/// ```
/// number   mmmmmmm…  56-bit signed mantissa  …mmmmmmm | scale (5 bits) | 000
/// heap     16-byte-aligned address                                     | kind 010…110
/// text     up to 7 bytes of UTF-8                     | length (5 bits)| 111
/// other    payload (56 bits)                          | which (5 bits) | 001   null, false, true, date, datetime …
/// ```
///
/// Two numbers of the same scale add, subtract and compare as whole words, and the hardware's overflow flag is the
/// range check. A word is only meaningful together with the heap that made it.
public struct Value: Sendable {
  @usableFromInline var bits: UInt64

  @inline(__always) init(raw: UInt64) { bits = raw }
  @inline(__always) init(word: Int) { bits = UInt64(bitPattern: Int64(word)) }
  @inline(__always) init(cell: UnsafeMutableRawPointer, _ tag: UInt64) {
    bits = UInt64(UInt(bitPattern: cell)) | tag
  }

  public static let null = Value(raw: Tag.null)
  /// What a cursor gives when there are no more rows, and what an argument that was not given holds.
  /// It never reaches a program.
  static let end = Value(raw: Tag.end)

  public init(_ bool: Bool) { bits = bool ? Tag.true : Tag.false }

  /// A whole number; the caller knows that it fits 56 bits.
  @inline(__always) init(small: Int) { bits = UInt64(bitPattern: Int64(small << 8)) }
}

/// The low three bits of a word, and the words that are constants.
enum Tag {
  static let number: UInt64 = 0
  static let immediate: UInt64 = 1
  static let text: UInt64 = 2
  static let list: UInt64 = 3
  static let record: UInt64 = 4
  static let function: UInt64 = 5
  /// Everything else on the heap; the cell's header says what it is.
  static let cell: UInt64 = 6
  static let short: UInt64 = 7

  static let null: UInt64 = 0 << 3 | 1
  static let `false`: UInt64 = 1 << 3 | 1
  static let `true`: UInt64 = 2 << 3 | 1
  static let end: UInt64 = 3 << 3 | 1
  /// Payload: days since 1970-01-01.
  static let date: UInt64 = 4 << 3 | 1
  /// Payload: milliseconds since 1970-01-01T00:00:00Z.
  static let datetime: UInt64 = 5 << 3 | 1
}

extension Value {
  @inline(__always) var tag: UInt64 { bits & 7 }
  @inline(__always) var word: Int { Int(Int64(bitPattern: bits)) }
  @inline(__always) var payload: Int { word >> 8 }
  @inline(__always) var isNumber: Bool { bits & 7 == 0 }
  /// A number in the word with no decimals.
  @inline(__always) var isWhole: Bool { UInt8(truncatingIfNeeded: bits) == 0 }
  @inline(__always) var scale: Int { Int(bits >> 3 & 31) }
  @inline(__always) var isHeap: Bool { (bits & 7) &- 2 < 5 }
  @inline(__always) func has(_ tag: UInt64) -> Bool { bits & 7 == tag }
  @inline(__always) var isText: Bool { bits & 7 == Tag.short || bits & 7 == Tag.text }
  @inline(__always) var immediate: UInt64 { bits & 0xff }
  @inline(__always) var isNull: Bool { bits == Tag.null }
  @inline(__always) var isEnd: Bool { bits == Tag.end }
  /// Null, a bool, or the end: equal to nothing but itself.
  @inline(__always) var isConstant: Bool { bits <= Tag.end && has(Tag.immediate) }
  @inline(__always) var isBool: Bool { bits == Tag.true || bits == Tag.false }
  @inline(__always) var cell: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: UInt(bits & ~7)).unsafelyUnwrapped
  }
  @inline(__always) var header: UnsafeMutablePointer<Header> { cell.assumingMemoryBound(to: Header.self) }
  // The caller knows the tag. Taking it off by subtraction costs nothing: it becomes part of the address of a field.
  @inline(__always) var record: UnsafeMutablePointer<RecordCell> {
    cell(Tag.record).assumingMemoryBound(to: RecordCell.self)
  }
  @inline(__always) var list: UnsafeMutablePointer<ListCell> {
    cell(Tag.list).assumingMemoryBound(to: ListCell.self)
  }
  @inline(__always) var function: UnsafeMutablePointer<FunctionCell> {
    cell(Tag.function).assumingMemoryBound(to: FunctionCell.self)
  }
  /// The cell of a value with a known tag.
  @inline(__always) func cell(_ tag: UInt64) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: UInt(bits &- tag)).unsafelyUnwrapped
  }
  /// What a heap cell of tag `cell` is.
  @inline(__always) var isStream: Bool { has(Tag.cell) && type == .stream }
  @inline(__always) func isCell(_ kind: CellKind) -> Bool { has(Tag.cell) && header.pointee.kind == kind.rawValue }
}

/// Both are numbers in the word with the same scale.
@inline(__always) func sameScale(_ x: Value, _ y: Value) -> Bool {
  UInt8(truncatingIfNeeded: x.bits) == UInt8(truncatingIfNeeded: y.bits) && x.isNumber
}
@inline(__always) func bothNumbers(_ x: Value, _ y: Value) -> Bool { (x.bits | y.bits) & 7 == 0 }
