import LisCompiler
import LisCore

/// What the library's modules on texts are built from.
extension BuiltinTable {
  mutating func addLetters() {
    native(
      "chars", group: "text", [BuiltinParameter("text", type: .string)], result: .list(.string),
      summary: "The characters of a text, each as a text.", examples: [.init("chars(\"añ\")", "[\"a\", \"ñ\"]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let text = arguments[0].string else { throw badArgument("chars", "text", "a text", arguments[0]) }
      return machine.makeList(text.map { machine.makeText(String($0)) })
    }
    native(
      "code_points", group: "text", [BuiltinParameter("text", type: .string)], result: .list(.number),
      summary: "The Unicode code points of a text, as numbers.", examples: [.init("code_points(\"a€\")", "[97, 8364]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let text = arguments[0].string else { throw badArgument("code_points", "text", "a text", arguments[0]) }
      return machine.makeList(text.unicodeScalars.map { machine.makeNumber(Int($0.value)) })
    }
    native(
      "repeat", group: "text", [BuiltinParameter("text", type: .string), BuiltinParameter("times", type: .number)],
      result: .string, summary: "A text several times one after another; not at all for 0 or less.",
      examples: [.init("repeat(\"ab\", 3)", "ababab"), .init("\"[\" + repeat(\"-\", 0) + \"]\"", "[]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let text = arguments[0].string else { throw badArgument("repeat", "text", "a text", arguments[0]) }
      guard let times = arguments[1].int else { throw badArgument("repeat", "times", "a whole number", arguments[1]) }
      let (size, over) = text.utf8.count.multipliedReportingOverflow(by: max(times, 0))
      if over || size > machine.limits.textBytes {
        throw FaultKind.tooLarge(what: "string", limit: machine.limits.textBytes)
      }
      // Also for no text at all, which could be repeated for hours.
      return machine.makeText(text.isEmpty ? "" : String(repeating: text, count: max(times, 0)))
    }
    native(
      "unaccent", group: "text", [BuiltinParameter("text", type: .string)], result: .string,
      summary: "The text with Latin letters in place of those with accents or strokes, and of ligatures.",
      examples: [.init("unaccent(\"Crème Größe Łódź\")", "Creme Grosse Lodz")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let text = arguments[0].string else { throw badArgument("unaccent", "text", "a text", arguments[0]) }
      return machine.makeText(PlainLetters.text(text))
    }
    native(
      "fixed", group: "numbers",
      [BuiltinParameter("value", type: .number), BuiltinParameter("digits", type: .number)], result: .string,
      summary: "A number as text with exactly so many digits after the point, rounded half away from zero.",
      examples: [.init("fixed(2, 2)", "2.00"), .init("fixed(2.345, 2)", "2.35"), .init("fixed(-0.001, 2)", "0.00")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let number = arguments[0].decimal else { throw badArgument("fixed", "value", "a number", arguments[0]) }
      guard let digits = arguments[1].int, 0...Decimal.maximumDigits ~= digits else {
        throw badArgument("fixed", "digits", "a whole number from 0 to \(Decimal.maximumDigits)", arguments[1])
      }
      do throws(ArithmeticFault) {
        var text = try number.rounded(to: digits).description
        let point = text.utf8.firstIndex(of: UInt8(ascii: "."))
        let written = point.map { text.utf8.distance(from: $0, to: text.utf8.endIndex) - 1 } ?? 0
        if point == nil, digits > 0 { text += "." }
        return machine.makeText(text + String(repeating: "0", count: max(0, digits - written)))
      } catch {
        throw FaultKind.arithmetic(error)
      }
    }
  }
}

/// Latin letters without what stands on, under or through them.
enum PlainLetters {
  /// Letters whose Unicode name does not say which letters they are made of.
  private static let special: [Unicode.Scalar: String] = [
    "ß": "ss", "ẞ": "SS", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d",
    "ı": "i", "ĸ": "k", "ŋ": "ng", "Ŋ": "NG", "ĳ": "ij", "Ĳ": "IJ", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi",
    "ﬄ": "ffl", "’": "'", "‘": "'", "–": "-", "—": "-",
  ]

  static func text(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var output = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        output.unicodeScalars.append(scalar)
      } else if let known = special[scalar] {
        output += known
      } else if scalar.properties.generalCategory == .nonspacingMark, output.unicodeScalars.last?.isASCII == true {
        // The accent of a letter that is written in two parts.
        continue
      } else if let letter = baseLetter(scalar) {
        output.append(letter)
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// Names read "LATIN SMALL LETTER E WITH ACUTE".
  private static func baseLetter(_ scalar: Unicode.Scalar) -> Character? {
    guard let name = scalar.properties.name, name.hasPrefix("LATIN ") else { return nil }
    let words = name.split(separator: " ")
    guard words.count > 4, words[2] == "LETTER", words[4] == "WITH", words[3].utf8.count == 1 else { return nil }
    return words[1] == "SMALL" ? words[3].lowercased().first : words[1] == "CAPITAL" ? words[3].first : nil
  }
}
