import LisCore
import LisSyntax

/// Numbers and durations whose form is right and which no value can hold: they are refused, never rounded.
extension Resolver {
  mutating func resolveLiteral(_ expression: Expression) {
    switch expression.kind {
    case .number(let digits):
      do throws(NumberTextFault) { _ = try Decimal(parsing: digits) } catch {
        report(.literalNotHeld(kind: "number", reason: "\(error)"), expression.span)
      }
    case .duration(let amount, let unit):
      if let reason = reasonAgainst(amount, unit) {
        report(.literalNotHeld(kind: "duration", reason: reason), expression.span)
      }
    default: break
    }
  }

  private func reasonAgainst(_ amount: String, _ unit: LisSyntax.DurationUnit) -> String? {
    guard let unit = LisCore.DurationUnit(rawValue: unit.rawValue) else { return "\(TimeFault.durationTooLong)" }
    do throws(NumberTextFault) {
      let number = try Decimal(parsing: amount)
      do throws(TimeFault) { _ = try CalendarDuration(number, unit) } catch { return "\(error)" }
      return nil
    } catch { return "\(error)" }
  }
}
