extension Decimal: CustomStringConvertible, LosslessStringConvertible {
  /// All digits written out, never with an exponent: `-0.05`, `1.10`, `120`.
  public var description: String { String(decoding: utf8, as: UTF8.self) }

  public init?(_ description: String) {
    guard let number = try? Decimal(parsing: description) else { return nil }
    self = number
  }

  /// The text of `description` as bytes.
  public var utf8: [UInt8] {
    var bytes: [UInt8] = []
    appendUTF8(to: &bytes)
    return bytes
  }

  /// Appends the text of `description` to `bytes`.
  public func appendUTF8(to bytes: inout [UInt8]) {
    if isNegative { bytes.append(UInt8(ascii: "-")) }
    // There is a digit in front of the point, whatever the scale.
    let length = max(digitCount, scale + 1) + (scale > 0 ? 1 : 0)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: length))
    var rest = coefficient.magnitude
    var text = bytes.mutableSpan
    var place = text.count
    let point = scale > 0 ? text.count - scale - 1 : -1
    // Division in 64 bits is many times cheaper, so at most two divisions are done in 128.
    while rest > UInt128(UInt64.max) {
      let (quotient, chunk) = rest.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
      Decimal.write(UInt64(truncatingIfNeeded: chunk), digits: 18, before: &place, skipping: point, in: &text)
      rest = quotient
    }
    Decimal.write(UInt64(truncatingIfNeeded: rest), digits: 0, before: &place, skipping: point, in: &text)
    if point >= 0 { text[point] = UInt8(ascii: ".") }
  }

  /// Writes digits from right to left over zeros, at least `digits` of them, leaving out the place of the point.
  private static func write(
    _ value: UInt64, digits: Int, before place: inout Int, skipping point: Int, in text: inout MutableSpan<UInt8>
  ) {
    var rest = value
    var written = 0
    while rest != 0 || written < digits {
      place -= place - 1 == point ? 2 : 1
      text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      written += 1
    }
  }
}
