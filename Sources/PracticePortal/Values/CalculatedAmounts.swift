/// The calculated properties of a line item.
///
/// Net price, discount and rounding follow HubSpot's published description (pre-discount is price × quantity, a
/// percentage comes off the line total, a unit discount is multiplied by the quantity, every step is rounded half up
/// to two decimals). Contract values and margins of recurring items are **approximations** of this practice portal:
/// HubSpot does not publish the formulas. Setting both discounts is not described anywhere; here the percentage wins.
/// Without a price or a quantity there is nothing to calculate and the values are empty.
enum CalculatedAmounts {
  /// Every property this computes; none of them may be written.
  static let names = [
    "amount", "hs_pre_discount_amount", "hs_total_discount", "hs_post_tax_amount", "hs_tcv", "hs_acv", "hs_arr",
    "hs_mrr", "hs_margin", "hs_margin_tcv", "hs_margin_acv", "hs_margin_arr", "hs_margin_mrr",
    "hs_recurring_billing_number_of_payments", "hs_recurring_billing_terms", "hs_term_in_months",
  ]

  /// A write of one of these makes the calculation necessary.
  static let inputs: Set<String> = [
    "price", "quantity", "discount", "hs_discount_percentage", "tax", "hs_cost_of_goods_sold",
    "recurringbillingfrequency", "hs_recurring_billing_period",
  ]

  /// Answers a value, or `nil` for empty, for every name in `names`.
  static func compute(_ value: (String) -> String?) -> [String: String] {
    var result: [String: String] = [:]
    let billing = Billing(value)
    result["hs_recurring_billing_number_of_payments"] = billing.payments.map(String.init)
    if let term = billing.term {
      result["hs_recurring_billing_terms"] = "FIXED"
      if term.days == 0 { result["hs_term_in_months"] = String(term.months) }
    }
    guard let net = Net(value) else { return result }
    result["hs_pre_discount_amount"] = net.preDiscount.text
    result["hs_total_discount"] = net.totalDiscount.text
    result["amount"] = net.amount.text
    result["hs_post_tax_amount"] = net.afterTax?.text
    if let values = billing.contractValues(of: net.amount) {
      result["hs_mrr"] = values.mrr.text
      result["hs_arr"] = values.arr.text
      result["hs_tcv"] = values.tcv.text
      result["hs_acv"] = values.acv.text
    }
    guard let margin = net.margin else { return result }
    result["hs_margin"] = margin.text
    if let values = billing.contractValues(of: margin) {
      result["hs_margin_mrr"] = values.mrr.text
      result["hs_margin_arr"] = values.arr.text
      result["hs_margin_tcv"] = values.tcv.text
      result["hs_margin_acv"] = values.acv.text
    }
    return result
  }

  /// The price of one billing cycle.
  private struct Net {
    var preDiscount: ExactDecimal
    var totalDiscount: ExactDecimal
    var amount: ExactDecimal
    var afterTax: ExactDecimal?
    var margin: ExactDecimal?

    init?(_ value: (String) -> String?) {
      func decimal(_ name: String) -> ExactDecimal? {
        guard let text = value(name), !text.isEmpty else { return nil }
        return ExactDecimal(text)
      }
      guard let price = decimal("price"), let quantity = decimal("quantity"),
        let gross = price.multiplied(by: quantity)?.rounded()
      else { return nil }
      preDiscount = gross
      if let percentage = decimal("hs_discount_percentage") {
        guard let off = gross.multiplied(by: percentage)?.rounded(over: 100) else { return nil }
        totalDiscount = off
      } else if let unit = decimal("discount") {
        guard let off = unit.multiplied(by: quantity)?.rounded() else { return nil }
        totalDiscount = off
      } else {
        totalDiscount = ExactDecimal(coefficient: 0, scale: 2)
      }
      guard let net = preDiscount.subtracting(totalDiscount) else { return nil }
      amount = net
      afterTax = net.adding(decimal("tax") ?? .zero)?.rounded()
      let cost = (decimal("hs_cost_of_goods_sold") ?? .zero).multiplied(by: quantity)
      margin = cost.flatMap { net.subtracting($0) }?.rounded()
    }
  }

  /// The recurrence of a line item; `frequency` is `nil` for one-time items, whose term means nothing.
  private struct Billing {
    var frequency: BillingFrequency?
    var term: BillingTerm?

    init(_ value: (String) -> String?) {
      frequency = value("recurringbillingfrequency").flatMap(BillingFrequency.init)
      if frequency != nil { term = value("hs_recurring_billing_period").flatMap(BillingTerm.init) }
    }

    /// One for a one-time item, none for an item that renews until it is cancelled.
    var payments: Int? {
      guard let frequency else { return 1 }
      return term?.payments(frequency)
    }

    func contractValues(
      of amount: ExactDecimal
    ) -> (mrr: ExactDecimal, arr: ExactDecimal, tcv: ExactDecimal, acv: ExactDecimal)? {
      guard let frequency else {
        let none = ExactDecimal(coefficient: 0, scale: 2)
        return (none, none, amount, amount)
      }
      let year = frequency.paymentsPerYear
      guard let mrr = amount.rounded(times: year.numerator, over: year.denominator * 12),
        let arr = amount.rounded(times: year.numerator, over: year.denominator),
        let tcv = payments.map({ amount.rounded(times: $0) }) ?? arr, let acv = ExactDecimal.minimum(tcv, arr)
      else { return nil }
      return (mrr, arr, tcv, acv)
    }
  }
}
