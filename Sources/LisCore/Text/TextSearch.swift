import Glibc

/// Looks for one text in others, in time linear in their length whatever they are (Knuth, Morris and Pratt; a short text
/// is looked for by its first byte, which is faster and bounded too).
struct TextSearch {
  private let wanted: [UInt8]
  /// For each prefix of `wanted` the length of the longest shorter prefix that it ends with; empty for short texts.
  private var prefixes: [Int] = []
  private static let shortCount = 32
  private static let stretch = 1 << 14

  /// - Parameter wanted: a text that is not empty.
  init(_ wanted: Value, _ machine: Machine) {
    self.wanted = wanted.withText { Array($0) }
    guard self.wanted.count > TextSearch.shortCount else { return }
    prefixes = [0]
    prefixes.reserveCapacity(self.wanted.count)
    var length = 0
    for index in 1..<self.wanted.count {
      length = extended(length, by: self.wanted[index])
      prefixes.append(length)
      if index & 0xfff == 0, !machine.goesOn(after: 0x1000) { return }
    }
  }

  private func extended(_ length: Int, by byte: UInt8) -> Int {
    var length = length
    while length > 0 && wanted[length] != byte { length = prefixes[length - 1] }
    return wanted[length] == byte ? length + 1 : 0
  }

  /// The place of the first occurrence from `start` on; nil when there is none or the run has to end.
  func first(in text: Value, from start: Int, _ machine: Machine) -> Int? {
    text.withText { bytes in
      guard let base = bytes.baseAddress, bytes.count - start >= wanted.count else { return nil }
      return wanted.count > TextSearch.shortCount
        ? long(base, start, bytes.count, machine) : short(base, start, bytes.count, machine)
    }
  }

  private func short(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int, _ machine: Machine) -> Int? {
    var place = start
    let last = count - wanted.count
    while place <= last {
      let end = min(last + 1, place + TextSearch.stretch)
      guard machine.goesOn(after: 1 + (end - place) / 16) else { return nil }
      while place < end, let found = memchr(base + place, Int32(wanted[0]), end - place) {
        let at = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        if memcmp(base + at, wanted, wanted.count) == 0 { return at }
        place = at + 1
      }
      place = end
    }
    return nil
  }

  private func long(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int, _ machine: Machine) -> Int? {
    guard prefixes.count == wanted.count else { return nil }
    var length = 0
    for index in start..<count {
      length = extended(length, by: base[index])
      if length == wanted.count { return index + 1 - length }
      if index & 0xfff == 0, !machine.goesOn(after: 0x1000) { return nil }
    }
    return nil
  }
}
