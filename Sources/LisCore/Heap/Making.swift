import Glibc

/// Making cells. Everything here may be called from native code at any time.
extension Heap {
  // MARK: Text

  /// Room for `count` bytes of UTF-8, which the caller fills; `count` is more than `Value.shortLimit`.
  @inline(__always) func longText(_ count: Int) -> (Value, UnsafeMutablePointer<UInt8>) {
    let cell = allocate(TextCell.bytesOffset &+ count, .text, extra: UInt32(truncatingIfNeeded: count))
    cell.assumingMemoryBound(to: TextCell.self).pointee.hash = 0
    return (Value(cell: cell, Tag.text), (cell + TextCell.bytesOffset).assumingMemoryBound(to: UInt8.self))
  }

  /// Text of the given UTF-8. Up to seven bytes live in the word itself, and always do, so that a short text is
  /// never equal to one on the heap.
  @inline(__always) func text(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Value {
    if count <= Value.shortLimit { return Value.short(bytes, count) }
    let (value, target) = longText(count)
    memcpy(target, bytes, count)
    return value
  }

  /// Text that is read, within a stretch of memory that ends at `end`: most texts are short, and nearly all have eight
  /// readable bytes from their start. Of longer ones, one that was read lately is taken again.
  @inline(__always)
  func readText(_ start: UnsafePointer<UInt8>, _ count: Int, before end: UnsafePointer<UInt8>) -> Value {
    if count <= Value.shortLimit {
      guard end - start >= 8 else { return Value.short(start, count) }
      let word = UnsafeRawPointer(start).loadUnaligned(as: UInt64.self).littleEndian << 8
      let unused = UInt64(Value.shortLimit &- count) &* 8
      return Value(raw: ((word &<< unused) &>> unused) | UInt64(count) << 3 | Tag.short)
    }
    return recentTexts != nil && count <= RecentTexts.longest ? recentText(start, count) : text(start, count)
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
    guard let start = bytes.baseAddress else { return Value(raw: Tag.short) }
    return text(start, bytes.count)
  }

  func text(_ string: String) -> Value {
    var string = string
    return string.withUTF8 { text($0) }
  }

  // MARK: Lists

  @inline(__always) func buffer(capacity: Int) -> UnsafeMutablePointer<BufferCell> {
    let cell = allocate(MemoryLayout<BufferCell>.size, .buffer).assumingMemoryBound(to: BufferCell.self)
    cell.pointee.filled = 0
    cell.pointee.capacity = capacity
    cell.pointee.items = Heap.memory(capacity &* 8).assumingMemoryBound(to: Value.self)
    allocated &+= capacity &* 8
    return cell
  }

  /// A new list that nobody else sees yet and that `push` may therefore fill.
  @inline(__always) func list(capacity: Int) -> Value {
    let buffer = buffer(capacity: max(capacity, 1))
    let cell = allocate(MemoryLayout<ListCell>.size, .list).assumingMemoryBound(to: ListCell.self)
    cell.pointee.count = 0
    cell.pointee.buffer = buffer
    return Value(cell: cell, Tag.list)
  }

  @inline(__always) func push(_ list: UnsafeMutablePointer<ListCell>, _ value: Value) {
    let buffer = list.pointee.buffer
    if buffer.pointee.filled == buffer.pointee.capacity { grow(buffer) }
    buffer.pointee.items[buffer.pointee.filled] = value
    buffer.pointee.filled &+= 1
    list.pointee.count = buffer.pointee.filled
  }

  /// - Parameter limit: a capacity that growing does not go past, so that a push finds out there.
  @inline(never) func grow(_ buffer: UnsafeMutablePointer<BufferCell>, atLeast least: Int = 4, atMost limit: Int = .max)
  {
    let capacity = max(min(max(least, buffer.pointee.capacity * 2), limit), buffer.pointee.filled + 1)
    allocated += (capacity - buffer.pointee.capacity) * 8
    // The system moves large stretches by their page table instead of copying them.
    guard let memory = realloc(buffer.pointee.items, capacity * 8) else { Heap.outOfMemory(capacity * 8) }
    if capacity * 8 >= LargePages.bytes { LargePages.allow(memory, capacity * 8) }
    buffer.pointee.items = memory.assumingMemoryBound(to: Value.self)
    buffer.pointee.capacity = capacity
  }

  /// A list with one item more. The old list stays what it was: it keeps its count.
  @inline(__always) func appending(_ value: Value, to list: UnsafeMutablePointer<ListCell>) -> Value {
    let cell = allocate(MemoryLayout<ListCell>.size, .list).assumingMemoryBound(to: ListCell.self)
    var shared = list.pointee.buffer
    let count = list.pointee.count
    if shared.pointee.filled != count {
      let copy = buffer(capacity: max(4, count * 2))
      copy.pointee.items.update(from: shared.pointee.items, count: count)
      copy.pointee.filled = count
      shared = copy
    } else if shared.pointee.filled == shared.pointee.capacity {
      grow(shared)
    }
    shared.pointee.items[count] = value
    shared.pointee.filled = count &+ 1
    cell.pointee.count = count &+ 1
    cell.pointee.buffer = shared
    return Value(cell: cell, Tag.list)
  }

  /// Two lists as one. As with `appending`, the first one's memory is extended when nobody has done so before.
  @inline(never)
  func joining(_ left: UnsafeMutablePointer<ListCell>, _ right: UnsafeMutablePointer<ListCell>) -> Value {
    let count = left.pointee.count
    let total = count + right.pointee.count
    let cell = allocate(MemoryLayout<ListCell>.size, .list).assumingMemoryBound(to: ListCell.self)
    var shared = left.pointee.buffer
    if shared.pointee.filled != count {
      shared = buffer(capacity: max(total, 1))
      shared.pointee.items.update(from: left.pointee.buffer.pointee.items, count: count)
    } else if shared.pointee.capacity < total {
      grow(shared, atLeast: total)
    }
    // Read only now: both lists may share the memory that has just moved.
    (shared.pointee.items + count).update(from: right.pointee.buffer.pointee.items, count: right.pointee.count)
    shared.pointee.filled = total
    cell.pointee.count = total
    cell.pointee.buffer = shared
    return Value(cell: cell, Tag.list)
  }

  func list(_ values: UnsafeBufferPointer<Value>) -> Value {
    let list = list(capacity: values.count)
    let buffer = list.list.pointee.buffer
    if let start = values.baseAddress { buffer.pointee.items.update(from: start, count: values.count) }
    buffer.pointee.filled = values.count
    list.list.pointee.count = values.count
    return list
  }

  // MARK: Records

  /// A record whose slots the caller fills before anything else is allocated… or at the latest before the next
  /// safepoint; slots hold garbage until then.
  @inline(__always) func record(shape: UInt32, count: Int) -> UnsafeMutablePointer<RecordCell> {
    let cell = allocate(RecordCell.slotsOffset &+ count &* 8, .record, extra: shape)
      .assumingMemoryBound(to: RecordCell.self)
    cell.pointee.origin = .none
    return cell
  }

  // MARK: The others

  func decimal(_ decimal: Decimal) -> Value {
    if let small = decimal.fits56 {
      return Value(raw: UInt64(bitPattern: Int64(small.mantissa << 8)) | UInt64(small.scale) << 3)
    }
    let cell = allocate(MemoryLayout<DecimalCell>.size, .decimal).assumingMemoryBound(to: DecimalCell.self)
    cell.pointee.scale = decimal.scale
    cell.pointee.coefficient = decimal.coefficient
    return Value(cell: cell, Tag.cell)
  }

  func duration(_ duration: CalendarDuration) -> Value {
    let cell = allocate(MemoryLayout<DurationCell>.size, .duration).assumingMemoryBound(to: DurationCell.self)
    cell.pointee.months = duration.months
    cell.pointee.days = duration.days
    cell.pointee.milliseconds = duration.milliseconds
    return Value(cell: cell, Tag.cell)
  }

  /// A cell of two values after a header and one spare word.
  func pair(_ kind: CellKind, _ first: Value, _ second: Value) -> Value {
    let cell = allocate(32, kind).assumingMemoryBound(to: RangeCell.self)
    cell.pointee.lower = first
    cell.pointee.upper = second
    return Value(cell: cell, Tag.cell)
  }

  func variable(_ value: Value) -> Value {
    let cell = allocate(MemoryLayout<VariableCell>.size, .variable).assumingMemoryBound(to: VariableCell.self)
    cell.pointee.value = value
    return Value(cell: cell, Tag.cell)
  }

  /// A cursor at the start of a source.
  func cursor(source: Value, stages: Value, counts: Value) -> Value {
    let cell = allocate(MemoryLayout<CursorCell>.size, .cursor).assumingMemoryBound(to: CursorCell.self)
    cell.pointee.position = 0
    cell.pointee.source = source
    cell.pointee.page = .null
    cell.pointee.stages = stages
    cell.pointee.counts = counts
    return Value(cell: cell, Tag.cell)
  }
}

extension Value {
  /// Bytes of text that fit the word.
  static let shortLimit = 7

  @inline(__always) static func short(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Value {
    var word: UInt64 = 0
    var index = count
    while index > 0 {
      index &-= 1
      word = word << 8 | UInt64(bytes[index])
    }
    return Value(raw: word << 8 | UInt64(count) << 3 | Tag.short)
  }

  static func date(_ date: CivilDate) -> Value {
    Value(raw: UInt64(bitPattern: Int64(date.daysSinceEpoch) << 8) | Tag.date)
  }
  static func datetime(_ instant: Instant) -> Value {
    Value(raw: UInt64(bitPattern: Int64(instant.milliseconds) << 8) | Tag.datetime)
  }
}
