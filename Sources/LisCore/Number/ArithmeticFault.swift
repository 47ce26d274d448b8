/// Why an operation on exact numbers has no result that can be held.
public enum ArithmeticFault: Error, Equatable, Sendable {
  /// The exact result needs more than `Decimal.maximumDigits` significant digits.
  case tooManyDigits
  /// The result needs more than `Decimal.maximumScale` digits after the point.
  case tooManyDecimals
  /// The right side of `/` or `%` is zero.
  case divisionByZero
}

extension ArithmeticFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooManyDigits:
      "the exact result has more than \(Decimal.maximumDigits) digits; round the numbers before calculating"
    case .tooManyDecimals:
      "the result has more than \(Decimal.maximumScale) digits after the point; round the numbers before calculating"
    case .divisionByZero:
      "a number cannot be divided by zero; test the divisor first"
    }
  }
}
