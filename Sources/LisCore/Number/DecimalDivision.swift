extension Decimal {
  /// The significant digits of a quotient that has no exact form within 38.
  public static let inexactQuotientDigits = 28

  /// The quotient. If it is exact within 38 digits it is kept so, with the fewest decimals it needs but not fewer than
  /// this number has more than the divisor (`6.00 / 2` is `3.00`, `1 / 8` is `0.125`). Otherwise it is rounded to
  /// 28 significant digits, half to even.
  /// - Throws: `divisionByZero`; `tooManyDigits` or `tooManyDecimals` for a quotient out of range.
  public func divided(by divisor: Decimal) throws(ArithmeticFault) -> Decimal {
    if divisor.isZero { throw .divisionByZero }
    let preferred = max(0, scale - divisor.scale)
    if isZero { return Decimal(unchecked: 0, scale: preferred) }
    let negative = isNegative != divisor.isNegative
    let quotient = LongQuotient(coefficient.magnitude, dividedBy: divisor.coefficient.magnitude)
    let fullScale = scale - divisor.scale + quotient.decimals
    if !quotient.isExact {
      let (rounded, dropped) = quotient.rounded(toDigits: Decimal.inexactQuotientDigits)
      return try Decimal(negative: negative, placing: rounded, scale: fullScale - dropped)
    }
    let (digits, removed) = PowersOfTen.strippingZeros(quotient.digits, atMost: max(0, fullScale - preferred))
    return try Decimal(negative: negative, placing: digits, scale: fullScale - removed)
  }

  /// A number whose last digit may stand left of the point: a negative scale is filled up with zeros.
  private init(negative: Bool, placing magnitude: UInt128, scale: Int) throws(ArithmeticFault) {
    if scale >= 0 {
      try self.init(negative: negative, fitting: WideMagnitude(magnitude), scale: scale)
      return
    }
    guard -scale <= PowersOfTen.largestExponent else { throw .tooManyDigits }
    let filled = WideMagnitude(product: magnitude, PowersOfTen.power(-scale))
    try self.init(negative: negative, fitting: filled, scale: 0)
  }
}

/// The first 38 digits of a quotient of two whole numbers: `digits` × 10^−`decimals`, and whether that is all of it.
private struct LongQuotient {
  /// Below 10^38. Exactly 38 digits if the quotient goes on after them.
  var digits: UInt128
  /// How many of the digits stand after the point.
  var decimals: Int
  var isExact: Bool

  /// Both numbers are above zero and below 10^38.
  init(_ dividend: UInt128, dividedBy divisor: UInt128) {
    let whole = dividend.quotientAndRemainder(dividingBy: divisor)
    if whole.remainder == 0 {
      (digits, decimals, isExact) = (whole.quotient, 0, true)
      return
    }
    // A dividend of 37 digits more than the divisor gives a quotient of 37 or 38 digits, within 256 bits.
    let shift = 37 + PowersOfTen.digitCount(divisor) - PowersOfTen.digitCount(dividend)
    let firstShift = min(shift, PowersOfTen.largestExponent)
    let scaled = WideMagnitude(product: dividend, PowersOfTen.power(firstShift))
      .multiplied(by: PowersOfTen.power(shift - firstShift))
    let (quotient, remainder) = scaled.dividing(by: divisor)
    (digits, decimals, isExact) = (quotient.low, shift, remainder == 0)
    if !isExact && digits < PowersOfTen.power(37) {
      let next = WideMagnitude(product: remainder, 10).dividing(by: divisor)
      digits = digits * 10 + next.quotient.low
      decimals += 1
      isExact = next.remainder == 0
    }
  }

  /// The digits rounded half to even to `count`, fewer than there are; what is left of an inexact quotient counts as
  /// more than nothing. `dropped` says by how many digits the result is shorter.
  func rounded(toDigits count: Int) -> (magnitude: UInt128, dropped: Int) {
    let dropped = PowersOfTen.digitCount(digits) - count
    let unit = PowersOfTen.power(dropped)
    let (kept, rest) = digits.quotientAndRemainder(dividingBy: unit)
    let half = unit / 2
    let up = rest > half || (rest == half && (!isExact || kept & 1 == 1))
    let result = kept + (up ? 1 : 0)
    // Nines that carry make one digit more; its last digit is then a zero.
    return result == PowersOfTen.power(count) ? (result / 10, dropped + 1) : (result, dropped)
  }
}
