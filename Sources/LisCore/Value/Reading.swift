import Glibc

/// Reading what a value holds. These are the accessors that slow paths and natives use.
extension Value {
  @inline(__always) var shortCount: Int { Int(bits >> 3 & 31) }

  /// Bytes of a text; 0 for anything else.
  var textCount: Int {
    if has(Tag.short) { return shortCount }
    return has(Tag.text) ? Int(header.pointee.extra) : 0
  }

  /// The UTF-8 of a text; empty for anything else. The pointer is good inside the call only.
  @inline(__always)
  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    if has(Tag.text) {
      let start = (cell + TextCell.bytesOffset).assumingMemoryBound(to: UInt8.self)
      return try body(UnsafeBufferPointer(start: start, count: Int(header.pointee.extra)))
    }
    let count = has(Tag.short) ? shortCount : 0
    return try withUnsafeBytes(of: (bits >> 8).littleEndian) { raw in
      try raw.withMemoryRebound(to: UInt8.self) { try body(UnsafeBufferPointer(rebasing: $0[0..<count])) }
    }
  }

  /// The text as a Swift string, or nil for anything else.
  public var string: String? {
    guard isText else { return nil }
    return withText { String(decoding: $0, as: UTF8.self) }
  }

  public var bool: Bool? { bits == Tag.true ? true : bits == Tag.false ? false : nil }

  /// Any number, in a word or on the heap.
  public var decimal: Decimal? {
    if isNumber { return Decimal(mantissa: payload, scale: scale) }
    guard isCell(.decimal) else { return nil }
    let cell = cell.assumingMemoryBound(to: DecimalCell.self).pointee
    return Decimal(unchecked: cell.coefficient, scale: cell.scale)
  }

  /// A whole number that fits an Int; `2.00` counts.
  public var int: Int? { isWhole ? payload : decimal?.wholeInt }

  public var civilDate: CivilDate? { immediate == Tag.date ? CivilDate(daysSinceEpoch: payload) : nil }
  public var instant: Instant? { immediate == Tag.datetime ? Instant(milliseconds: payload) : nil }

  public var duration: CalendarDuration? {
    guard isCell(.duration) else { return nil }
    let cell = cell.assumingMemoryBound(to: DurationCell.self).pointee
    return CalendarDuration(months: cell.months, days: cell.days, milliseconds: cell.milliseconds)
  }

  public var range: (lower: Value, upper: Value)? {
    guard isCell(.range) else { return nil }
    let cell = cell.assumingMemoryBound(to: RangeCell.self).pointee
    return (cell.lower, cell.upper)
  }

  /// Text that does not fit its property's type, and that type.
  public var invalid: (text: Value, type: Value)? {
    guard isCell(.invalid) else { return nil }
    let cell = cell.assumingMemoryBound(to: InvalidCell.self).pointee
    return (cell.text, cell.type)
  }

  /// Items of a list; nil for anything else.
  public var items: [Value]? {
    guard has(Tag.list) else { return nil }
    return Array(UnsafeBufferPointer(start: list.pointee.buffer.pointee.items, count: list.pointee.count))
  }

  public var itemCount: Int? { has(Tag.list) ? list.pointee.count : nil }

  /// An item of a list; nil outside it.
  public func item(_ index: Int) -> Value? {
    guard has(Tag.list), index >= 0, index < list.pointee.count else { return nil }
    return list.pointee.buffer.pointee.items[index]
  }

  @inline(__always) var slots: UnsafeMutablePointer<Value> {
    (cell(Tag.record) + RecordCell.slotsOffset).assumingMemoryBound(to: Value.self)
  }

  @inline(__always) var captures: UnsafeMutablePointer<Value> {
    (cell(Tag.function) + FunctionCell.capturesOffset).assumingMemoryBound(to: Value.self)
  }

  /// What the language calls this value's type.
  public var type: ValueType {
    switch tag {
    case Tag.number: return .number
    case Tag.text, Tag.short: return .string
    case Tag.list: return .list
    case Tag.record: return .record
    case Tag.function: return .function
    case Tag.immediate:
      switch immediate {
      case Tag.true, Tag.false: return .bool
      case Tag.date: return .date
      case Tag.datetime: return .datetime
      default: return .null
      }
    default: return cellType
    }
  }

  private var cellType: ValueType {
    switch CellKind(rawValue: header.pointee.kind) {
    case .decimal: return .number
    case .duration: return .duration
    case .range: return .range
    case .invalid: return .invalid
    default: return .stream
    }
  }
}

/// The types of the language; the raw value is the word that messages use.
public enum ValueType: String, Sendable, CaseIterable {
  case null, bool, number, string, date, datetime, duration, range, list, record, stream, invalid
  case function = "fn"
}
