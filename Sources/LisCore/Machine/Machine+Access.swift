import Glibc

/// Slow paths that look into records, lists and texts.
extension Machine {
  /// A field of a record whose shape the site's cache does not know. `pc` is the word with the name.
  @inline(never) func getField(
    _ record: Value, _ pc: UnsafeMutablePointer<Instruction>, _ cache: UnsafeMutablePointer<FieldCache>,
    _ target: UnsafeMutablePointer<Value>
  ) -> Bool {
    let name = Int(UnsafeMutableRawPointer(pc).load(as: UInt64.self))
    let shape = record.header.pointee.extra
    let entry = slotCache + ((Int(shape) &* 31 ^ name) & (SlotEntry.count - 1))
    if entry.pointee.shape != shape || entry.pointee.name != UInt32(truncatingIfNeeded: name) {
      let slot = heap.shapes.shapes[Int(shape)].slots[name]
      entry.pointee = SlotEntry(
        shape: shape, name: UInt32(truncatingIfNeeded: name),
        offset: slot.map { UInt32(RecordCell.slotsOffset + $0 * 8) } ?? SlotEntry.absent)
    }
    if entry.pointee.offset == SlotEntry.absent {
      if name == sourceName {
        target.pointee = origin(of: record)
        return true
      }
      if isRowOfColumns(record) { return noColumn(heap.shapes.names[name], record) }
      target.pointee = .null
      return true
    }
    cache.pointee = FieldCache(shape: shape, offset: entry.pointee.offset)
    target.pointee = (record.cell + Int(entry.pointee.offset)).assumingMemoryBound(to: Value.self).pointee
    return true
  }

  @inline(never) func getFieldElsewhere(
    _ value: Value, _ pc: UnsafeMutablePointer<Instruction>, _ target: UnsafeMutablePointer<Value>
  ) -> Bool {
    let name = Int(UnsafeMutableRawPointer(pc).load(as: UInt64.self))
    pending = .noField(name: heap.shapes.names[name], value.type)
    return false
  }

  /// `{ file, line }` of a row that came from a file; null for any other record.
  func origin(of record: Value) -> Value {
    guard let place = source(of: record) else { return .null }
    return makeRecord([("file", makeText(place.file)), ("line", Value(small: place.line))])
  }

  @inline(never) func indexSlowly(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if x.has(Tag.record), y.isText {
      let name = y.string ?? ""
      guard let value = field(x, name) else {
        if isRowOfColumns(x) { return noColumn(name, x) }
        if isPartial(x) { return notRead(name) }
        target.pointee = .null
        return true
      }
      target.pointee = value
      return true
    }
    if x.has(Tag.list) {
      guard let index = y.int else {
        pending = .indexNotWhole(y.type, y.decimal.map { "\($0)" })
        return false
      }
      guard let item = x.item(index) else {
        pending = .indexOutside(index: index, count: x.list.pointee.count)
        return false
      }
      target.pointee = item
      return true
    }
    return cannot("index", x, y.type)
  }

  /// A portal is asked for the properties that a program names. One that is named while the program runs may be there and
  /// not have been read: taking it for null would select, change or archive records by mistake. Always false.
  @inline(never) func notRead(_ name: String) -> Bool {
    pending = .notRead(property: name)
    return false
  }

  /// All fields of two records; the right one wins, its new fields come last.
  @inline(never) func merge(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if y.isNull, x.has(Tag.record) {
      target.pointee = x
      return true
    }
    guard x.has(Tag.record), y.has(Tag.record) else { return cannot("merge", x, y.type) }
    let plan = mergePlan(x.header.pointee.extra, y.header.pointee.extra)
    let record = heap.record(shape: plan.pointee.shape, count: Int(plan.pointee.count))
    let slots = (Raw(record) + RecordCell.slotsOffset).assumingMemoryBound(to: Value.self)
    slots.update(from: x.slots, count: Int(plan.pointee.leftCount))
    let added = y.slots
    for slot in 0..<Int(plan.pointee.rightCount) { slots[Int(plan.pointee.places[slot])] = added[slot] }
    // Whose record it is goes with the id; defaults in front of a row of a file do not hide where it stands.
    let (left, right) = (x.record.pointee.origin, y.record.pointee.origin)
    var origin = (plan.pointee.isOfRight || (left.source == 0 && right.isFile) ? right : left).ofExtended
    // What was not read of the one is missing, whichever the record is.
    if !origin.isFile, left.isPartial || right.isPartial { origin.line = Origin.extended }
    record.pointee.origin = origin
    target.pointee = Value(cell: record, Tag.record)
    return true
  }

  /// A record with some fields set, without a record of those fields in between. Null counts as an empty record.
  @inline(never) func change(
    _ x: Value, _ values: UnsafeMutablePointer<Value>, _ shape: UInt32, _ count: Int,
    _ target: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard x.has(Tag.record) else {
      guard x.isNull else { return cannot("merge", x, .record) }
      let record = Value(cell: heap.record(shape: shape, count: count), Tag.record)
      record.slots.update(from: values, count: count)
      target.pointee = record
      return true
    }
    let plan = mergePlan(x.header.pointee.extra, shape)
    let record = heap.record(shape: plan.pointee.shape, count: Int(plan.pointee.count))
    let slots = (Raw(record) + RecordCell.slotsOffset).assumingMemoryBound(to: Value.self)
    copyInPairs(x.slots, slots, Int(plan.pointee.leftCount))
    var slot = 0
    while slot < count {
      slots[Int(plan.pointee.places[slot])] = values[slot]
      slot &+= 1
    }
    record.pointee.origin = x.record.pointee.origin.ofExtended
    target.pointee = Value(cell: record, Tag.record)
    return true
  }

  /// How records of two shapes merge, from the cache.
  @inline(__always) private func mergePlan(_ left: UInt32, _ right: UInt32) -> UnsafeMutablePointer<MergePlan> {
    let plan = mergePlans + (Int(left &* 31 ^ right) & (MergePlan.count - 1))
    if plan.pointee.left != left || plan.pointee.right != right { makeMergePlan(plan, left, right) }
    return plan
  }

  @inline(never) private func makeMergePlan(_ plan: UnsafeMutablePointer<MergePlan>, _ left: UInt32, _ right: UInt32) {
    // The run ends at the next call; until then the forms made by this one merge do no harm.
    if heap.shapes.shapes.count >= limits.shapes {
      abandon(.tooLarge(what: "number of different records", limit: limits.shapes))
    }
    let first = heap.shapes.shapes[Int(left)]
    let second = heap.shapes.shapes[Int(right)]
    var shape = first
    for name in second.names where first.slots[name] == nil { shape = heap.shapes.child(of: shape, addingNew: name) }
    plan.pointee.places.deallocate()
    let places = UnsafeMutablePointer<UInt32>.allocate(capacity: max(second.count, 1))
    for (slot, name) in second.names.enumerated() { places[slot] = UInt32(shape.slots[name] ?? 0) }
    plan.pointee = MergePlan(
      left: left, right: right, shape: shape.id, count: UInt32(shape.count), leftCount: UInt32(first.count),
      rightCount: UInt32(second.count), isOfRight: isOfRight(first, second), places: places)
  }

  private func isOfRight(_ first: Shape, _ second: Shape) -> Bool {
    guard let id = heap.shapes.known("id") else { return first.count == 0 }
    return second.slots[id] != nil || (first.count == 0 && first.slots[id] == nil)
  }

  /// Puts a list with one item more into the target.
  /// - Parameter isOwned: the target is the home of a name, and nothing else refers to the new list.
  @inline(never) func append(_ x: Value, _ item: Value, _ target: UnsafeMutablePointer<Value>, isOwned: Bool) -> Bool {
    let list = x.list
    if list.pointee.count >= limits.items {
      tooManyItems()
      return false
    }
    if isOwned, list.pointee.header.isOwned != 0, list.pointee.buffer.pointee.filled == list.pointee.count {
      if !makeRoom(list.pointee.buffer) { return false }
      heap.push(list, item)
      return true
    }
    target.pointee = heap.appending(item, to: list)
    target.pointee.list.pointee.header.isOwned = isOwned ? 1 : 0
    return true
  }

  /// Makes a full buffer larger; false when it holds as many items as a list may.
  @inline(never) func makeRoom(_ buffer: UnsafeMutablePointer<BufferCell>) -> Bool {
    if buffer.pointee.filled >= limits.items {
      tooManyItems()
      return false
    }
    heap.grow(buffer, atMost: limits.items)
    return true
  }

  /// - Parameter onlyFiles: leaves the origin alone where it would say which portal's record this is.
  @inline(never) func copyOrigin(_ from: Value, _ to: Value, onlyFiles: Bool) {
    guard from.has(Tag.record), to.has(Tag.record) else { return }
    let origin = from.record.pointee.origin
    if origin.isFile || (!onlyFiles && origin.source > 0) { to.record.pointee.origin = origin.ofMade }
  }

  @inline(never) func makeRange(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if x.isNull || y.isNull {
      target.pointee = .null
      return true
    }
    guard let _ = order(x, y) else { return false }
    guard !x.isText, !x.isBool else { return cannot("make a range of", x, y.type) }
    target.pointee = heap.pair(.range, x, y)
    return true
  }

  /// The parts as one text, with one allocation.
  @inline(never) func join(_ parts: UnsafeMutablePointer<Value>, _ count: Int, _ target: UnsafeMutablePointer<Value>)
    -> Bool
  {
    var total = 0
    var index = 0
    while index < count {
      let part = parts[index]
      if part.has(Tag.short) {
        total &+= part.shortCount
      } else if part.has(Tag.text) {
        total &+= Int(part.header.pointee.extra)
      } else if part.isWhole {
        total &+= part.digitCount
      } else {
        // Everything else is spelled out first.
        parts[index] = spelled(part)
        total &+= parts[index].textCount
      }
      index &+= 1
    }
    if total > limits.textBytes {
      pending = .tooLarge(what: "string", limit: limits.textBytes)
      return false
    }
    if total <= Value.shortLimit {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 8) { bytes in
        guard let start = bytes.baseAddress else { return }
        var place = start
        for index in 0..<count { parts[index].write(to: &place, before: start + total) }
        target.pointee = .short(start, total)
      }
      return true
    }
    let (value, bytes) = heap.longText(total)
    var place = bytes
    let end = bytes + total
    index = 0
    while index < count {
      parts[index].write(to: &place, before: end)
      index &+= 1
    }
    target.pointee = value
    return true
  }

  /// A value as interpolation shows it, as a text value. Whole numbers take a short way.
  func spelled(_ value: Value) -> Value {
    guard value.isWhole else { return heap.text(text(of: value)) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
      guard let start = digits.baseAddress else { return Value.null }
      var place = start
      let count = value.digitCount
      value.write(to: &place, before: start + count)
      return heap.text(start, count)
    }
  }
}
