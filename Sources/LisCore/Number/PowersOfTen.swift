/// The powers of ten that fit in 128 bits: the table behind alignment, digit counts and rounding.
enum PowersOfTen {
  /// The exponent of the largest power in the table. 10^38 is also the first coefficient that is too large.
  static let largestExponent = 38

  /// `table[n]` is 10^n, for n from 0 to `largestExponent`.
  static let table: [UInt128] = [
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1_000000,
    10_000000,
    100_000000,
    1000_000000,
    10000_000000,
    100000_000000,
    1_000000_000000,
    10_000000_000000,
    100_000000_000000,
    1000_000000_000000,
    10000_000000_000000,
    100000_000000_000000,
    1_000000_000000_000000,
    10_000000_000000_000000,
    100_000000_000000_000000,
    1000_000000_000000_000000,
    10000_000000_000000_000000,
    100000_000000_000000_000000,
    1_000000_000000_000000_000000,
    10_000000_000000_000000_000000,
    100_000000_000000_000000_000000,
    1000_000000_000000_000000_000000,
    10000_000000_000000_000000_000000,
    100000_000000_000000_000000_000000,
    1_000000_000000_000000_000000_000000,
    10_000000_000000_000000_000000_000000,
    100_000000_000000_000000_000000_000000,
    1000_000000_000000_000000_000000_000000,
    10000_000000_000000_000000_000000_000000,
    100000_000000_000000_000000_000000_000000,
    1_000000_000000_000000_000000_000000_000000,
    10_000000_000000_000000_000000_000000_000000,
    100_000000_000000_000000_000000_000000_000000,
  ]

  /// 10^exponent; the exponent is from 0 to `largestExponent`.
  static func power(_ exponent: Int) -> UInt128 { table[exponent] }

  /// The number of decimal digits of `magnitude`, which is below 2^128; zero has one digit.
  static func digitCount(_ magnitude: UInt128) -> Int {
    // log10(2) is about 1233 / 4096, so the bit length gives the count or one less than it.
    let bits = UInt128.bitWidth - magnitude.leadingZeroBitCount
    let guess = (bits * 1233) >> 12
    if guess > largestExponent { return largestExponent + 1 }
    return magnitude >= table[guess] ? guess + 1 : max(guess, 1)
  }

  /// Removes zeros at the end of `magnitude` (not zero itself), at most `limit` of them.
  /// - Returns: what is left, and how many zeros were removed.
  static func strippingZeros(_ magnitude: UInt128, atMost limit: Int) -> (magnitude: UInt128, removed: Int) {
    var rest = magnitude
    var removed = 0
    if rest == 0 { return (0, 0) }
    // A number that ends in n zeros is divisible by 2^n, which rules most numbers out without dividing.
    for step in [32, 16, 8, 4, 2, 1] where removed + step <= limit && rest.trailingZeroBitCount >= step {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: table[step])
      if remainder == 0 {
        rest = quotient
        removed += step
      }
    }
    return (rest, removed)
  }
}
