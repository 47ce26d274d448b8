/// How often a recurring line item is paid.
struct BillingFrequency: Sendable {
  /// The cycle in days (weekly kinds) or in months (all others).
  enum Cycle: Sendable, Equatable {
    case days(Int)
    case months(Int)
  }

  var cycle: Cycle

  init?(_ value: String) {
    switch value {
    case "weekly": cycle = .days(7)
    case "biweekly": cycle = .days(14)
    case "monthly": cycle = .months(1)
    case "quarterly": cycle = .months(3)
    case "per_six_months": cycle = .months(6)
    case "annually": cycle = .months(12)
    case "per_two_years": cycle = .months(24)
    case "per_three_years": cycle = .months(36)
    case "per_four_years": cycle = .months(48)
    case "per_five_years": cycle = .months(60)
    default: return nil
    }
  }

  /// Payments in a year as a fraction: 52/1 for weekly, 26/1 for biweekly, 12 over the months of the cycle.
  var paymentsPerYear: (numerator: Int, denominator: Int) {
    switch cycle {
    case .days(let days): (364 / days, 1)
    case .months(let months): (12, months)
    }
  }
}

/// `hs_recurring_billing_period`: the whole term as an ISO 8601 duration, `PnYnMnD` or `PnW` (line-items guide).
struct BillingTerm: Equatable, Sendable {
  var months = 0
  var days = 0

  init?(_ text: String) {
    guard text.first == "P" else { return nil }
    var order = ["Y", "M", "W", "D"][...]
    var digits = ""
    var parts = 0
    var hasWeeks = false
    for character in text.dropFirst() {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      let unit = String(character)
      guard let place = order.firstIndex(of: unit), let amount = Int(digits), amount < 10_000 else { return nil }
      order = order[(place + 1)...]
      digits = ""
      parts += 1
      switch unit {
      case "Y": months += amount * 12
      case "M": months += amount
      case "W":
        days += amount * 7
        hasWeeks = true
      default: days += amount
      }
    }
    guard parts > 0, digits.isEmpty, !hasWeeks || parts == 1, months + days > 0 else { return nil }
  }

  /// The number of payments of this term, or `nil` when the term contradicts the frequency: weekly kinds take weeks
  /// or days, all others months or years. Practice-portal rule: a part of a cycle counts as a whole payment.
  func payments(_ frequency: BillingFrequency) -> Int? {
    switch frequency.cycle {
    case .days(let cycle): months == 0 ? (days + cycle - 1) / cycle : nil
    case .months(let cycle): days == 0 ? (months + cycle - 1) / cycle : nil
    }
  }
}
