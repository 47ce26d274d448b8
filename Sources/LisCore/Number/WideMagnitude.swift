/// An unsigned number of 256 bits: room for the exact product of two coefficients, and for aligning two of them.
///
/// Every coefficient is below 10^38 and is scaled up by at most 10^38, so all values stay below 10^77 < 2^256.
struct WideMagnitude: Equatable {
  var high: UInt128
  var low: UInt128

  init(high: UInt128, low: UInt128) {
    self.high = high
    self.low = low
  }

  init(_ value: UInt128) { self.init(high: 0, low: value) }

  /// The exact product of two numbers.
  init(product left: UInt128, _ right: UInt128) {
    let (high, low) = left.multipliedFullWidth(by: right)
    self.init(high: high, low: low)
  }

  var isZero: Bool { high == 0 && low == 0 }

  /// The sum; the caller knows that it is below 2^256.
  func adding(_ other: WideMagnitude) -> WideMagnitude {
    let (sum, carry) = low.addingReportingOverflow(other.low)
    return WideMagnitude(high: high &+ other.high &+ (carry ? 1 : 0), low: sum)
  }

  /// The difference; the caller knows that `other` is not larger.
  func subtracting(_ other: WideMagnitude) -> WideMagnitude {
    let (difference, borrow) = low.subtractingReportingOverflow(other.low)
    return WideMagnitude(high: high &- other.high &- (borrow ? 1 : 0), low: difference)
  }

  /// The product; the caller knows that it is below 2^256.
  func multiplied(by factor: UInt128) -> WideMagnitude {
    let (carried, newLow) = low.multipliedFullWidth(by: factor)
    return WideMagnitude(high: high &* factor &+ carried, low: newLow)
  }

  /// Quotient and remainder; `divisor` is not zero.
  func dividing(by divisor: UInt128) -> (quotient: WideMagnitude, remainder: UInt128) {
    let upper = high.quotientAndRemainder(dividingBy: divisor)
    let lower = divisor.dividingFullWidth((upper.remainder, low))
    return (WideMagnitude(high: upper.quotient, low: lower.quotient), lower.remainder)
  }
}

extension WideMagnitude: Comparable {
  static func < (left: WideMagnitude, right: WideMagnitude) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}
