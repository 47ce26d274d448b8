extension Lexer {
  /// Operators, brackets and separators; the longest that fits.
  mutating func scanMark() {
    let lower = offset
    if scanForeignMark(from: lower) { return }
    let second = peek(1)
    let equals = UInt8(ascii: "=")
    switch bytes[offset] {
    case UInt8(ascii: "("): take(.leftParen, 1)
    case UInt8(ascii: ")"): take(.rightParen, 1)
    case UInt8(ascii: "["): take(.leftBracket, 1)
    case UInt8(ascii: "]"): take(.rightBracket, 1)
    case UInt8(ascii: "{"):
      if !interpolations.isEmpty { interpolations[interpolations.count - 1].braces += 1 }
      take(.leftBrace, 1)
    case UInt8(ascii: ","): take(.comma, 1)
    case UInt8(ascii: ":"): take(.colon, 1)
    case UInt8(ascii: ";"): take(.semicolon, 1)
    case UInt8(ascii: "|"): take(.pipe, 1)
    case UInt8(ascii: "+"): take(.plus, 1)
    case UInt8(ascii: "-"): take(.minus, 1)
    case UInt8(ascii: "*"): take(.star, 1)
    case UInt8(ascii: "/"): take(.slash, 1)
    case UInt8(ascii: "%"): take(.percent, 1)
    case equals where second == equals: take(.equal, 2)
    case equals where second == UInt8(ascii: "~"): take(.equalIgnoringCase, 2)
    case equals where second == UInt8(ascii: ">"): take(.arrow, 2)
    case equals: take(.assign, 1)
    case UInt8(ascii: "!") where second == equals: take(.notEqual, 2)
    case UInt8(ascii: "!"):
      problems.append(.foreignMark("!", Span(lower, lower + 1)))
      offset += 1
      add(.name, from: lower, word: .not)
    case UInt8(ascii: "<") where second == equals: take(.lessOrEqual, 2)
    case UInt8(ascii: "<"): take(.less, 1)
    case UInt8(ascii: ">") where second == equals: take(.greaterOrEqual, 2)
    case UInt8(ascii: ">"): take(.greater, 1)
    case UInt8(ascii: "?") where second == UInt8(ascii: "?"): take(.coalesce, 2)
    case UInt8(ascii: "?"):
      problems.append(.foreignMark("?", Span(lower, lower + 1)))
      take(.invalid, 1)
    default:
      problems.append(.strangeCharacter(Unicode.Scalar(bytes[offset]), Span(lower, lower + 1)))
      take(.invalid, 1)
    }
  }

  private mutating func take(_ kind: Token.Kind, _ length: Int) {
    offset += length
    add(kind, from: offset - length)
  }

  /// Marks of other languages are looked at first; each is named in a diagnostic and read as what was meant.
  mutating func scanForeignMark(from lower: Int) -> Bool {
    guard let candidates = ForeignMark.byFirstByte[bytes[lower]] else { return false }
    for mark in candidates where mark.stands(at: lower, in: bytes) {
      offset = lower + mark.bytes.count
      switch mark.meaning {
      case .kind(let kind): add(kind, from: lower)
      case .word(let word): add(.name, from: lower, word: word)
      case .lineComment: skipLine()
      case .blockComment: skipBlockComment()
      case .nothing: add(.invalid, from: lower)
      }
      problems.append(.foreignMark(mark.text, Span(lower, lower + mark.bytes.count)))
      return true
    }
    return false
  }

  private mutating func skipBlockComment() {
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        offset += 2
        return
      }
      if bytes[offset] == UInt8(ascii: "\n") { passedLineEnd = true }
      offset += 1
    }
  }

  /// Decodes one scalar of text known to be valid UTF-8.
  func scalar(at place: Int) -> (Unicode.Scalar, Int) {
    let first = bytes[place]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var value = UInt32(first) & (length == 1 ? 0x7F : length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
    for step in 1..<max(length, 2) where step < length && place + step < bytes.count {
      value = value << 6 | UInt32(bytes[place + step] & 0x3F)
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  mutating func scanBeyondASCII() {
    let lower = offset
    let (scalar, length) = scalar(at: offset)
    if let kind = ForeignMark.lookalikes[scalar] {
      offset += length
      problems.append(.lookalike(scalar, kind.rawValue, Span(lower, offset)))
      add(kind, from: lower)
    } else if scalar.isCurlyQuote {
      scanCurlyText()
    } else if scalar.canBeInForeignName {
      scanForeignName(from: lower)
    } else {
      repeat {
        offset += length
      } while offset < bytes.count && bytes[offset] >= 0x80 && self.scalar(at: offset).0 == scalar
      problems.append(.strangeCharacter(scalar, Span(lower, lower + length)))
      // Blank and invisible characters are passed over; a visible one stood for something.
      if !scalar.isMisleading, !scalar.properties.isWhitespace { add(.invalid, from: lower) }
    }
  }
}

extension Unicode.Scalar {
  /// Letters, digits and the marks on them, as other languages allow them in names.
  var canBeInForeignName: Bool {
    value >= 0x80 && (properties.isAlphabetic || properties.isXIDContinue) && !isMisleading
  }

  /// Shown as nothing, or changing the order in which the text around it is shown.
  var isMisleading: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
    default: return properties.isDefaultIgnorableCodePoint && !properties.isVariationSelector
    }
  }

  var isCurlyQuote: Bool {
    switch value {
    case 0x2018...0x201F, 0xAB, 0xBB: return true
    default: return false
    }
  }

  /// `U+202E`.
  var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
