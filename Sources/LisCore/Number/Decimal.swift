// The room of exact numbers. UTF-8 digits and machine integers enter, exact decimals and their digits leave;
// no binary floating point is ever involved. This is the path for what does not fit the one-word number.

/// An exact decimal number of up to 38 significant digits: `coefficient` × 10^−`scale`.
///
/// The digits as written are kept, so `1.10` has scale 2 and prints as `1.10`; they do not matter for equality,
/// order or hashing. There is no negative zero, no infinity and no "not a number", so the order is total.
public struct Decimal: Sendable {
  /// The digits without the point. Its magnitude is below 10^38.
  public let coefficient: Int128
  /// How many of the digits stand after the point: 0 to `maximumScale`.
  public let scale: Int

  /// The largest number of significant digits.
  public static let maximumDigits = 38
  /// The largest number of digits after the point.
  public static let maximumScale = 255

  public static let zero = Decimal(unchecked: 0, scale: 0)
  public static let one = Decimal(unchecked: 1, scale: 0)

  /// For callers that have already checked both ranges.
  init(unchecked coefficient: Int128, scale: Int) {
    self.coefficient = coefficient
    self.scale = scale
  }

  /// For callers that have already checked both ranges.
  init(negative: Bool, magnitude: UInt128, scale: Int) {
    let coefficient = Int128(truncatingIfNeeded: magnitude)
    self.init(unchecked: negative ? -coefficient : coefficient, scale: scale)
  }

  /// A whole number.
  public init(_ whole: Int) { self.init(unchecked: Int128(whole), scale: 0) }

  /// `mantissa` × 10^−`scale`, written digits kept.
  /// - Parameter scale: digits after the point, 0 to `maximumScale`; any other is a mistake of the calling code.
  public init(mantissa: Int, scale: Int) {
    precondition(0...Decimal.maximumScale ~= scale)
    self.init(unchecked: Int128(mantissa), scale: scale)
  }

  /// `coefficient` × 10^−`scale`, or nil if either is out of range.
  public init?(coefficient: Int128, scale: Int) {
    guard coefficient.magnitude < PowersOfTen.power(Decimal.maximumDigits), 0...Decimal.maximumScale ~= scale
    else { return nil }
    self.init(unchecked: coefficient, scale: scale)
  }

  public var isZero: Bool { coefficient == 0 }
  public var isNegative: Bool { coefficient < 0 }

  /// The number of digits of the coefficient: 3 for `1.10`, 1 for `0`, 1 for `0.05`.
  public var digitCount: Int { PowersOfTen.digitCount(coefficient.magnitude) }

  /// Whether nothing but zeros stands after the point.
  public var isWhole: Bool {
    if scale == 0 || coefficient == 0 { return true }
    return scale <= Decimal.maximumDigits && coefficient.magnitude % PowersOfTen.power(scale) == 0
  }

  /// The same number as a machine integer, or nil if it has a fraction or does not fit in 64 bits.
  public var wholeInt: Int? {
    if coefficient == 0 { return 0 }
    guard scale <= Decimal.maximumDigits else { return nil }
    let (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: Int128(PowersOfTen.power(scale)))
    return remainder == 0 ? Int(exactly: quotient) : nil
  }

  /// The number as the one-word value holds it, without losing a written digit: a signed mantissa of 56 bits and a
  /// scale of at most 31. Nil if it does not fit.
  public var fits56: (mantissa: Int, scale: Int)? {
    guard scale <= 31, -(1 << 55)..<(1 << 55) ~= coefficient else { return nil }
    return (Int(truncatingIfNeeded: coefficient), scale)
  }

  /// The same number without zeros at the end of its fraction.
  public var reduced: Decimal {
    if coefficient == 0 { return .zero }
    let (rest, removed) = PowersOfTen.strippingZeros(coefficient.magnitude, atMost: scale)
    return Decimal(negative: isNegative, magnitude: rest, scale: scale - removed)
  }
}

extension Decimal: Comparable, Hashable {
  public static func == (left: Decimal, right: Decimal) -> Bool {
    left.scale == right.scale ? left.coefficient == right.coefficient : left.compare(right) == 0
  }

  public static func < (left: Decimal, right: Decimal) -> Bool {
    left.scale == right.scale ? left.coefficient < right.coefficient : left.compare(right) < 0
  }

  /// -1, 0 or 1: the order by value, whatever the written digits.
  public func compare(_ other: Decimal) -> Int {
    let (leftSign, rightSign) = (coefficient.signum(), other.coefficient.signum())
    if leftSign != rightSign { return leftSign < rightSign ? -1 : 1 }
    if leftSign == 0 { return 0 }
    return Int(leftSign) * compareMagnitude(other)
  }

  /// The order of the magnitudes of two numbers that are not zero.
  private func compareMagnitude(_ other: Decimal) -> Int {
    // The position of the first digit decides unless it is the same for both; then the scales differ by at most
    // 37, as the digit counts do, and both coefficients can be brought to one scale within 256 bits.
    let (first, otherFirst) = (digitCount - scale, other.digitCount - other.scale)
    if first != otherFirst { return first < otherFirst ? -1 : 1 }
    let shared = max(scale, other.scale)
    let left = WideMagnitude(product: coefficient.magnitude, PowersOfTen.power(shared - scale))
    let right = WideMagnitude(product: other.coefficient.magnitude, PowersOfTen.power(shared - other.scale))
    return left == right ? 0 : left < right ? -1 : 1
  }

  public func hash(into hasher: inout Hasher) {
    let plain = reduced
    hasher.combine(plain.coefficient)
    hasher.combine(plain.scale)
  }
}
