import TestSupport
import Testing

@testable import LisCore

@Suite struct CaseFoldingTests {
  private func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    var folded: [Unicode.Scalar] = []
    CaseFolding.append(scalar, to: &folded)
    return folded
  }

  /// Signs that stand in for letters of ASCII, which are left as they are.
  private static let left: Set<UInt32> = [0x17f, 0x212a, 0xfb00, 0xfb01, 0xfb02, 0xfb03, 0xfb04, 0xfb05, 0xfb06]

  /// How a code point that Unicode has assigned is folded never changes, so that those which Python knows fold as there.
  @Test func everyCodePointFoldsAsInPython() throws {
    let script = """
      import unicodedata
      for c in range(0x110000):
        if 0xd800 <= c < 0xe000 or unicodedata.category(chr(c)) == 'Cn': continue
        f = chr(c).casefold()
        if f != chr(c): print(c, *[ord(x) for x in f])
      """
    let lines = try PythonProcess.run(script: script, input: "").split(separator: "\n")
    try #require(lines.count > 1_400)
    var changed: Set<UInt32> = []
    for line in lines {
      let numbers = line.split(separator: " ").compactMap { UInt32($0) }
      let scalar = try #require(numbers.first.flatMap(Unicode.Scalar.init))
      if Self.left.contains(scalar.value) { continue }
      changed.insert(scalar.value)
      #expect(folded(scalar).map(\.value) == Array(numbers.dropFirst()), "U+\(String(scalar.value, radix: 16))")
    }
    var others = 0
    for value in UInt32(0)..<0x2_0000 where !changed.contains(value) {
      guard let scalar = Unicode.Scalar(value), let age = scalar.properties.age, age.major < 14 else { continue }
      if folded(scalar) != [scalar] { others += 1 }
    }
    #expect(others == 0)
  }

  /// Otherwise a condition that is sent to a server which knows the case of ASCII alone would lose rows.
  @Test func textsWithinASCIIEqualNoOtherTexts() {
    var beyond: Set<String> = []
    for value in UInt32(0x80)..<0x11_0000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let folded = folded(scalar)
      if folded.allSatisfy(\.isASCII) { beyond.insert(String(String.UnicodeScalarView(folded))) }
    }
    #expect(beyond == ["ss"])
    for text in beyond {
      for written in [text, text.uppercased(), "a\(text)b", "a\(text.uppercased())b"] {
        #expect(!CaseFolding.isWithinASCII(written), "\(written)")
      }
    }
    for text in ["", "f", "fi", "SRV-1", "s-s", "abcdefghijklmnopqrstuvwxyz0123456789-_./"] {
      #expect(CaseFolding.isWithinASCII(text), "\(text)")
    }
    #expect(!CaseFolding.isWithinASCII("ä"))
  }
}
