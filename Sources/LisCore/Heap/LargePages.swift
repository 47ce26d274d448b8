import Glibc

/// Memory that the system may serve in pages of 2 MiB instead of 4 KiB, where it can: touching a stretch for the first
/// time then costs one fault in place of 512. Half of the time of a program that keeps a million values was spent on
/// those faults.
enum LargePages {
  static let bytes = 2 << 20

  /// A stretch of one large page, which `free` gives back.
  static func allocate() -> Raw {
    guard let start = aligned_alloc(bytes, bytes) else { Heap.outOfMemory(bytes) }
    madvise(start, bytes, Int32(MADV_HUGEPAGE))
    return start
  }

  /// Says of a large stretch from `malloc` or `realloc`, most of which is still untouched, that it may have large pages.
  static func allow(_ start: Raw, _ bytes: Int) {
    // The whole mapping, since one whose parts differ can no longer be moved by its page table.
    let page = UInt(getpagesize())
    let first = UInt(bitPattern: start) & ~(page - 1)
    let end = (UInt(bitPattern: start) + UInt(bytes) + page - 1) & ~(page - 1)
    madvise(Raw(bitPattern: first), Int(end - first), Int32(MADV_HUGEPAGE))
  }
}
