import Glibc
import Synchronization

typealias Raw = UnsafeMutableRawPointer

/// Memory for values: 16-byte size classes with free lists in blocks, larger cells from malloc.
///
/// Cells are freed by `collect` alone, and `collect` runs only at safepoints of the machine's loop, so native code
/// never sees a value disappear and keeps no root lists.
final class Heap {
  /// One free list per size class.
  let free: UnsafeMutablePointer<Raw?>
  var blocks: [Block] = []
  /// What blocks are made of.
  private var stretches: [Raw] = []
  /// The part of the last stretch that is no block yet.
  private var unused: Range<Raw>
  var large: [Raw] = []
  /// Bytes handed out since the last collection.
  var allocated = 0
  /// A safepoint collects when `allocated` exceeds it.
  var threshold = Heap.smallestThreshold
  /// A collection at every safepoint, freed cells poisoned and met again trapped: for tests.
  var stressed = false { didSet { threshold = stressed ? -1 : Heap.smallestThreshold } }
  var collections = 0
  /// The mark of cells that this collection has reached.
  var epoch: UInt8 = 0
  /// Collections given up since the last one that came to its end. Marks repeat after 255.
  var abandonedInARow = 0
  static let abandonedLimit = 200
  var cellsBetweenLooks = 1 << 14
  /// Set when the run has to end.
  var stop: UnsafeMutablePointer<Atomic<UInt8>>?
  /// Only a collection uses it, and never while it is being changed: checking that would cost more than marking.
  @exclusivity(unchecked) var marked = MarkedCells()
  /// Bytes of the cells that survived the last collection.
  var live = 0
  /// The most that ever survived a collection.
  var largestLive = 0
  /// Called when a collection looks whether to go on. For tests.
  var onLook: (() -> Void)?
  var beforeSweep: (() -> Void)?
  let shapes: ShapeTable
  /// See `RecentTexts`; nil while none are remembered.
  var recentTexts: UnsafeMutablePointer<Value>?
  /// Swift objects that opaque cells stand for; an entry is emptied when its cell is swept.
  private var objects: [AnyObject?] = []
  private var freeObjects: [Int] = []
  /// Objects whose cells this sweep frees. They are released when it is over, since what they do then is their own
  /// affair: they may let go of kept values or make new ones.
  private var dying: [AnyObject?] = []

  /// Small enough that rows which only pass through are made in memory that is still in the processor's cache.
  static let smallestThreshold = 8 << 20
  /// Values that a program keeps are marked by each collection. Where they are many, memory is spent on garbage so that
  /// collections are few: four times as much as what is kept, but not more than this many bytes or what is kept.
  static let moderateThreshold = 48 << 20
  static let largestClass = 64
  static let blockBytes = 256 << 10
  /// Blocks that are asked for one by one.
  static let smallStretches = 8
  /// Fills freed cells while `stressed`; an address made of it is not canonical, so using one faults at once.
  static let poison: UInt8 = 0xDB

  struct Block {
    var start: Raw
    var cellBytes: Int
    var cells: Int
  }

  init() {
    free = .allocate(capacity: Heap.largestClass + 1)
    free.initialize(repeating: nil, count: Heap.largestClass + 1)
    unused = Raw(free)..<Raw(free)
    shapes = ShapeTable()
  }

  deinit {
    for block in blocks {
      freeBuffers(of: block)
    }
    for stretch in stretches { Glibc.free(stretch) }
    for cell in large { Glibc.free(cell) }
    free.deallocate()
    marked.deallocate()
  }

  private func freeBuffers(of block: Block) {
    for index in 0..<block.cells {
      let header = (block.start + index * block.cellBytes).assumingMemoryBound(to: Header.self)
      if header.pointee.kind == CellKind.buffer.rawValue { releaseBuffer(Raw(header)) }
    }
  }

  /// A cell for a Swift object, which lives until the cell is swept.
  func opaque(_ object: AnyObject) -> Value {
    let cell = allocate(MemoryLayout<OpaqueCell>.size, .opaque).assumingMemoryBound(to: OpaqueCell.self)
    if let index = freeObjects.popLast() {
      objects[index] = object
      cell.pointee.index = index
    } else {
      cell.pointee.index = objects.count
      objects.append(object)
    }
    return Value(cell: cell, Tag.cell)
  }

  func object(_ value: Value) -> AnyObject? {
    guard value.isCell(.opaque) else { return nil }
    return objects[value.cell.assumingMemoryBound(to: OpaqueCell.self).pointee.index]
  }

  func releaseObject(_ index: Int) {
    dying.append(objects[index])
    objects[index] = nil
    freeObjects.append(index)
  }

  /// The last step of a collection.
  func releaseDying() {
    let released = dying
    dying = []
    withExtendedLifetime(released) {}
  }

  /// Makes the next collection come before the heap is larger than it may be, so that garbage counts as none.
  func holdThreshold(below limit: Int) {
    if !stressed { threshold = min(threshold, max(Heap.smallestThreshold, limit - live)) }
  }

  @inline(__always) func releaseBuffer(_ cell: Raw) {
    Glibc.free(cell.assumingMemoryBound(to: BufferCell.self).pointee.items)
  }

  /// - Parameter extra: see `Header`.
  @inline(__always) func allocate(_ bytes: Int, _ kind: CellKind, extra: UInt32 = 0) -> Raw {
    let units = (bytes &+ 15) &>> 4
    if _fastPath(units <= Heap.largestClass), _fastPath(free[units] != nil), let cell = free[units] {
      free[units] = cell.load(fromByteOffset: 8, as: Raw?.self)
      allocated &+= units &<< 4
      Header.store(kind, extra, in: cell)
      return cell
    }
    return allocateSlowly(bytes, kind, extra)
  }

  @inline(never) private func allocateSlowly(_ bytes: Int, _ kind: CellKind, _ extra: UInt32) -> Raw {
    let units = (bytes + 15) >> 4
    if units > Heap.largestClass {
      // A multiple of 16 as all cells: see `copyInPairs`.
      let cell = Heap.memory(units << 4)
      allocated += bytes
      large.append(cell)
      Header.store(kind, extra, in: cell)
      return cell
    }
    let cellBytes = units << 4
    let count = Heap.blockBytes / cellBytes
    let start = blockMemory()
    blocks.append(Block(start: start, cellBytes: cellBytes, cells: count))
    var head: Raw?
    for index in stride(from: count - 1, through: 0, by: -1) {
      let cell = start + index * cellBytes
      cell.storeBytes(of: Header(), as: Header.self)
      cell.storeBytes(of: head, toByteOffset: 8, as: Raw?.self)
      head = cell
    }
    free[units] = head
    return allocate(bytes, kind, extra: extra)
  }

  /// Memory of `blockBytes`. A short script gets a block at a time, and one that needs many a large page at a time.
  private func blockMemory() -> Raw {
    if unused.isEmpty {
      let isSmall = stretches.count < Heap.smallStretches
      let stretch = isSmall ? Heap.memory(Heap.blockBytes) : LargePages.allocate()
      stretches.append(stretch)
      unused = stretch..<(stretch + (isSmall ? Heap.blockBytes : LargePages.bytes))
    }
    let start = unused.lowerBound
    unused = (start + Heap.blockBytes)..<unused.upperBound
    return start
  }

  /// Memory is asked for in amounts that the limits on values bound; when the system has none left there is nothing
  /// to go back to, as anywhere in a Swift program.
  static func memory(_ bytes: Int) -> Raw {
    guard let pointer = malloc(max(bytes, 16)) else { outOfMemory(bytes) }
    return pointer
  }

  static func outOfMemory(_ bytes: Int) -> Never {
    let message = "lis: out of memory (\(bytes) bytes more were asked for)\n"
    _ = message.withCString { write(2, $0, strlen($0)) }
    abort()
  }
}
