import Glibc

/// Texts of 8 to 64 bytes that were read from files lately, so that one which comes again (a date, a stage, an owner)
/// takes no memory again. Values are immutable, so nobody can tell.
///
/// It costs some of the time of reading, which wins nothing where rows only pass through. It is therefore in use only
/// after a collection that found much to keep. Each sweep empties it: what it holds is not kept alive by it.
enum RecentTexts {
  /// Bytes that a program has to keep.
  static let leastKept = 4 << 20
  static let longest = 64
  private static let placeBits: UInt64 = 12
  static let places = 1 << placeBits

  /// The place of a text of 8 bytes or more.
  @inline(__always) static func place(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let start = UnsafeRawPointer(bytes)
    var hash = UInt64(truncatingIfNeeded: count)
    var offset = 0
    while offset < count &- 8 {
      hash = mixed(hash, start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    hash = mixed(hash, start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
    return Int(truncatingIfNeeded: hash >> (64 - placeBits))
  }

  /// Multiplying moves differences upwards only; the rotation brings them down again.
  @inline(__always) private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    ((hash << 5 | hash >> 59) ^ word) &* 0x9e37_79b9_7f4a_7c15
  }
}

extension Heap {
  /// A text of 8 to 64 bytes, made only if it was not read lately.
  @inline(never) func recentText(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Value {
    guard let recentTexts else { return text(bytes, count) }
    let place = recentTexts + RecentTexts.place(bytes, count)
    let known = place.pointee
    if known.has(Tag.text), known.header.pointee.extra == count,
      memcmp(known.cell + TextCell.bytesOffset, bytes, count) == 0
    {
      return known
    }
    let value = text(bytes, count)
    place.pointee = value
    return value
  }

  /// - Parameter isWanted: whether they are remembered from now on.
  func forgetRecentTexts(isWanted: Bool) {
    if isWanted {
      let words = recentTexts ?? .allocate(capacity: RecentTexts.places)
      words.initialize(repeating: .null, count: RecentTexts.places)
      recentTexts = words
    } else {
      recentTexts?.deallocate()
      recentTexts = nil
    }
  }
}
