/// Text on its way from a terminal's bracketed paste (`ESC [ 200 ~` … `ESC [ 201 ~`) into the entry.
///
/// Nothing in a paste acts as a key: it ends at the closing mark alone, and what a terminal or the editor would obey is
/// left out.
struct PastedText {
  private static let end: [Unicode.Scalar] = ["\u{1b}", "[", "2", "0", "1", "~"]
  private var scalars: [Unicode.Scalar] = []
  private let limit: Int
  /// Whether more came than the limit allows. The text is then of no use: half a paste must not look like a whole one.
  private(set) var isTooLong = false

  init(limit: Int) { self.limit = limit }

  /// Takes the next scalar. Returns whether it completed the closing mark.
  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    scalars.append(scalar)
    if scalar == "~" && scalars.suffix(Self.end.count).elementsEqual(Self.end) {
      scalars.removeLast(Self.end.count)
      isTooLong = isTooLong || scalars.count > limit
      return true
    }
    if scalars.count > limit + 2 * Self.end.count {
      isTooLong = true
      scalars.removeFirst(scalars.count - Self.end.count)
    }
    return false
  }

  /// The text with `\n` between lines and without control characters other than tabs.
  var cleaned: [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    var previous: Unicode.Scalar?
    for scalar in scalars {
      switch scalar {
      case "\r": result.append("\n")
      case "\n": if previous != "\r" { result.append("\n") }
      case "\t": result.append("\t")
      default: if !isControl(scalar) { result.append(scalar) }
      }
      previous = scalar
    }
    return result
  }

  private func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || 0x7f...0x9f ~= scalar.value }
}
