/// An exact decimal number: `coefficient` × 10^-`scale`, with 128 bits of coefficient.
///
/// Money is never held in binary floating point. An operation that would leave 128 bits answers `nil`, and the value
/// that depends on it stays empty.
struct ExactDecimal: Equatable, Sendable {
  var coefficient: Int128
  var scale: Int

  static let zero = ExactDecimal(coefficient: 0, scale: 0)
  static let scaleLimit = 30

  init(coefficient: Int128, scale: Int) {
    self.coefficient = coefficient
    self.scale = scale
  }

  /// Reads what HubSpot accepts as a number: a sign, digits with at most one decimal point, and an exponent.
  /// `nil` when the text is not a number or does not fit.
  init?(_ text: String) {
    guard let parts = NumberText(text) else { return nil }
    var coefficient: Int128 = 0
    for byte in parts.digits {
      let (shifted, overflow) = coefficient.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(Int128(byte - UInt8(ascii: "0")))
      if overflow || carry { return nil }
      coefficient = sum
    }
    var scale = parts.fractionDigits - parts.exponent
    while scale < 0 {
      let (shifted, overflow) = coefficient.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      coefficient = shifted
      scale += 1
    }
    while scale > Self.scaleLimit, coefficient % 10 == 0 {
      coefficient /= 10
      scale -= 1
    }
    if scale > Self.scaleLimit { return nil }
    self.init(coefficient: parts.negative ? -coefficient : coefficient, scale: scale)
  }

  private static func power(_ exponent: Int) -> Int128? {
    var result: Int128 = 1
    for _ in 0..<exponent {
      let (next, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = next
    }
    return result
  }

  private func coefficient(atScale wanted: Int) -> Int128? {
    guard let factor = Self.power(wanted - scale) else { return nil }
    let (result, overflow) = coefficient.multipliedReportingOverflow(by: factor)
    return overflow ? nil : result
  }

  func adding(_ other: ExactDecimal) -> ExactDecimal? {
    let common = max(scale, other.scale)
    guard let left = coefficient(atScale: common), let right = other.coefficient(atScale: common) else { return nil }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : ExactDecimal(coefficient: sum, scale: common)
  }

  func subtracting(_ other: ExactDecimal) -> ExactDecimal? {
    adding(ExactDecimal(coefficient: -other.coefficient, scale: other.scale))
  }

  func multiplied(by other: ExactDecimal) -> ExactDecimal? {
    let (product, overflow) = coefficient.multipliedReportingOverflow(by: other.coefficient)
    return overflow ? nil : ExactDecimal(coefficient: product, scale: scale + other.scale)
  }

  /// The value × `numerator` ÷ `denominator`, rounded half up (away from zero) to `digits` decimals.
  func rounded(times numerator: Int = 1, over denominator: Int = 1, digits: Int = 2) -> ExactDecimal? {
    guard denominator > 0 else { return nil }
    var (dividend, overflow) = coefficient.multipliedReportingOverflow(by: Int128(numerator))
    if overflow { return nil }
    var divisor = Int128(denominator)
    if scale > digits {
      guard let factor = Self.power(scale - digits) else { return nil }
      (divisor, overflow) = divisor.multipliedReportingOverflow(by: factor)
    } else {
      guard let factor = Self.power(digits - scale) else { return nil }
      (dividend, overflow) = dividend.multipliedReportingOverflow(by: factor)
    }
    if overflow { return nil }
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    let roundsUp = remainder.magnitude >= divisor.magnitude - remainder.magnitude
    let step: Int128 = roundsUp ? (dividend < 0 ? -1 : 1) : 0
    return ExactDecimal(coefficient: quotient + step, scale: digits)
  }

  static func minimum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal? {
    guard let difference = left.subtracting(right) else { return nil }
    return difference.coefficient <= 0 ? left : right
  }

  /// Plain digits with exactly `scale` decimals.
  var text: String {
    let digits = String(coefficient.magnitude)
    let sign = coefficient < 0 ? "-" : ""
    if scale == 0 { return sign + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}

/// The parts of a number's text: whether it is one, without converting it.
struct NumberText {
  var negative = false
  /// ASCII digits without the decimal point and without leading zeros.
  var digits: [UInt8] = []
  var fractionDigits = 0
  var exponent = 0

  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    if rest.first == UInt8(ascii: "-") {
      negative = true
      rest = rest.dropFirst()
    }
    var seen = 0
    var inFraction = false
    while let byte = rest.first {
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        seen += 1
        if inFraction { fractionDigits += 1 }
        if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte) }
      } else if byte == UInt8(ascii: "."), !inFraction {
        inFraction = true
      } else {
        break
      }
      rest = rest.dropFirst()
    }
    guard seen > 0 else { return nil }
    guard let mark = rest.first else { return }
    guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E"),
      let value = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), abs(value) <= 400
    else { return nil }
    exponent = value
  }

  var isZero: Bool { digits.isEmpty }
}
