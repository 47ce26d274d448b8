/// Cells that a collection has reached and whose contents it has yet to mark. In memory of its own: an array of a class's
/// costs several times as much for each cell.
struct MarkedCells {
  private var cells: UnsafeMutablePointer<Raw>
  private var count = 0
  private var capacity = 1 << 10

  init() { cells = .allocate(capacity: capacity) }

  func deallocate() { cells.deallocate() }

  @inline(__always) mutating func append(_ cell: Raw) {
    if count == capacity { grow() }
    cells[count] = cell
    count &+= 1
  }

  @inline(__always) mutating func popLast() -> Raw? {
    if count == 0 { return nil }
    count &-= 1
    return cells[count]
  }

  mutating func removeAll() { count = 0 }

  @inline(never) private mutating func grow() {
    let larger = UnsafeMutablePointer<Raw>.allocate(capacity: capacity * 2)
    larger.update(from: cells, count: count)
    cells.deallocate()
    cells = larger
    capacity *= 2
  }
}
