extension Lexer {
  /// NUMBER and DURATION. Whatever touches the digits belongs to them, so that `12px` is one complaint and not two.
  mutating func scanNumber() {
    let lower = offset
    var fault: NumberFault?
    if peek() == UInt8(ascii: ".") { fault = .leadingPoint }
    scanDigits(&fault)
    if peek() == UInt8(ascii: "."), isDigit(peek(1)) {
      offset += 1
      scanDigits(&fault)
      while peek() == UInt8(ascii: "."), isDigit(peek(1)) {
        fault = fault ?? .severalPoints
        offset += 1
        scanDigits(&fault)
      }
    } else if peek() == UInt8(ascii: "."), peek(1) != UInt8(ascii: "."), !isNameStart(peek(1)) {
      fault = fault ?? .noDigitAfterPoint
      offset += 1
    }
    let digits = digitsText(lower, offset)
    let unitStart = offset
    while isNamePart(peek()) { offset += 1 }
    let unit = String(decoding: bytes[unitStart..<offset], as: UTF8.self)
    finishNumber(from: lower, digits: digits, unit: unit, fault: fault)
  }

  private mutating func finishNumber(from lower: Int, digits: String, unit: String, fault: NumberFault?) {
    var fault = fault
    let isUnit = DurationUnit(rawValue: unit) != nil
    if fault == nil, !unit.isEmpty, !isUnit { fault = faultOfSuffix(digits: digits, unit: unit) }
    let span = Span(lower, offset)
    if let fault { problems.append(.malformedNumber(fault, source.text(span), span)) }
    if isUnit {
      add(.duration, from: lower, text: digits + unit)
    } else {
      add(.number, from: lower, text: digits)
    }
  }

  /// Letters behind a number that are no unit: which mistake it is.
  private mutating func faultOfSuffix(digits: String, unit: String) -> NumberFault {
    let letters = Array(unit.utf8)
    if letters.first == UInt8(ascii: "e") || letters.first == UInt8(ascii: "E") {
      if letters.count == 1, peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-"), isDigit(peek(1)) {
        offset += 1
        while isDigit(peek()) { offset += 1 }
        return .exponent
      }
      if letters.count > 1, letters.dropFirst().allSatisfy(isDigit) { return .exponent }
    }
    if digits == "0", let first = letters.first, [UInt8](arrayLiteral: 0x78, 0x58, 0x62, 0x6F).contains(first) {
      return .otherBase
    }
    return .unknownUnit(unit)
  }

  /// Digits with `_` between them.
  private mutating func scanDigits(_ fault: inout NumberFault?) {
    var lastWasDigit = false
    while true {
      let byte = peek()
      if isDigit(byte) {
        lastWasDigit = true
      } else if byte == UInt8(ascii: "_") {
        if !lastWasDigit { fault = fault ?? .badGrouping }
        lastWasDigit = false
      } else {
        break
      }
      offset += 1
    }
    if !lastWasDigit, fault == nil { fault = .badGrouping }
  }

  /// The digits without underscores, beginning and ending in a digit.
  private func digitsText(_ lower: Int, _ upper: Int) -> String {
    var kept: [UInt8] = []
    var hasPoint = false
    for byte in bytes[lower..<upper] {
      if isDigit(byte) {
        kept.append(byte)
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
        if kept.isEmpty { kept.append(UInt8(ascii: "0")) }
        kept.append(byte)
      }
    }
    if kept.last == UInt8(ascii: ".") { kept.removeLast() }
    return String(decoding: kept, as: UTF8.self)
  }
}

/// What is wrong with a number.
public enum NumberFault: Hashable, Sendable {
  case leadingPoint
  case noDigitAfterPoint
  case severalPoints
  case badGrouping
  case exponent
  case otherBase
  case unknownUnit(String)
}
