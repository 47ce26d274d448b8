import TestSupport
import Testing

@testable import LisCore

@Suite struct JSONRefuseTests {
  private static let refused: [(String, JSONFault.Reason)] = [
    ("", .empty), (" \n", .empty), ("\u{feff}1", .expectedValue), ("1 2", .trailing), ("[1]]", .trailing),
    ("{}}", .trailing), ("nul", .expectedValue), ("nulll", .trailing), ("True", .expectedValue),
    ("NaN", .expectedValue),
    ("Infinity", .expectedValue), ("-Infinity", .badNumber), ("undefined", .expectedValue), ("'x'", .expectedValue),
    ("// c\n1", .expectedValue), ("1 /* c */", .trailing), ("\u{a0}1", .expectedValue), ("\u{c}1", .expectedValue),
    // Lists and objects.
    ("[", .expectedValue), ("[1", .expectedCommaOrEnd), ("[1,", .expectedValue), ("[1,]", .expectedValue),
    ("[,1]", .expectedValue), ("[1,,2]", .expectedValue), ("[1 2]", .expectedCommaOrEnd), ("[1}", .expectedCommaOrEnd),
    ("{", .expectedKey), ("{\"a\"", .expectedColon), ("{\"a\":", .expectedValue), ("{\"a\":1", .expectedCommaOrEnd),
    ("{\"a\":1,", .expectedKey), ("{\"a\":1,}", .expectedKey), ("{,}", .expectedKey), ("{a:1}", .expectedKey),
    ("{1:1}", .expectedKey), ("{\"a\" 1}", .expectedColon), ("{\"a\"::1}", .expectedValue),
    ("{\"a\":1]", .expectedCommaOrEnd),
    ("{\"a\":1 \"b\":2}", .expectedCommaOrEnd), ("{\"a\":}", .expectedValue), ("]", .expectedValue),
    ("}", .expectedValue),
    ("{\"a\":1,\"b\":2,\"a\":3}", .duplicateKey("a")), (#"{"a":1,"\u0061":3}"#, .duplicateKey("a")),
    (#"{"long key of a record":{},"long key of a record":1}"#, .duplicateKey("long key of a record")),
    // Numbers.
    ("-", .badNumber), ("+1", .badNumber), ("01", .badNumber), ("-01", .badNumber), ("00", .badNumber),
    ("1.", .badNumber),
    (".5", .badNumber), ("-.5", .badNumber), ("1.e1", .badNumber), ("1e", .badNumber), ("1e+", .badNumber),
    ("1e1.5", .badNumber), ("1.2.3", .trailing), ("1-2", .trailing), ("0x10", .trailing), ("1_000", .trailing),
    ("--1", .badNumber),
    ("1e400", .numberTooLarge), ("1e-400", .numberTooLarge),
    ("123456789012345678901234567890123456789", .numberTooLarge),
    ("1a", .trailing), ("١", .expectedValue), ("0e", .badNumber),
    // Texts.
    ("\"", .unterminatedText), ("\"a", .unterminatedText), ("\"a long text without an end", .unterminatedText),
    ("\"\\", .unterminatedText), ("\"\\\"", .unterminatedText), ("\"\n\"", .controlCharacter),
    ("\"a\tb\"", .controlCharacter),
    ("\"\0\"", .controlCharacter), (#""\x""#, .badEscape), (#""\'""#, .badEscape), (#""\U0041""#, .badEscape),
    (#""\u""#, .badEscape), (#""\u12""#, .badEscape), (#""\u12g4""#, .badEscape), (#""\u+123""#, .badEscape),
    (#""\ud800""#, .loneSurrogate), (#""\udc00""#, .loneSurrogate), (#""\ud800\ud800""#, .loneSurrogate),
    (#""\ud800x""#, .loneSurrogate), (#""\ud800\n""#, .loneSurrogate), (#""\ud800\u0041""#, .loneSurrogate),
    (#""\udc00\ud800""#, .loneSurrogate), (#""\ud800\u""#, .loneSurrogate),
  ]

  @Test func refusedTexts() {
    let machine = Machine()
    let reader = JSONReader(machine: machine)
    for (text, reason) in Self.refused + Self.refused {
      let fault = #expect(throws: JSONFault.self, "\(text)") { try reader.read(Array(text.utf8)) }
      #expect(fault?.reason == reason, "\(text)")
      #expect((fault?.offset ?? -1) >= 0 && (fault?.offset ?? 0) <= text.utf8.count, "\(text)")
    }
  }

  /// Overlong forms, surrogates, cut sequences and bytes that never occur, at every distance from the end.
  @Test func invalidUTF8() {
    let reader = JSONReader(machine: Machine())
    let bad: [[UInt8]] = [
      [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xe0, 0x80, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80],
      [0xed, 0xbf, 0xbf], [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x9f, 0x98], [0xf4, 0x90, 0x80, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xff], [0xfe], [0xc3, 0x28], [0xe2, 0x28, 0xa1],
    ]
    for sequence in bad {
      for before in 0...9 {
        for after in 0...9 {
          let text =
            [34] + Array(repeating: UInt8(97), count: before) + sequence + Array(repeating: UInt8(98), count: after) + [
              34
            ]
          let fault = #expect(throws: JSONFault.self) { try reader.read(text) }
          #expect(fault?.reason == .badUTF8)
          #expect(throws: JSONFault.self) { try reader.read([34, 92, 110] + text.dropFirst()) }
          #expect(throws: JSONFault.self) { try reader.read(Array("{".utf8) + text + Array(":1}".utf8)) }
        }
      }
    }
  }

  @Test func depthAndFieldsAreLimited() throws {
    let machine = Machine()
    var reader = JSONReader(machine: machine)
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[{\"a\":", count: depth) + "1" + String(repeating: "}]", count: depth)).utf8)
    }
    #expect(try reader.read(nested(32)).type == .list)
    #expect(throws: JSONFault(reason: .tooDeep(limit: 64), offset: 32 * 6)) { try reader.read(nested(33)) }
    reader.depthLimit = 2
    #expect(throws: JSONFault(reason: .tooDeep(limit: 2), offset: 6)) { try reader.read(nested(2)) }
    #expect(throws: JSONFault.self) { try reader.read(Array(repeating: UInt8(ascii: "["), count: 1_000_000)) }
    func wide(_ fields: Int) -> [UInt8] {
      Array(("{" + (0..<fields).map { "\"f\($0)\":0" }.joined(separator: ",") + "}").utf8)
    }
    #expect(machine.fieldNames(try reader.read(wide(JSONReader.fieldLimit))).count == JSONReader.fieldLimit)
    let fault = #expect(throws: JSONFault.self) { try reader.read(wide(JSONReader.fieldLimit + 1)) }
    #expect(fault?.reason == .tooManyFields(limit: JSONReader.fieldLimit))
  }

  private static let document = """
    {"results": [{"id": "9876543210", "properties": {"name": "Größe \\"L\\" \\u00e9\\ud83d\\ude00", "price": "12.50",
    "quantity": null, "x": -1.5e3, "big": 123456789012345678901}, "archived": false, "list": [[], {}, [1, 2.25]]},
    {"id": "9876543211", "properties": {"name": "Zweite", "price": "0.00"}, "archived": true}], "paging": {"next": {}}}
    """

  @Test func everyPrefixIsRefused() throws {
    let bytes = Array(Self.document.utf8)
    for round in 0..<2 {
      let machine = Machine()
      let reader = JSONReader(machine: machine)
      // The second time with bets on every key.
      if round == 1 { #expect(try reader.read(bytes).type == .record) }
      for length in 0..<bytes.count {
        // A copy of just that length, so that a read past its end is seen by the address sanitizer.
        #expect(throws: JSONFault.self) { try reader.read(Array(bytes[..<length])) }
      }
    }
  }

  /// Random damage is refused or read; in no case does it crash, and what is read can be shown.
  @Test func mutationsNeverCrash() {
    var random = SeededGenerator.announced()
    let machine = Machine()
    let reader = JSONReader(machine: machine)
    let original = Array(Self.document.utf8)
    let favourites = Array("\"\\{}[],:0123456789.eE+-untrlsaf \n".utf8)
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] = favourites.randomElement(using: &random) ?? 34
        case 2: bytes.remove(at: place)
        default: bytes.insert(favourites.randomElement(using: &random) ?? 34, at: place)
        }
      }
      if let value = try? reader.read(bytes) { #expect(!machine.written(value).isEmpty) }
    }
  }
}
