import TestSupport
import Testing

@testable import LisCore

@Suite struct JSONAcceptTests {
  /// Texts and how their values read in a program.
  private static let accepted: [(String, String)] = [
    ("null", "null"), ("true", "true"), (" \t\r\n false \n", "false"), ("\"\"", "\"\""), ("\"seven77\"", "\"seven77\""),
    ("\"eight888\"", "\"eight888\""), ("[]", "[]"), ("[ ]", "[]"), ("{}", "{}"), ("{ }", "{}"),
    ("[1 , 2\n,3]", "[1, 2, 3]"), ("[[[]]]", "[[[]]]"), ("{\"a\":{\"b\":[{}]}}", "{ a: { b: [{}] } }"),
    ("{\"\":0}", "{ \"\": 0 }"), ("{\"a b\" : 1 , \"c\":null}", "{ \"a b\": 1, c: null }"),
    ("[null,true,false,\"x\",1]", "[null, true, false, \"x\", 1]"),
    // Numbers: written digits are kept, exponents resolved, nothing is rounded.
    ("0", "0"), ("-0", "0"), ("-0.0", "0.0"), ("1.10", "1.10"), ("-12.500", "-12.500"), ("1e2", "100"), ("1E+2", "100"),
    ("1.5e1", "15"), ("1e-2", "0.01"), ("0e5", "0"), ("1.0E-3", "0.0010"),
    ("1234567890123456789", "1234567890123456789"),
    ("9999999999999999", "9999999999999999"), ("99999999999999999", "99999999999999999"),
    ("-9223372036854775808", "-9223372036854775808"), ("36028797018963967", "36028797018963967"),
    ("36028797018963968", "36028797018963968"), ("0.1234567890123456", "0.1234567890123456"),
    ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
    ("0.12345678901234567890123456789012345678", "0.12345678901234567890123456789012345678"),
    // Texts and their escapes.
    (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\u{8}\u{c}\n\r\t""#), (#""\u0041\u00e9\u20AC""#, "\"Aé€\""),
    (#""\ud83d\ude00""#, "\"😀\""), (#""\u0000""#, #""\u{0}""#), ("\"\u{7f}é€😀\"", #""\u{7f}é€😀""#),
    (#""a\ud834\udd1eb and more text behind it""#, "\"a𝄞b and more text behind it\""),
    (#""\uFFFF\uFDCF""#, "\"\u{FFFF}\u{FDCF}\""),
    ("\"/\"", "\"/\""), (#"{"a\u0062":1,"c":2}"#, "{ ab: 1, c: 2 }"), ("\"'\"", "\"'\""),
    ("\"\u{2028}\"", "\"\u{2028}\""),
  ]

  @Test func acceptedTexts() throws {
    let machine = Machine()
    let reader = JSONReader(machine: machine)
    // Twice: the second time each object looks like the one before it.
    for (text, expected) in Self.accepted + Self.accepted {
      #expect(machine.written(try reader.read(Array(text.utf8))) == expected, "\(text)")
    }
  }

  @Test func offsetsCountFromTheSlice() throws {
    let reader = JSONReader(machine: Machine())
    let bytes = Array("xx [1, ?] yy".utf8)
    let fault = #expect(throws: JSONFault.self) { try reader.read(bytes[3..<9]) }
    #expect(fault == JSONFault(reason: .expectedValue, offset: 4))
    #expect(try reader.read(bytes[4..<5]).int == 1)
  }

  /// All lengths around the eight bytes that are looked at together, with every difficult byte at every place.
  @Test func textsOfEveryLength() throws {
    let machine = Machine()
    let reader = JSONReader(machine: machine)
    for length in 0...26 {
      let plain = String(repeating: "x", count: length)
      #expect(try reader.read(Array("\"\(plain)\"".utf8)).string == plain)
      for place in 0..<length {
        for (escaped, text) in [(#"\""#, "\""), (#"\\"#, "\\"), ("é", "é"), (#"\u00e9"#, "é"), ("\u{7f}", "\u{7f}")] {
          let before = String(repeating: "a", count: place)
          let after = String(repeating: "b", count: length - place)
          let value = try reader.read(Array("[\"\(before)\(escaped)\(after)\"]".utf8))
          #expect(value.item(0)?.string == before + text + after)
        }
        for bad: UInt8 in [0x00, 0x1f, 0x0a, 0x80, 0xbf, 0xc0, 0xff, 0xed] {
          var bytes = Array("\"\(plain)\"".utf8)
          bytes[place + 1] = bad
          #expect(throws: JSONFault.self) { try reader.read(bytes) }
        }
      }
    }
  }

  @Test func keysAreComparedByBytes() throws {
    let machine = Machine()
    let reader = JSONReader(machine: machine)
    let composed = "\u{e9}"
    let decomposed = "e\u{301}"
    let value = try reader.read(Array("{\"\(composed)\":1,\"\(decomposed)\":2}".utf8))
    #expect(machine.field(value, composed)?.int == 1)
    #expect(machine.field(value, decomposed)?.int == 2)
    #expect(machine.fieldNames(value).map { $0.utf8.count } == [2, 3])
  }

  /// Objects of many forms in turn, so that bets on the next key fail in every way: shorter, longer, a prefix, another.
  @Test func objectsOfManyForms() throws {
    let machine = Machine()
    let reader = JSONReader(machine: machine)
    let forms = [
      ["a", "b"], ["a", "bb"], ["a"], ["ab"], ["a", "b", "c"], ["b", "a"], [], ["a", "\\u0062"], ["abcdefghijk"],
    ]
    var generator = SeededGenerator.announced()
    let order = (0..<300).map { _ in Int.random(in: 0..<forms.count, using: &generator) }
    let objects = order.map { form in
      "{" + forms[form].enumerated().map { "\"\($0.element)\":\($0.offset)" }.joined(separator: ",") + "}"
    }
    let list = try reader.read(Array("[\(objects.joined(separator: ","))]".utf8))
    for (index, form) in order.enumerated() {
      let names = forms[form].map { $0 == "\\u0062" ? "b" : $0 }
      let found = machine.fields(list.item(index) ?? .null)
      #expect(found.map(\.name) == names && found.map { $0.value.int ?? -1 } == Array(0..<names.count))
    }
  }
}
