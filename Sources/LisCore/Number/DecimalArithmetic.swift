extension Decimal {
  /// The exact sum, with as many decimals as the longer operand has.
  /// - Throws: `tooManyDigits` if no number of 38 digits equals it.
  public func adding(_ other: Decimal) throws(ArithmeticFault) -> Decimal {
    if scale == other.scale {
      let (sum, overflow) = coefficient.addingReportingOverflow(other.coefficient)
      if !overflow, sum.magnitude < PowersOfTen.power(Decimal.maximumDigits) {
        return Decimal(unchecked: sum, scale: scale)
      }
    }
    return try sumOfUnlike(other)
  }

  /// The exact difference, with as many decimals as the longer operand has.
  /// - Throws: `tooManyDigits` if no number of 38 digits equals it.
  public func subtracting(_ other: Decimal) throws(ArithmeticFault) -> Decimal { try adding(other.negated) }

  /// The exact product; its decimals are those of both operands together.
  /// - Throws: `tooManyDigits` or `tooManyDecimals` if no number in range equals it.
  public func multiplied(by other: Decimal) throws(ArithmeticFault) -> Decimal {
    let product = WideMagnitude(product: coefficient.magnitude, other.coefficient.magnitude)
    return try Decimal(
      negative: isNegative != other.isNegative, fitting: product, scale: scale + other.scale)
  }

  /// What is left of this number after taking `divisor` away a whole number of times. It has the sign of this number
  /// and as many decimals as the longer operand, and is always exact.
  /// - Throws: `divisionByZero`.
  public func remainder(dividingBy divisor: Decimal) throws(ArithmeticFault) -> Decimal {
    if divisor.isZero { throw .divisionByZero }
    let modulus = divisor.coefficient.magnitude
    if scale >= divisor.scale {
      let shift = scale - divisor.scale
      guard shift <= PowersOfTen.largestExponent else { return self }
      // A divisor beyond 128 bits at this scale is larger than the number, which is then its own remainder.
      let scaled = WideMagnitude(product: modulus, PowersOfTen.power(shift))
      guard scaled.high == 0 else { return self }
      return Decimal(negative: isNegative, magnitude: coefficient.magnitude % scaled.low, scale: scale)
    }
    var rest = coefficient.magnitude % modulus
    var shift = divisor.scale - scale
    while shift > 0 && rest != 0 {
      let step = min(shift, PowersOfTen.largestExponent)
      rest = WideMagnitude(product: rest, PowersOfTen.power(step)).dividing(by: modulus).remainder
      shift -= step
    }
    return Decimal(negative: isNegative, magnitude: rest, scale: divisor.scale)
  }

  /// The same number with the other sign; zero stays zero.
  public var negated: Decimal { Decimal(unchecked: -coefficient, scale: scale) }

  /// The number without its sign.
  public var absolute: Decimal { isNegative ? negated : self }
}

extension Decimal {
  /// A number from an exact intermediate result, dropping just as many zeros at its end as it takes to fit.
  /// - Parameter scale: may be above `maximumScale`; not negative.
  init(negative: Bool, fitting magnitude: WideMagnitude, scale: Int) throws(ArithmeticFault) {
    if magnitude.isZero {
      self.init(unchecked: 0, scale: min(scale, Decimal.maximumScale))
      return
    }
    var rest = magnitude
    var scale = scale
    let bound = PowersOfTen.power(Decimal.maximumDigits)
    while scale > Decimal.maximumScale || rest.high != 0 || rest.low >= bound {
      let (quotient, remainder) = rest.dividing(by: 10)
      if remainder != 0 || scale == 0 {
        throw rest.high != 0 || rest.low >= bound ? .tooManyDigits : .tooManyDecimals
      }
      rest = quotient
      scale -= 1
    }
    self.init(negative: negative, magnitude: rest.low, scale: scale)
  }

  /// The sum when the scales differ or the coefficients carry past 38 digits.
  private func sumOfUnlike(_ other: Decimal) throws(ArithmeticFault) -> Decimal {
    let (short, long) = scale <= other.scale ? (self, other) : (other, self)
    if short.isZero { return long }
    if long.isZero { return short.paddedWithZeros(toScale: long.scale) }
    // Scales further apart than 38 digits leave room for a result only if the longer number ends in zeros.
    let excess = max(0, long.scale - short.scale - PowersOfTen.largestExponent)
    let (longMagnitude, removed) = PowersOfTen.strippingZeros(long.coefficient.magnitude, atMost: excess)
    if removed < excess { throw .tooManyDigits }
    let shared = long.scale - removed
    let left = WideMagnitude(product: short.coefficient.magnitude, PowersOfTen.power(shared - short.scale))
    let right = WideMagnitude(longMagnitude)
    if short.isNegative == long.isNegative {
      return try Decimal(negative: short.isNegative, fitting: left.adding(right), scale: shared)
    }
    return left < right
      ? try Decimal(negative: long.isNegative, fitting: right.subtracting(left), scale: shared)
      : try Decimal(negative: short.isNegative, fitting: left.subtracting(right), scale: shared)
  }

  /// The same number written with up to `target` decimals, as far as 38 digits allow.
  func paddedWithZeros(toScale target: Int) -> Decimal {
    if isZero { return Decimal(unchecked: 0, scale: max(scale, min(target, Decimal.maximumScale))) }
    let zeros = min(target - scale, Decimal.maximumDigits - digitCount, Decimal.maximumScale - scale)
    guard zeros > 0 else { return self }
    return Decimal(unchecked: coefficient * Int128(PowersOfTen.power(zeros)), scale: scale + zeros)
  }
}
