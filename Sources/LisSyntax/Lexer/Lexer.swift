/// Splits a source into tokens in one pass, in time linear in its length whatever the source holds. Line ends are not
/// tokens: each token knows whether the line end in front of it can end a statement.
public func tokenize(_ source: SourceText, stop: CompilationStop = CompilationStop()) -> TokenList {
  var lexer = Lexer(source, stop)
  return lexer.run()
}

struct Lexer {
  let source: SourceText
  let bytes: [UInt8]
  private let stop: CompilationStop
  var offset = 0
  var tokens: [Token] = []
  var texts: [String] = []
  var comments: [Comment] = []
  var problems: [SyntaxProblem] = []
  /// A line end was passed since the last token.
  var passedLineEnd = false
  /// The interpolations that are open, the outermost first.
  var interpolations: [OpenInterpolation] = []
  /// The first text in double quotes that goes over a line end: the usual suspect when quotes do not pair up.
  var firstTextOverLines: Span?
  /// Nothing closes a text of three quotes from here on, so that it is searched only once.
  var noTripleQuoteFrom = Int.max

  struct OpenInterpolation {
    /// The `${`.
    var mark: Span
    /// Braces open inside, which must close before the interpolation can.
    var braces = 0
  }

  init(_ source: SourceText, _ stop: CompilationStop) {
    self.source = source
    self.stop = stop
    bytes = source.bytes
    tokens.reserveCapacity(bytes.count / 4 + 1)
  }

  mutating func run() -> TokenList {
    while offset < bytes.count, stop.goesOn() { scan() }
    if let outermost = interpolations.first {
      problems.removeAll { problem in
        if case .unterminatedText = problem { return true }
        return false
      }
      problems.append(.unterminatedInterpolation(outermost.mark))
    }
    passedLineEnd = true
    add(.end, from: bytes.count)
    return TokenList(tokens: tokens, comments: comments, problems: problems, texts: texts)
  }

  /// The byte so many places ahead; 0 past the end.
  func peek(_ distance: Int = 0) -> UInt8 {
    let place = offset + distance
    return place < bytes.count ? bytes[place] : 0
  }

  mutating func add(_ kind: Token.Kind, from lower: Int, text: String? = nil, word: Word? = nil) {
    var payload: Int32 = -1
    if let text {
      payload = Int32(texts.count)
      texts.append(text)
    }
    var token = Token(
      kind: kind, word: word, span: Span(lower, offset), startsLine: false, isFirstOnLine: passedLineEnd,
      payload: payload)
    token.startsLine =
      passedLineEnd && !token.continuesFromLastLine && !(tokens.last?.continuesToNextLine ?? true)
    passedLineEnd = false
    tokens.append(token)
  }

  private mutating func scan() {
    let byte = bytes[offset]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): offset += 1
    case UInt8(ascii: "\n"):
      passedLineEnd = true
      offset += 1
    case UInt8(ascii: "\r") where peek(1) == UInt8(ascii: "\n"): offset += 1
    case UInt8(ascii: "#"): scanComment()
    case UInt8(ascii: "\""): scanQuotedText()
    case UInt8(ascii: "'"): scanRawText()
    case UInt8(ascii: "`"): scanBacktickText()
    case UInt8(ascii: "@"): scanDate()
    case UInt8(ascii: "."): scanDots()
    case UInt8(ascii: "}"): scanRightBrace()
    case _ where isDigit(byte): scanNumber()
    case _ where isNameStart(byte): scanName()
    case 0x80...: scanBeyondASCII()
    case 0..<0x20, 0x7F: scanControl()
    default: scanMark()
    }
  }

  private mutating func scanComment() {
    let lower = offset
    let isDocumentation = peek(1) == UInt8(ascii: "#") && peek(2) != UInt8(ascii: "#")
    skipLine()
    comments.append(Comment(span: Span(lower, offset), isDocumentation: isDocumentation))
  }

  /// Goes to the end of the line. What hides or reorders text is refused in comments too, since a reader would be misled.
  mutating func skipLine() {
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\r"), offset + 1 == bytes.count || peek(1) == UInt8(ascii: "\n") { return }
      if (byte < 0x20 && byte != UInt8(ascii: "\t")) || byte == 0x7F {
        scanControl()
      } else if byte >= 0x80 {
        let (scalar, length) = scalar(at: offset)
        if scalar.isMisleading {
          problems.append(.strangeCharacter(scalar, Span(offset, offset + length)))
        }
        offset += length
      } else {
        offset += 1
      }
    }
  }

  /// One complaint for a run of the same control character.
  private mutating func scanControl() {
    let lower = offset
    let byte = bytes[offset]
    while offset < bytes.count, bytes[offset] == byte { offset += 1 }
    problems.append(.strangeCharacter(Unicode.Scalar(byte), Span(lower, lower + 1)))
  }

  private mutating func scanName() {
    let lower = offset
    skipNameBytes()
    if peek() >= 0x80, scalar(at: offset).0.canBeInForeignName {
      scanForeignName(from: lower)
      return
    }
    takeExclamation()
    let text = String(decoding: bytes[lower..<offset], as: UTF8.self)
    add(.name, from: lower, word: Word.table[text])
  }

  /// A name that goes beyond ASCII is one token and one complaint.
  mutating func scanForeignName(from lower: Int, _ kind: Token.Kind = .name) {
    while offset < bytes.count {
      if isNamePart(bytes[offset]) {
        offset += 1
      } else if bytes[offset] >= 0x80, case let (scalar, length) = scalar(at: offset), scalar.canBeInForeignName {
        offset += length
      } else {
        break
      }
    }
    takeExclamation()
    let span = Span(lower, offset)
    problems.append(.nameBeyondASCII(source.text(span), span))
    add(kind, from: kind == .field ? lower - 1 : lower)
  }

  /// A name may end in one `!`, unless `=` follows it: `a!=b` compares.
  private mutating func takeExclamation() {
    if peek() == UInt8(ascii: "!"), peek(1) != UInt8(ascii: "=") { offset += 1 }
  }

  private mutating func skipNameBytes() {
    while offset < bytes.count, isNamePart(bytes[offset]) { offset += 1 }
  }

  private mutating func scanDots() {
    let lower = offset
    if isNameStart(peek(1)) || (peek(1) >= 0x80 && scalar(at: offset + 1).0.canBeInForeignName) {
      offset += 1
      skipNameBytes()
      if peek() >= 0x80, scalar(at: offset).0.canBeInForeignName {
        scanForeignName(from: lower + 1, .field)
        return
      }
      takeExclamation()
      add(.field, from: lower)
    } else if peek(1) == UInt8(ascii: ".") {
      offset += 2
      if scanForeignMark(from: lower) { return }
      if peek() == UInt8(ascii: ".") {
        offset += 1
        add(.spread, from: lower)
      } else {
        add(.range, from: lower)
      }
    } else if isDigit(peek(1)) {
      scanNumber()
    } else {
      offset += 1
      add(.dot, from: lower)
    }
  }

  private mutating func scanRightBrace() {
    if let last = interpolations.last {
      if last.braces == 0 {
        interpolations.removeLast()
        let lower = offset
        offset += 1
        scanQuotedPart(from: lower, isFirst: false)
        return
      }
      interpolations[interpolations.count - 1].braces -= 1
    }
    offset += 1
    add(.rightBrace, from: offset - 1)
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

func isNameStart(_ byte: UInt8) -> Bool {
  (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
    || byte == UInt8(ascii: "_")
}

func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
