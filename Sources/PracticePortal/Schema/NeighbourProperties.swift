extension StandardProperties {
  static let deals: [PropertyDefinition] = [
    text("dealname", "Deal name"), choice("pipeline", "Pipeline", [(DealPipeline.id, DealPipeline.label)]),
    choice("dealstage", "Deal stage", DealPipeline.stages.map { ($0.id, $0.label) }),
    number("amount", "Amount", money: true),
    choice("deal_currency_code", "Currency", currencies.map { ($0, $0) }), time("closedate", "Close date"),
    choice(
      "dealtype", "Deal type", [("newbusiness", "New business"), ("existingbusiness", "Existing business")]),
    text("description", "Deal description", field: "textarea"), text("hs_next_step", "Next step"),
    choice("hs_priority", "Priority", [("low", "Low"), ("medium", "Medium"), ("high", "High")]),
    choice("hubspot_owner_id", "Deal owner", owners: true), time("createdate", "Create date"),
  ]

  static let products: [PropertyDefinition] =
    offer + [
      choice("hs_folder", "Folder"), choice("hs_status", "Status", [("active", "Active"), ("inactive", "Inactive")]),
    ]

  static let quotes: [PropertyDefinition] = [
    text("hs_title", "Quote title"), date("hs_expiration_date", "Expiration date"),
    choice(
      "hs_status", "Status",
      [
        ("DRAFT", "Draft"), ("APPROVAL_NOT_NEEDED", "Approval not needed"), ("PENDING_APPROVAL", "Pending approval"),
        ("APPROVED", "Approved"), ("REJECTED", "Rejected"),
      ]),
    text("hs_public_url_key", "Public URL key"), text("hs_quote_number", "Quote number"),
    text("hs_proposal_slug", "Proposal slug"), text("hs_language", "Language"),
    choice("hs_currency", "Currency", currencies.map { ($0, $0) }),
    text("hs_terms", "Terms", field: "textarea"), text("hs_comments", "Comments", field: "textarea"),
    choice("hubspot_owner_id", "Owner", owners: true),
  ]
}

/// The default deal pipeline. Line items have none.
enum DealPipeline {
  static let id = "default"
  static let label = "Sales Pipeline"
  static let stages: [(id: String, label: String, probability: String, isClosed: Bool)] = [
    ("appointmentscheduled", "Appointment Scheduled", "0.2", false),
    ("qualifiedtobuy", "Qualified To Buy", "0.4", false),
    ("presentationscheduled", "Presentation Scheduled", "0.6", false),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8", false),
    ("contractsent", "Contract Sent", "0.9", false),
    ("closedwon", "Closed Won", "1.0", true),
    ("closedlost", "Closed Lost", "0.0", true),
  ]
}

/// The owners of the practice portal; all are invented.
enum Owners {
  struct Owner: Sendable {
    var id: String
    var userId: Int
    var firstName: String
    var lastName: String
    var archived = false

    var email: String { "\(firstName).\(lastName)@practice.example".lowercased() }
  }

  static let all: [Owner] = [
    Owner(id: "71200101", userId: 9_100_101, firstName: "Ada", lastName: "Berg"),
    Owner(id: "71200102", userId: 9_100_102, firstName: "Bilal", lastName: "Costa"),
    Owner(id: "71200103", userId: 9_100_103, firstName: "Chiara", lastName: "Dahl"),
    Owner(id: "71200104", userId: 9_100_104, firstName: "Dmitri", lastName: "Eriksen"),
    Owner(id: "71200105", userId: 9_100_105, firstName: "Esi", lastName: "Falk"),
    Owner(id: "71200106", userId: 9_100_106, firstName: "Farid", lastName: "Gomes", archived: true),
  ]
}
