import LisFormats
import TestSupport
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("äöü", 3), ("a\u{308}", 1), ("日本", 4), ("ｱ", 1), ("Ａ", 2), ("한국", 4),
    ("\u{1112}\u{1161}\u{11ab}", 2),
    ("😀", 2), ("👍🏽", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("❤", 1), ("⌚", 2), ("e\u{301}\u{323}", 1), ("€", 1),
    ("…", 1), ("→", 1), ("नी", 2), ("ا\u{64e}", 1), ("\u{200b}", 0), ("é日😀x", 6), ("1\u{fe0f}\u{20e3}", 1),
    ("\u{301}", 0),
    ("，", 2), ("①", 1), ("𠀀", 2), ("─", 1),
  ])
  func width(_ text: String, _ width: Int) {
    #expect(text.displayWidth == width, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("日本語", 6, "日本語"),
    ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("日本語", 2, "…"), ("e\u{301}e\u{301}x", 2, "e\u{301}…"), ("", 0, ""),
  ])
  func truncation(_ text: String, _ width: Int, _ result: String) {
    #expect(text.truncated(toWidth: width) == result)
  }

  @Test func truncatedTextAlwaysFits() {
    var generator = SeededGenerator.announced("truncatedTextAlwaysFits")
    let pieces = ["a", "日", "😀", "e\u{301}", "👨‍👩‍👧", " ", "ｱ", "\u{301}"]
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined()
      let width = Int.random(in: 0...12, using: &generator)
      #expect(text.truncated(toWidth: width).displayWidth <= width)
    }
  }

  @Test(arguments: [
    ("plain", "plain"), ("a\nb\tc\r", "a\\nb\\tc\\r"), ("\r\n", "\\r\\n"), ("\u{1b}[31m", "\\u{1B}[31m"),
    ("\u{7f}\u{9b}1m", "\\u{7F}\\u{9B}1m"), ("a\u{202e}b", "a\\u{202E}b"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
    ("a\u{200b}b\u{200d}c", "a\\u{200B}b\\u{200D}c"), ("\u{feff}x", "\\u{FEFF}x"), ("a\u{ad}b", "a\\u{AD}b"),
    ("\u{2028}", "\\u{2028}"), ("x\u{e0041}", "x\\u{E0041}"), ("\u{200e}\u{200f}\u{61c}", "\\u{200E}\\u{200F}\\u{61C}"),
    ("ä日😀", "ä日😀"), ("👨‍👩‍👧", "👨‍👩‍👧"), ("❤️", "❤️"), ("👍🏽", "👍🏽"), ("a\u{fe0f}", "a\\u{FE0F}"),
    ("😀\u{200d}", "😀\\u{200D}"), ("😀\u{200d}\u{200d}😀", "😀\\u{200D}\\u{200D}😀"), ("e\u{301}", "e\u{301}"),
    ("\u{0}", "\\u{0}"), ("1\u{fe0f}\u{20e3}", "1\\u{FE0F}\u{20e3}"), ("\u{3164}", "\\u{3164}"),
    ("\u{fff9}", "\\u{FFF9}"),
  ])
  func escapes(_ text: String, _ shown: String) {
    #expect(Array(text.escapedForDisplay.utf8) == Array(shown.utf8))
  }

  @Test(arguments: [
    ("plain", "\"plain\""), ("", "\"\""), ("a\"b\\c/", "\"a\\\"b\\\\c/\""), ("\u{8}\t\n\u{c}\r", "\"\\b\\t\\n\\f\\r\""),
    ("\u{0}\u{1f}\u{7f}", "\"\\u0000\\u001f\\u007f\""), ("\u{80}\u{9f}\u{a0}", "\"\\u0080\\u009f\u{a0}\""),
    ("ä日😀", "\"ä日😀\""), ("\u{85}x", "\"\\u0085x\""),
  ])
  func json(_ text: String, _ expected: String) {
    var bytes: [UInt8] = []
    JSONText.append(text, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test(arguments: [
    ([0xff], [0xef, 0xbf, 0xbd]), ([0x61, 0xc3], [0x61, 0xef, 0xbf, 0xbd]), ([0xc3, 0x61], [0xef, 0xbf, 0xbd, 0x61]),
    ([0xe2, 0x82, 0x22], [0xef, 0xbf, 0xbd, 0x5c, 0x22]), ([0xed, 0xa0, 0x80], [UInt8](repeating: 0, count: 0)),
  ])
  func jsonIsAlwaysUTF8(_ bytes: [UInt8], _ inner: [UInt8]) {
    var written: [UInt8] = []
    JSONText.append(utf8: bytes.span, to: &written)
    #expect(String(validating: written, as: UTF8.self) != nil)
    if !inner.isEmpty { #expect(written == [0x22] + inner + [0x22]) }
  }
}
