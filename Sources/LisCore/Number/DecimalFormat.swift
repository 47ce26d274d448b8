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
    let start = bytes.count
    appendReversedDigits(to: &bytes)
    // Enough zeros for one digit in front of the point.
    while bytes.count - start <= scale { bytes.append(UInt8(ascii: "0")) }
    if scale > 0 { bytes.insert(UInt8(ascii: "."), at: start + scale) }
    bytes[start...].reverse()
  }

  /// The digits of the coefficient, last one first; none for zero.
  private func appendReversedDigits(to bytes: inout [UInt8]) {
    var rest = coefficient.magnitude
    // Division in 64 bits is many times cheaper, so at most two divisions are done in 128.
    while rest > UInt128(UInt64.max) {
      let (quotient, chunk) = rest.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
      var digits = UInt64(truncatingIfNeeded: chunk)
      for _ in 0..<18 {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digits % 10))
        digits /= 10
      }
      rest = quotient
    }
    var digits = UInt64(truncatingIfNeeded: rest)
    while digits != 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digits % 10))
      digits /= 10
    }
  }
}
