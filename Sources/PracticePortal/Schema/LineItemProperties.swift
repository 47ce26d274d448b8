extension StandardProperties {
  /// The billing frequencies of the line-items guide; one-time items leave the property empty.
  static let frequencies: [(value: String, label: String)] = [
    ("weekly", "Weekly"), ("biweekly", "Every two weeks"), ("monthly", "Monthly"), ("quarterly", "Quarterly"),
    ("per_six_months", "Semi-annually"), ("annually", "Annually"), ("per_two_years", "Every two years"),
    ("per_three_years", "Every three years"), ("per_four_years", "Every four years"),
    ("per_five_years", "Every five years"),
  ]

  /// Prices, terms and tiers, which products and line items share; a line item copies them from its product.
  static let offer: [PropertyDefinition] = [
    text("name", "Name"), text("description", "Description", field: "textarea"),
    text("hs_sku", "SKU"), number("price", "Unit price", money: true),
    number("hs_cost_of_goods_sold", "Unit cost", money: true),
    choice("recurringbillingfrequency", "Billing frequency", frequencies),
    text("hs_recurring_billing_period", "Term"),
    choice(
      "hs_product_type", "Product type",
      [("inventory", "Inventory"), ("non-inventory", "Non-inventory"), ("service", "Service")]),
    choice(
      "hs_pricing_model", "Pricing model",
      [("flat", "Flat"), ("volume", "Volume"), ("graduated", "Graduated"), ("stairstep", "Stairstep")]),
    text("hs_tier_ranges", "Tier ranges"), text("hs_tier_prices", "Tier prices"),
    number("tax", "Tax", money: true), text("hs_images", "Image URL"), text("hs_url", "URL"),
    time("createdate", "Create date"), choice("hubspot_owner_id", "Owner", owners: true),
  ]

  static let lineItems: [PropertyDefinition] =
    offer + lineItemInputs + lineItemBilling + lineItemCalculated + lineItemBookkeeping

  private static let lineItemInputs: [PropertyDefinition] = [
    number("quantity", "Quantity"), number("discount", "Unit discount", money: true),
    number("hs_discount_percentage", "Discount percentage"),
    text("hs_rich_text_description", "Line Item Description", field: "html"),
    choice("hs_tax_rate_group_id", "Tax rate"), choice("hs_tax_category", "Tax category"),
    number("hs_product_id", "Product"), number("hs_bundle_id", "Bundle"),
    choice("hs_line_item_currency_code", "Currency", currencies.map { ($0, $0) }),
    number("hs_position_on_quote", "Position on quote"),
    text("hs_group_key", "Group key"), text("hs_origin_key", "Origin key"), text("hs_ramp_key", "Ramp key"),
    text("hs_ramp_group_name", "Ramp group name"), text("hs_ramp_phase_name", "Ramp phase name"),
    choice("hs_owning_teams", "Owning teams"),
    choice("hs_all_assigned_business_unit_ids", "Business units"), choice("hs_hierarchy_type", "Hierarchy type"),
    number("hs_pinned_engagement_id", "Pinned engagement ID"),
  ]

  private static let lineItemBilling: [PropertyDefinition] = [
    date("hs_recurring_billing_start_date", "Billing start date"),
    number("hs_billing_start_delay_days", "Delayed billing start, days"),
    number("hs_billing_start_delay_months", "Delayed billing start, months"),
    choice(
      "hs_billing_start_delay_type", "Billing start delay type",
      [
        ("hs_recurring_billing_start_date", "At a date"), ("hs_billing_start_delay_days", "After days"),
        ("hs_billing_start_delay_months", "After months"),
      ]),
    date("hs_billing_cycle_anchor_date", "Billing cycle anchor date"),
    choice("hs_billing_pause_mode", "Billing pause mode"),
    flag("hs_milestone_billing_enabled", "Milestone billing enabled"), flag("hs_use_prorating", "Use prorating"),
    date("hs_prorating_leading_start_date", "Leading proration start"),
    date("hs_prorating_leading_end_date", "Leading proration end"),
    date("hs_prorating_trailing_start_date", "Trailing proration start"),
    date("hs_prorating_trailing_end_date", "Trailing proration end"),
    readOnly(number("hs_recurring_billing_number_of_payments", "Number of payments")),
    readOnly(choice("hs_recurring_billing_terms", "Billing terms")),
    readOnly(date("hs_recurring_billing_end_date", "Billing end date")),
    readOnly(number("hs_term_in_months", "Term in months")),
  ]

  private static let lineItemCalculated: [PropertyDefinition] = [
    calculated(number("amount", "Net price", money: true)),
    calculated(number("hs_pre_discount_amount", "Pre-discount amount", money: true)),
    calculated(number("hs_total_discount", "Total discount", money: true)),
    calculated(number("hs_post_tax_amount", "Post-tax amount", money: true)),
    calculated(number("hs_tcv", "Total contract value", money: true)),
    calculated(number("hs_acv", "Annual contract value", money: true)),
    calculated(number("hs_arr", "Annual recurring revenue", money: true)),
    calculated(number("hs_mrr", "Monthly recurring revenue", money: true)),
    calculated(number("hs_margin", "Margin", money: true)),
    calculated(number("hs_margin_tcv", "TCV margin", money: true)),
    calculated(number("hs_margin_acv", "ACV margin", money: true)),
    calculated(number("hs_margin_arr", "ARR margin", money: true)),
    calculated(number("hs_margin_mrr", "MRR margin", money: true)),
    calculated(number("hs_tax_amount", "Tax amount", money: true)),
    calculated(number("hs_effective_unit_price", "Effective unit price", money: true)),
  ]

  private static let lineItemBookkeeping: [PropertyDefinition] = [
    readOnly(text("hs_external_id", "External ID")), readOnly(number("hs_variant_id", "Variant ID")),
    readOnly(number("hs_created_by_user_id", "Created by user ID")),
    readOnly(number("hs_updated_by_user_id", "Updated by user ID")), readOnly(flag("hs_read_only", "Read only")),
    readOnly(flag("hs_was_imported", "Created by import")),
  ]
}
