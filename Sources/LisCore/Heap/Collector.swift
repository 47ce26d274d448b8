import Glibc

/// Mark and sweep. A collection of a large heap takes longer than somebody who pressed Ctrl-C waits, so that it can be
/// given up at any time: a cell is marked by the number of the collection, and what an abandoned one has marked means
/// nothing to the next.
extension Heap {
  /// Marks what the given stretches of values reach, wipes the registers above the live part of the stack, and
  /// returns every other cell to its free list.
  ///
  /// - Parameters:
  ///   - stack: the lowest register.
  ///   - top: just past the running frame's registers. Registers below it may be stale: what they hold was alive at
  ///     the last collection or made since, so marking it is safe.
  ///   - highest: just past the highest register that any frame has used since the last collection. The part between
  ///     `top` and `highest` is wiped: a later, deeper call would otherwise find addresses of freed cells there.
  ///     It is wiped whole; a first zero word proves nothing, since the number 0 is a zero word.
  ///   - roots: further values: constants, globals, values that Swift code holds.
  /// - Returns: false when it was given up because the run has to end; nothing has been wiped or freed then.
  @inline(never) func collect(
    stack: UnsafeMutablePointer<Value>, top: UnsafeMutablePointer<Value>, highest: UnsafeMutablePointer<Value>,
    roots: [UnsafeMutableBufferPointer<Value>]
  ) -> Bool {
    if isStopped && abandonedInARow < Heap.abandonedLimit { return false }
    collections += 1
    // 0 is the mark of a cell that was made since.
    epoch = epoch == 255 ? 1 : epoch + 1
    var register = stack
    while register < top {
      mark(register.pointee)
      register += 1
    }
    for stretch in roots { for value in stretch { mark(value) } }
    guard markAll() else {
      marked.removeAll()
      abandonedInARow += 1
      return false
    }
    abandonedInARow = 0
    while register < highest {
      register.pointee = Value(raw: 0)
      register += 1
    }
    beforeSweep?()
    sweep()
    forgetRecentTexts(isWanted: stressed || live >= RecentTexts.leastKept)
    allocated = 0
    largestLive = max(largestLive, live)
    threshold = stressed ? -1 : max(Heap.smallestThreshold, live, min(Heap.moderateThreshold, live * 4))
    releaseDying()
    return true
  }

  /// - Returns: false when the run has to end, and the collection with it.
  private func markAll() -> Bool {
    let mayStop = abandonedInARow < Heap.abandonedLimit
    var untilLook = cellsBetweenLooks
    while let cell = marked.popLast() {
      markContents(cell)
      untilLook -= 1
      if untilLook == 0 {
        onLook?()
        if mayStop && isStopped { return false }
        untilLook = cellsBetweenLooks
      }
    }
    return !(mayStop && isStopped)
  }

  private var isStopped: Bool { stop.map { $0.pointee.load(ordering: .relaxed) != 0 } ?? false }

  @inline(__always) func mark(_ value: Value) {
    if value.isHeap { markCell(value.cell) }
  }

  @inline(__always) func markCell(_ cell: Raw) {
    let header = cell.assumingMemoryBound(to: Header.self)
    if header.pointee.mark != epoch {
      // A reachable cell on a free list means that a root was missed earlier; going on would corrupt values.
      precondition(header.pointee.kind != CellKind.free.rawValue, "a freed cell is still in use")
      header.pointee.mark = epoch
      if header.pointee.kind != CellKind.text.rawValue { marked.append(cell) }
    }
  }

  private func markContents(_ cell: Raw) {
    guard let kind = CellKind(rawValue: cell.assumingMemoryBound(to: Header.self).pointee.kind) else { return }
    switch kind {
    case .free, .text, .decimal, .duration, .opaque: break
    case .list: markCell(Raw(cell.assumingMemoryBound(to: ListCell.self).pointee.buffer))
    case .buffer:
      let buffer = cell.assumingMemoryBound(to: BufferCell.self).pointee
      for index in 0..<buffer.filled {
        mark(buffer.items[index])
        if index & 0xffff == 0xffff && isStopped && abandonedInARow < Heap.abandonedLimit { return }
      }
    case .record:
      let count = shapes.counts[Int(cell.assumingMemoryBound(to: Header.self).pointee.extra)]
      markWords(cell + RecordCell.slotsOffset, Int(count))
    case .function:
      markWords(cell + FunctionCell.capturesOffset, Int(cell.assumingMemoryBound(to: Header.self).pointee.extra))
    case .range, .stream, .invalid: markWords(cell + 16, 2)
    case .cursor: markWords(cell + 16, 4)
    case .variable: markWords(cell + 8, 1)
    }
  }

  @inline(__always) private func markWords(_ start: Raw, _ count: Int) {
    let values = start.assumingMemoryBound(to: Value.self)
    var value = values
    let end = values + count
    while value < end {
      mark(value.pointee)
      value += 1
    }
  }

  private func sweep() {
    live = 0
    for units in 0...Heap.largestClass { free[units] = nil }
    for (index, block) in blocks.enumerated() {
      // What is free or dead in the blocks that are left out is found by the next collection.
      if index & 63 == 63 && isStopped { break }
      sweep(block)
    }
    var kept: [Raw] = []
    for cell in large {
      let header = cell.assumingMemoryBound(to: Header.self)
      if header.pointee.mark == epoch {
        live += largeBytes(header.pointee)
        kept.append(cell)
      } else {
        Glibc.free(cell)
      }
    }
    large = kept
  }

  /// Only texts, records and functions grow beyond the size classes; each says how long it is.
  private func largeBytes(_ header: Header) -> Int {
    switch header.kind {
    case CellKind.record.rawValue: RecordCell.slotsOffset + Int(shapes.counts[Int(header.extra)]) * 8
    case CellKind.function.rawValue: FunctionCell.capturesOffset + Int(header.extra) * 8
    default: TextCell.bytesOffset + Int(header.extra)
    }
  }

  private func sweep(_ block: Block) {
    let units = block.cellBytes >> 4
    var head = free[units]
    var cell = block.start
    for _ in 0..<block.cells {
      let header = cell.assumingMemoryBound(to: Header.self)
      if header.pointee.mark == epoch {
        live += block.cellBytes
        if header.pointee.kind == CellKind.buffer.rawValue {
          live += cell.assumingMemoryBound(to: BufferCell.self).pointee.capacity * 8
        }
      } else {
        if header.pointee.kind == CellKind.buffer.rawValue {
          releaseBuffer(cell)
        } else if header.pointee.kind == CellKind.opaque.rawValue {
          releaseObject(cell.assumingMemoryBound(to: OpaqueCell.self).pointee.index)
        }
        if stressed { memset(cell, Int32(Heap.poison), block.cellBytes) }
        header.pointee = Header()
        cell.storeBytes(of: head, toByteOffset: 8, as: Raw?.self)
        head = cell
      }
      cell += block.cellBytes
    }
    free[units] = head
  }
}
