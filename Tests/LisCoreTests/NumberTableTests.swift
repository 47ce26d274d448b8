import Testing

@testable import LisCore

/// `left` operator `right` is `result`, digit by digit as written, or ends in `fault`.
struct ArithmeticCase: CustomTestStringConvertible {
  var left: String
  var operation: String
  var right: String
  var result: String?
  var fault: ArithmeticFault?

  init(_ left: String, _ operation: String, _ right: String, _ result: String) {
    (self.left, self.operation, self.right, self.result) = (left, operation, right, result)
  }

  init(_ left: String, _ operation: String, _ right: String, _ fault: ArithmeticFault) {
    (self.left, self.operation, self.right, self.fault) = (left, operation, right, fault)
  }

  var testDescription: String { "\(left) \(operation) \(right)" }

  func evaluate() throws -> Decimal {
    let left = try Decimal(parsing: left)
    let right = try Decimal(parsing: right)
    return switch operation {
    case "+": try left.adding(right)
    case "-": try left.subtracting(right)
    case "*": try left.multiplied(by: right)
    case "/": try left.divided(by: right)
    case "%": try left.remainder(dividingBy: right)
    default: try left.rounded(to: right.wholeInt ?? 0)
    }
  }

  static let nines = String(repeating: "9", count: 38)
  static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
  static func small(_ digits: String, _ scale: Int) -> String { "0." + zeros(scale - digits.utf8.count) + digits }

  static let sums: [ArithmeticCase] = [
    .init("1.10", "+", "2.2", "3.30"),
    .init("0.1", "+", "0.2", "0.3"),
    .init("1", "-", "1.00", "0.00"),
    .init("-5", "+", "3", "-2"),
    .init(nines, "+", "0", nines),
    .init(nines, "+", "1", .tooManyDigits),
    .init(nines, "+", nines, .tooManyDigits),
    .init("0.9" + String(repeating: "9", count: 37), "+", small("1", 38), "1." + zeros(37)),
    .init("1", "+", small("1", 38), .tooManyDigits),
    .init("1", "-", small("1", 38), "0." + nines),
    .init("1", "-", small("1", 39), .tooManyDigits),
    .init("1", "+", small("1" + zeros(30), 60), "1." + zeros(29) + "1" + zeros(7)),
    .init("0", "+", small("7", 255), small("7", 255)),
    .init(small("0", 255), "+", "12", "12." + zeros(36)),
    .init("1", "+", small("1", 255), .tooManyDigits),
  ]

  static let products: [ArithmeticCase] = [
    .init("9.99", "*", "1.05", "10.4895"),
    .init("-0.5", "*", "0", "0.0"),
    .init(nines, "*", "1", nines),
    .init(nines, "*", "10", .tooManyDigits),
    .init("1" + zeros(37), "*", "0.10", "1" + zeros(36) + ".0"),
    .init("10000000000000000000", "*", "1000000000000000000", "1" + zeros(37)),
    .init("10000000000000000000", "*", "10000000000000000000", .tooManyDigits),
    .init(small("1", 128), "*", small("1", 128), .tooManyDecimals),
    .init(small("10", 128), "*", small("1", 128), small("1", 255)),
    .init(small("1", 200), "*", small("0", 200), small("0", 255)),
  ]

  static let quotients: [ArithmeticCase] = [
    .init("1", "/", "3", "0.3333333333333333333333333333"),
    .init("2", "/", "3", "0.6666666666666666666666666667"),
    .init("1", "/", "8", "0.125"),
    .init("6.00", "/", "2", "3.00"),
    .init("6", "/", "2.00", "3"),
    .init("5", "/", "100", "0.05"),
    .init("1", "/", "0.08", "12.5"),
    .init("1", "/", "0.0001", "10000"),
    .init("0.00", "/", "7", "0.00"),
    .init("0", "/", "7.00", "0"),
    .init("1", "/", "0.00", .divisionByZero),
    .init("-1", "/", "3", "-0.3333333333333333333333333333"),
    .init("1", "/", "7", "0.1428571428571428571428571429"),
    // 2^100 has 31 digits; its inverse is exact only with 70.
    .init("1", "/", "1267650600228229401496703205376", "0.0000000000000000000000000000007888609052210118054117285653"),
    // Exact quotients of 38 digits, and one of 40 that is rounded to 28.
    .init("99999999999999999999999999999999999999", "/", "1000", "99999999999999999999999999999999999.999"),
    .init("12345678901234567890123456789012345679", "/", "2", "6172839450617283945061728394506172839.5"),
    .init("12345678901234567890123456789012345679", "/", "8", "1543209862654320986265432099000000000"),
    .init("1" + zeros(37), "/", "0.00001", .tooManyDigits),
    .init(small("1", 255), "/", "3", .tooManyDecimals),
    .init(small("1", 255), "/", "10", .tooManyDecimals),
    .init(small("1", 255), "/", "0.1", small("1", 254)),
  ]

  static let remainders: [ArithmeticCase] = [
    .init("7", "%", "3", "1"),
    .init("-7", "%", "3", "-1"),
    .init("7", "%", "-3", "1"),
    .init("5.5", "%", "2", "1.5"),
    .init("1", "%", "0.3", "0.1"),
    .init("1.00", "%", "0.3", "0.10"),
    .init("1", "%", "0", .divisionByZero),
    .init(nines, "%", "7", "1"),
    .init("1", "%", small("7", 200), small("2", 200)),
    .init(small("7", 200), "%", "1", small("7", 200)),
  ]

  static let roundings: [ArithmeticCase] = [
    .init("2.345", "round", "2", "2.35"),
    .init("-2.345", "round", "2", "-2.35"),
    .init("2.5", "round", "0", "3"),
    .init("-0.4", "round", "0", "0"),
    .init("1.10", "round", "2", "1.10"),
    .init("5", "round", "2", "5"),
    .init("10.001", "round", "2", "10.00"),
    .init("1250", "round", "-2", "1300"),
    .init("49", "round", "-2", "0"),
    .init("50", "round", "-2", "100"),
    .init("5", "round", "-400", "0"),
    .init(nines, "round", "-1", .tooManyDigits),
    .init(nines, "round", "-38", .tooManyDigits),
    .init("4" + zeros(37), "round", "-38", "0"),
    .init(small("5", 255), "round", "254", small("1", 254)),
    .init(small("9", 255), "round", "2", "0.00"),
    .init("9.99", "round", "1", "10.0"),
  ]
}

@Suite struct NumberTableTests {
  @Test(
    arguments: ArithmeticCase.sums + ArithmeticCase.products + ArithmeticCase.quotients + ArithmeticCase.remainders
      + ArithmeticCase.roundings)
  func arithmetic(_ example: ArithmeticCase) throws {
    if let fault = example.fault {
      #expect(throws: fault) { try example.evaluate() }
    } else {
      #expect(try example.evaluate().description == example.result)
    }
  }

  @Test(arguments: [
    ("1.5", "1", "2"), ("-1.5", "-2", "-1"), ("3.00", "3", "3"), ("0.1", "0", "1"), ("-0.1", "-1", "0"),
    ("7", "7", "7"),
  ])
  func floorAndCeiling(_ text: String, _ floor: String, _ ceiling: String) throws {
    let number = try Decimal(parsing: text)
    #expect(number.floor.description == floor)
    #expect(number.ceiling.description == ceiling)
  }

  @Test func conversions() throws {
    #expect(Decimal(Int.min).description == "-9223372036854775808")
    #expect(Decimal(Int.min).wholeInt == Int.min)
    #expect(try Decimal(parsing: "9223372036854775808").wholeInt == nil)
    #expect(try Decimal(parsing: "12.00").wholeInt == 12)
    #expect(try Decimal(parsing: "12.50").wholeInt == nil)
    #expect(try Decimal(parsing: "12.50").isWhole == false)
    #expect(Decimal(mantissa: 0, scale: 255).isWhole)
    #expect(Decimal(coefficient: Int128(PowersOfTen.power(38)), scale: 0) == nil)
    #expect(Decimal(coefficient: 1, scale: 256) == nil)
    let limit = 1 << 55
    #expect(Decimal(limit - 1).fits56?.mantissa == limit - 1)
    #expect(Decimal(limit).fits56 == nil)
    #expect(Decimal(-limit).fits56?.mantissa == -limit)
    #expect(Decimal(-limit - 1).fits56 == nil)
    #expect(Decimal(mantissa: 1, scale: 31).fits56?.scale == 31)
    #expect(Decimal(mantissa: 1, scale: 32).fits56 == nil)
    #expect(Decimal("1.2x") == nil)
  }

  @Test func digitCounts() {
    for exponent in 0...37 {
      let power = PowersOfTen.power(exponent)
      #expect(PowersOfTen.digitCount(power) == exponent + 1)
      #expect(PowersOfTen.digitCount(power * 10 - 1) == exponent + 1)
    }
    #expect(PowersOfTen.digitCount(0) == 1)
    #expect(PowersOfTen.digitCount(PowersOfTen.power(38)) == 39)
    #expect(PowersOfTen.digitCount(UInt128.max) == 39)
    #expect(zip(PowersOfTen.table, PowersOfTen.table.dropFirst()).allSatisfy { $0 * 10 == $1 })
  }
}
