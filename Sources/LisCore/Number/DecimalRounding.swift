extension Decimal {
  /// The number rounded to `digits` decimals, half away from zero, as invoices are.
  ///
  /// A number that has no more decimals than that stays as it is: rounding adds no zeros.
  /// - Parameter digits: negative digits round to tens, hundreds and so on.
  /// - Throws: `tooManyDigits` if rounding 38 digits up carries into a 39th.
  public func rounded(to digits: Int) throws(ArithmeticFault) -> Decimal {
    if digits >= scale { return self }
    if isZero { return Decimal(unchecked: 0, scale: max(0, digits)) }
    let (kept, rest, unit) = split(keeping: digits)
    let up = rest != 0 && rest >= unit - rest
    return try placing(kept + (up ? 1 : 0), digits: digits)
  }

  /// The largest whole number that is not above this one.
  public var floor: Decimal { whole(awayFromZero: isNegative) }

  /// The smallest whole number that is not below this one.
  public var ceiling: Decimal { whole(awayFromZero: !isNegative) }

  /// The whole part, one further from zero if that is asked for and something stands after the point.
  private func whole(awayFromZero: Bool) -> Decimal {
    if scale == 0 { return self }
    let (kept, rest, _) = split(keeping: 0)
    // With a scale of one or more the whole part has at most 37 digits, so one more always fits.
    return Decimal(negative: isNegative, magnitude: kept + (awayFromZero && rest != 0 ? 1 : 0), scale: 0)
  }

  /// The magnitude cut after `digits` decimals: what is kept, the rest, and the unit of which the rest is a part.
  /// `digits` is below the scale.
  private func split(keeping digits: Int) -> (kept: UInt128, rest: UInt128, unit: UInt128) {
    let magnitude = coefficient.magnitude
    let (dropped, overflow) = scale.subtractingReportingOverflow(digits)
    // Every coefficient is below a tenth of 10^39 and far below half of 2^128: such a unit rounds everything to zero.
    if overflow || dropped > PowersOfTen.largestExponent { return (0, magnitude, UInt128.max) }
    let unit = PowersOfTen.power(dropped)
    let (kept, rest) = magnitude.quotientAndRemainder(dividingBy: unit)
    return (kept, rest, unit)
  }

  /// `kept` as the digits up to the decimal place `digits`, with this number's sign.
  private func placing(_ kept: UInt128, digits: Int) throws(ArithmeticFault) -> Decimal {
    if digits >= 0 { return Decimal(negative: isNegative, magnitude: kept, scale: digits) }
    if kept == 0 { return .zero }
    let zeros = digits.magnitude
    guard zeros <= UInt(PowersOfTen.largestExponent) else { throw .tooManyDigits }
    let filled = WideMagnitude(product: kept, PowersOfTen.power(Int(zeros)))
    return try Decimal(negative: isNegative, fitting: filled, scale: 0)
  }
}
