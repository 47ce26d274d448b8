import Glibc

/// Texts and whole numbers written straight to where they are wanted.
extension Value {
  /// Characters of a whole number in a word, its sign included.
  @inline(__always) var digitCount: Int {
    let magnitude = UInt64(payload.magnitude)
    var count = payload < 0 ? 2 : 1
    var power: UInt64 = 10
    // 56 bits hold at most 17 digits, so that the power fits.
    while magnitude >= power {
      count &+= 1
      power &*= 10
    }
    return count
  }

  /// Writes a text, or a whole number in a word, and moves `target` behind it.
  /// - Parameter end: the end of the room for everything that is being written.
  @inline(__always)
  func write(to target: inout UnsafeMutablePointer<UInt8>, before end: UnsafeMutablePointer<UInt8>) {
    if has(Tag.short) {
      let count = shortCount
      if end - target >= 8 {
        // One store; what is too much of it is written over by what follows.
        Raw(target).storeBytes(of: (bits >> 8).littleEndian, as: UInt64.self)
      } else {
        var rest = bits >> 8
        var index = 0
        while index < count {
          target[index] = UInt8(truncatingIfNeeded: rest)
          rest >>= 8
          index &+= 1
        }
      }
      target += count
    } else if has(Tag.text) {
      let count = Int(header.pointee.extra)
      memcpy(target, cell(Tag.text) + TextCell.bytesOffset, count)
      target += count
    } else {
      writeDigits(to: &target)
    }
  }

  private func writeDigits(to target: inout UnsafeMutablePointer<UInt8>) {
    let count = digitCount
    var magnitude = UInt64(payload.magnitude)
    var place = target + count
    repeat {
      place -= 1
      let tenth = magnitude / 10
      place.pointee = UInt8(truncatingIfNeeded: 48 &+ magnitude &- tenth &* 10)
      magnitude = tenth
    } while magnitude != 0
    if payload < 0 { target.pointee = UInt8(ascii: "-") }
    target += count
  }
}
