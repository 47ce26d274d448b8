import TestSupport
import Testing

@testable import LisCore

@Suite struct NumberTextTests {
  static let accepted: [(text: String, form: NumberForm, result: String)] = [
    ("0", .language, "0"), ("-0", .language, "0"), ("007", .language, "7"), ("1.10", .language, "1.10"),
    ("-12.5", .language, "-12.5"), ("0.00", .language, "0.00"),
    ("0." + String(repeating: "0", count: 300), .language, "0." + String(repeating: "0", count: 255)),
    ("1." + String(repeating: "0", count: 60), .language, "1." + String(repeating: "0", count: 37)),
    (String(repeating: "0", count: 60) + "5", .language, "5"),
    ("1e3", .json, "1000"), ("1.20E-3", .json, "0.00120"), ("-0.0e5", .json, "0"), ("12e+1", .json, "120"),
    ("0e999999999999999999999", .json, "0"), ("1.5e0", .json, "1.5"),
    ("10e36", .property, "1" + ArithmeticCase.zeros(37)),
    ("+5", .property, "5"), (".5", .property, "0.5"), ("-.5", .property, "-0.5"), ("1.2E3", .property, "1200"),
    ("1.20", .property, "1.20"), ("1.0E1", .property, "10"),
  ]

  @Test(arguments: accepted)
  func reads(_ text: String, _ form: NumberForm, _ result: String) throws {
    #expect(try Decimal(parsing: text, as: form).description == result)
  }

  static let refused: [(text: String, form: NumberForm, fault: NumberTextFault)] = [
    ("", .language, .empty), ("-", .language, .missingDigit(offset: 1)),
    ("1.", .language, .missingDigit(offset: 2)), (".5", .language, .unexpectedByte(UInt8(ascii: "."), offset: 0)),
    ("+5", .language, .unexpectedByte(UInt8(ascii: "+"), offset: 0)),
    ("1,5", .language, .unexpectedByte(UInt8(ascii: ","), offset: 1)),
    ("1.2x", .language, .unexpectedByte(UInt8(ascii: "x"), offset: 3)),
    (" 1", .language, .unexpectedByte(UInt8(ascii: " "), offset: 0)),
    ("1e3", .language, .exponentNotAllowed(offset: 1)),
    ("1..2", .language, .unexpectedByte(UInt8(ascii: "."), offset: 2)),
    ("1.2.3", .language, .unexpectedByte(UInt8(ascii: "."), offset: 3)),
    ("NaN", .property, .unexpectedByte(UInt8(ascii: "N"), offset: 0)),
    ("１", .language, .unexpectedByte(0xef, offset: 0)),
    ("01", .json, .leadingZero), ("-01", .json, .leadingZero), ("1e", .json, .missingDigit(offset: 2)),
    ("1e+", .json, .missingDigit(offset: 3)), ("1ex", .json, .unexpectedByte(UInt8(ascii: "x"), offset: 2)),
    ("1.e3", .json, .unexpectedByte(UInt8(ascii: "e"), offset: 2)),
    ("+1", .json, .unexpectedByte(UInt8(ascii: "+"), offset: 0)),
    ("1.", .property, .missingDigit(offset: 2)), (".", .property, .missingDigit(offset: 1)),
    (".e1", .property, .unexpectedByte(UInt8(ascii: "e"), offset: 1)),
    ("1" + ArithmeticCase.zeros(38), .language, .tooManyDigits), ("1e38", .json, .tooManyDigits),
    ("1e999999999999", .json, .tooManyDigits), ("1e-256", .json, .tooManyDecimals),
    ("1e-999999999999", .json, .tooManyDecimals),
    (ArithmeticCase.nines + "1", .language, .tooManyDigits),
    ("1." + ArithmeticCase.zeros(37) + "1", .language, .tooManyDigits),
  ]

  @Test(arguments: refused)
  func refuses(_ text: String, _ form: NumberForm, _ fault: NumberTextFault) {
    #expect(throws: fault) { try Decimal(parsing: text, as: form) }
    #expect(!fault.description.isEmpty)
  }

  @Test func acceptsExactlyTheStrictGrammar() throws {
    var generator = SeededGenerator.announced("acceptsExactlyTheStrictGrammar")
    let alphabet = Array("0019.-+eE x".utf8)
    let grammar = /-?[0-9]+(\.[0-9]+)?/
    let json = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/
    for _ in 0..<5000 {
      let text = String(
        decoding: (0..<Int.random(in: 0...7, using: &generator)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }, as: UTF8.self)
      #expect(((try? Decimal(parsing: text)) != nil) == (text.wholeMatch(of: grammar) != nil), "\(text)")
      var read = true
      do { _ = try Decimal(parsing: text, as: .json) } catch .tooManyDigits, .tooManyDecimals {} catch { read = false }
      #expect(read == (text.wholeMatch(of: json) != nil), "\(text)")
    }
  }
}
