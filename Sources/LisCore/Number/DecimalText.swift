/// The three ways in which numbers are written where lis reads them.
public enum NumberForm: Sendable {
  /// `-?digits[.digits]`: the canonical form of the language and of text cells. No `+`, exponent, space or bare point.
  case language
  /// A number of RFC 8259, section 6: as above, with an exponent and without superfluous leading zeros.
  case json
  /// Property values as HubSpot stores them, which are whatever a client once wrote: also `+5`, `.5` and `1.2E3`.
  case property
}

extension Decimal {
  /// Reads a number from UTF-8 text, all of which it must be. Written digits are kept; zeros at the end of a fraction
  /// are dropped only where there are more digits than a number holds.
  public init(parsing text: Span<UInt8>, as form: NumberForm = .language) throws(NumberTextFault) {
    var reader = NumberReader(form: form)
    self = try reader.number(text)
  }

  public init(parsing text: String, as form: NumberForm = .language) throws(NumberTextFault) {
    try self.init(parsing: Array(text.utf8).span, as: form)
  }
}

/// One pass over the text of a number. The text is handed to each step, since a span cannot be stored.
private struct NumberReader {
  let form: NumberForm
  var offset = 0
  /// The significant digits so far, without `pendingZeros` of them.
  var magnitude: UInt128 = 0
  /// Zeros read since the last other digit: they count only if another digit follows or if they fit.
  var pendingZeros = 0

  /// Below this a further digit always fits.
  private static let roomForOneMore: UInt128 = 10_000000_000000_000000_000000_000000_000000

  init(form: NumberForm) { self.form = form }

  mutating func number(_ text: Span<UInt8>) throws(NumberTextFault) -> Decimal {
    if text.isEmpty { throw .empty }
    let negative = sign(text, plusAllowed: form == .property)
    try integerPart(text)
    var scale = 0
    if peek(text) == UInt8(ascii: ".") {
      offset += 1
      scale = try digits(text)
      if scale == 0 { throw unexpected(text) }
    }
    let exponent = try exponentPart(text)
    if offset < text.count { throw .unexpectedByte(text[offset], offset: offset) }
    return try assembled(negative: negative, scale: scale, exponent: exponent)
  }

  private func peek(_ text: Span<UInt8>) -> UInt8? { offset < text.count ? text[offset] : nil }

  private func unexpected(_ text: Span<UInt8>) -> NumberTextFault {
    offset == text.count ? .missingDigit(offset: offset) : .unexpectedByte(text[offset], offset: offset)
  }

  private mutating func sign(_ text: Span<UInt8>, plusAllowed: Bool) -> Bool {
    if peek(text) == UInt8(ascii: "-") {
      offset += 1
      return true
    }
    if plusAllowed && peek(text) == UInt8(ascii: "+") { offset += 1 }
    return false
  }

  /// The digits before the point; only a property value may have none.
  private mutating func integerPart(_ text: Span<UInt8>) throws(NumberTextFault) {
    let start = offset
    let count = try digits(text)
    if count == 0 && !(form == .property && peek(text) == UInt8(ascii: ".")) { throw unexpected(text) }
    if form == .json && count > 1 && text[start] == UInt8(ascii: "0") { throw .leadingZero }
  }

  /// Reads digits into the magnitude and says how many there were.
  private mutating func digits(_ text: Span<UInt8>) throws(NumberTextFault) -> Int {
    let start = offset
    while offset < text.count {
      let digit = text[offset] &- UInt8(ascii: "0")
      if digit > 9 { break }
      offset += 1
      if digit == 0 {
        if magnitude != 0 { pendingZeros += 1 }
      } else {
        try takeIn(digit)
      }
    }
    return offset - start
  }

  /// Appends the pending zeros and `digit` to the magnitude.
  private mutating func takeIn(_ digit: UInt8) throws(NumberTextFault) {
    if pendingZeros == 0 && magnitude < NumberReader.roomForOneMore {
      magnitude = magnitude &* 10 &+ UInt128(digit)
      return
    }
    guard pendingZeros < Decimal.maximumDigits else { throw .tooManyDigits }
    let (product, overflow) = magnitude.multipliedReportingOverflow(by: PowersOfTen.power(pendingZeros + 1))
    if overflow || product >= PowersOfTen.power(Decimal.maximumDigits) { throw .tooManyDigits }
    magnitude = product + UInt128(digit)
    pendingZeros = 0
  }

  /// The exponent, 0 if there is none. Beyond a million in size its exact value no longer matters.
  private mutating func exponentPart(_ text: Span<UInt8>) throws(NumberTextFault) -> Int {
    guard let letter = peek(text), letter | 0x20 == UInt8(ascii: "e") else { return 0 }
    if form == .language { throw .exponentNotAllowed(offset: offset) }
    offset += 1
    let negative = sign(text, plusAllowed: true)
    let start = offset
    var value = 0
    while let byte = peek(text), byte &- UInt8(ascii: "0") <= 9 {
      value = min(value * 10 + Int(byte &- UInt8(ascii: "0")), 1_000_000)
      offset += 1
    }
    if offset == start { throw unexpected(text) }
    return negative ? -value : value
  }

  /// The number from its significant digits, zeros, decimals and exponent.
  private func assembled(negative: Bool, scale: Int, exponent: Int) throws(NumberTextFault) -> Decimal {
    let written = scale - exponent
    if magnitude == 0 { return Decimal(unchecked: 0, scale: min(max(written, 0), Decimal.maximumScale)) }
    let core = Decimal(negative: negative, magnitude: magnitude, scale: 0)
    // The place of the last digit that is not zero; left of the point its zeros must be written out.
    let coreScale = written - pendingZeros
    let room = Decimal.maximumDigits - core.digitCount
    if coreScale > Decimal.maximumScale { throw .tooManyDecimals }
    if coreScale < 0 && -coreScale > room { throw .tooManyDigits }
    let wanted = max(pendingZeros, -coreScale)
    let zeros = min(wanted, room, Decimal.maximumScale - coreScale)
    let coefficient = core.coefficient * Int128(PowersOfTen.power(zeros))
    return Decimal(unchecked: coefficient, scale: coreScale + zeros)
  }
}
