import TestSupport
import Testing

@testable import LisCore

extension Decimal {
  /// Numbers of all lengths and scales, small ones and round ones more often.
  static func random(digits: ClosedRange<Int>, scales: ClosedRange<Int>, using generator: inout SeededGenerator)
    -> Decimal
  {
    let count = Int.random(in: digits, using: &generator)
    var magnitude = UInt128(generator.next()) << 64 | UInt128(generator.next())
    magnitude %= PowersOfTen.power(count)
    if Bool.random(using: &generator) {
      let unit = PowersOfTen.power(Int.random(in: 0...count, using: &generator))
      magnitude = magnitude / unit * unit
    }
    return Decimal(
      negative: Bool.random(using: &generator), magnitude: magnitude, scale: Int.random(in: scales, using: &generator))
  }
}

@Suite struct NumberLawsTests {
  @Test func addAndSubtractUndoEachOther() throws {
    var generator = SeededGenerator.announced("addAndSubtractUndoEachOther")
    for _ in 0..<5000 {
      let left = Decimal.random(digits: 1...30, scales: 0...5, using: &generator)
      let right = Decimal.random(digits: 1...30, scales: 0...5, using: &generator)
      let sum = try left.adding(right)
      #expect(try sum.subtracting(right) == left)
      #expect(try right.adding(left) == sum)
      #expect(sum.scale == max(left.scale, right.scale))
    }
  }

  @Test func multiplicationDistributes() throws {
    var generator = SeededGenerator.announced("multiplicationDistributes")
    for _ in 0..<5000 {
      let factor = Decimal.random(digits: 1...12, scales: 0...9, using: &generator)
      let left = Decimal.random(digits: 1...17, scales: 0...5, using: &generator)
      let right = Decimal.random(digits: 1...17, scales: 0...5, using: &generator)
      let whole = try factor.multiplied(by: left.adding(right))
      #expect(try whole == factor.multiplied(by: left).adding(factor.multiplied(by: right)))
      if !factor.isZero { #expect(try factor.multiplied(by: left).divided(by: factor) == left) }
    }
  }

  @Test func remainderFitsTheDivisor() throws {
    var generator = SeededGenerator.announced("remainderFitsTheDivisor")
    for _ in 0..<5000 {
      let left = Decimal.random(digits: 1...38, scales: 0...60, using: &generator)
      let right = Decimal.random(digits: 1...38, scales: 0...60, using: &generator)
      if right.isZero { continue }
      let rest = try left.remainder(dividingBy: right)
      #expect(rest.absolute < right.absolute)
      #expect(rest.isZero || rest.isNegative == left.isNegative)
    }
  }

  @Test func textIsReadBackDigitByDigit() throws {
    var generator = SeededGenerator.announced("textIsReadBackDigitByDigit")
    for _ in 0..<5000 {
      let number = Decimal.random(digits: 1...38, scales: 0...255, using: &generator)
      for form in [NumberForm.language, .json, .property] {
        let read = try Decimal(parsing: number.description, as: form)
        #expect(read.coefficient == number.coefficient && read.scale == number.scale)
      }
    }
  }

  @Test func orderIsTotalAndAgreesWithHashing() {
    var generator = SeededGenerator.announced("orderIsTotalAndAgreesWithHashing")
    var numbers = (0..<300).map { _ in Decimal.random(digits: 1...4, scales: 0...4, using: &generator) }
    numbers += [.zero, Decimal(mantissa: 0, scale: 9), Decimal(mantissa: 10, scale: 1), .one]
    numbers.sort()
    for (index, left) in numbers.enumerated() {
      for right in numbers[index...] {
        #expect(left <= right)
        #expect(left.compare(right) == -right.compare(left))
        if left == right { #expect(left.hashValue == right.hashValue) }
      }
    }
  }
}
