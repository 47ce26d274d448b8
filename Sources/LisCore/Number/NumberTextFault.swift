/// Why a text is not a number. Offsets count bytes from the start of the text.
public enum NumberTextFault: Error, Equatable, Sendable {
  case empty
  /// A byte that cannot stand here, such as the `x` of `1.2x` or the comma of `1,5`.
  case unexpectedByte(UInt8, offset: Int)
  /// The text ends, or something else comes, where a digit must stand: after a sign, a point or an `e`.
  case missingDigit(offset: Int)
  /// JSON writes no zeros in front of a number (RFC 8259, section 6).
  case leadingZero
  /// An exponent in a form of number that has none.
  case exponentNotAllowed(offset: Int)
  case tooManyDigits
  case tooManyDecimals
}

extension NumberTextFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "the text is empty, and a number needs at least one digit"
    case .unexpectedByte(UInt8(ascii: ","), let offset):
      "there is a comma at position \(offset + 1); write a point before decimals and no signs between thousands"
    case .unexpectedByte(let byte, let offset):
      "\(visibleName(of: byte)) at position \(offset + 1) is not part of a number"
    case .missingDigit(let offset): "a digit is missing at position \(offset + 1)"
    case .leadingZero: "a JSON number does not begin with a superfluous zero"
    case .exponentNotAllowed(let offset): "the exponent at position \(offset + 1) is not allowed; write all digits out"
    case .tooManyDigits: "the number has more than \(Decimal.maximumDigits) digits"
    case .tooManyDecimals: "the number has more than \(Decimal.maximumScale) digits after the point"
    }
  }
}
