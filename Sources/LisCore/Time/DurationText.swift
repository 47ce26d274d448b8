extension CalendarDuration: CustomStringConvertible {
  /// The canonical text: years and months, days, then hours, minutes and seconds, as `1y2mo`, `90d`, `1h30m`, `1.5s`.
  /// A sign holds for all parts up to the next sign: `-1y2mo`, `1mo-3d`. A duration of nothing is `0d`.
  public var description: String {
    if isZero { return "0d" }
    var text = ""
    var negative = false
    for part in parts {
      if part.negative != negative {
        text += part.negative ? "-" : "+"
        negative = part.negative
      }
      text += part.amount + part.unit.rawValue
    }
    return text
  }

  /// The parts that are not zero, largest unit first, each without its sign.
  private var parts: [(negative: Bool, amount: String, unit: DurationUnit)] {
    var parts: [(negative: Bool, amount: String, unit: DurationUnit)] = []
    func append(_ amount: UInt, _ unit: DurationUnit, of whole: Int) {
      if amount != 0 { parts.append((whole < 0, String(amount), unit)) }
    }
    append(months.magnitude / 12, .year, of: months)
    append(months.magnitude % 12, .month, of: months)
    append(days.magnitude, .day, of: days)
    append(milliseconds.magnitude / 3_600_000, .hour, of: milliseconds)
    append(milliseconds.magnitude / 60_000 % 60, .minute, of: milliseconds)
    let rest = Int(milliseconds.magnitude % 60_000)
    if rest != 0 { parts.append((milliseconds < 0, Decimal(mantissa: rest, scale: 3).reduced.description, .second)) }
    return parts
  }

  /// Reads one or more amounts with units, largest unit first, as `description` writes them: `12mo`, `1y2mo`, `-1.5h`.
  public init(parsing text: Span<UInt8>) throws(TimeTextFault) {
    var reader = TimeReader()
    if text.isEmpty { throw .empty }
    var total = CalendarDuration.zero
    var previous: DurationUnit?
    var negative = false
    repeat {
      if reader.skip(UInt8(ascii: "-"), text) {
        negative = true
      } else if previous != nil && reader.skip(UInt8(ascii: "+"), text) {
        negative = false
      }
      let amount = try reader.amount(text)
      let unit = try reader.durationUnit(text, after: previous)
      previous = unit
      do {
        total = try total.adding(CalendarDuration(negative ? amount.negated : amount, unit))
      } catch {
        throw .amount(error)
      }
    } while reader.offset < text.count
    self = total
  }

  public init(parsing text: String) throws(TimeTextFault) { try self.init(parsing: Array(text.utf8).span) }
}

extension DurationUnit {
  /// How large the unit is among the others: seconds come first, in the order of declaration.
  fileprivate var rank: Int { DurationUnit.allCases.firstIndex(of: self) ?? 0 }
}

extension TimeReader {
  /// The digits and at most one point in front of a unit.
  fileprivate mutating func amount(_ text: Span<UInt8>) throws(TimeTextFault) -> Decimal {
    let start = offset
    while let byte = peek(text), byte &- UInt8(ascii: "0") <= 9 || byte == UInt8(ascii: ".") { offset += 1 }
    if offset == start { throw fault(text, expected: .number) }
    do {
      return try Decimal(parsing: text.extracting(start..<offset))
    } catch .tooManyDigits, .tooManyDecimals {
      throw .outOfRange
    } catch {
      offset = start
      throw fault(text, expected: .number)
    }
  }

  /// The unit after an amount, which must be smaller than the one before it.
  fileprivate mutating func durationUnit(
    _ text: Span<UInt8>, after previous: DurationUnit?
  ) throws(TimeTextFault) -> DurationUnit {
    var letters = ""
    while let byte = peek(text), byte | 0x20 &- UInt8(ascii: "a") < 26 {
      letters.unicodeScalars.append(Unicode.Scalar(byte))
      offset += 1
    }
    if letters.isEmpty { throw fault(text, expected: .unit) }
    guard let unit = DurationUnit(rawValue: letters) else { throw .noSuchUnit(letters) }
    if let previous, unit.rank >= previous.rank { throw .unitOutOfOrder(letters) }
    return unit
  }
}
