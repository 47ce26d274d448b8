/// The JSON of a refusal: as the whole body of an answer, or as one entry of a 207.
enum ErrorEnvelope {
  /// The body of a failed request. Unset fields are left out, as in recorded answers.
  static func body(_ refusal: Refusal, correlationId: String) -> [UInt8] {
    JSONWriter.object { body in
      body.member("status", "error")
      body.member("message", refusal.message)
      if refusal.status == 429, refusal.category == nil { body.member("errorType", "RATE_LIMIT") }
      body.member("correlationId", correlationId)
      if case .tenSecondlyLimit = refusal { body.member("policyName", "TEN_SECONDLY_ROLLING") }
      if refusal == .dailyLimit {
        body.member("policyName", "DAILY")
        body.member("requestId", correlationId)
      }
      if case .missingScopes(let scopes) = refusal { writeScopes(scopes, into: &body) }
      if !refusal.details.isEmpty { writeDetails(refusal.details, into: &body) }
      if !refusal.context.isEmpty { writeContext(refusal.context, into: &body) }
      if let category = refusal.category { body.member("category", category) }
      if let subCategory = refusal.subCategory { body.member("subCategory", subCategory) }
    }
  }

  /// One entry of `errors` in a 207. `context`, `errors` and `links` are always present, because HubSpot's own
  /// clients insist on them.
  static func entry(_ refusal: Refusal, context extra: [String: [String]], into list: inout JSONWriter) {
    list.object { entry in
      entry.member("status", "error")
      entry.member("category", refusal.category ?? "OBJECT_NOT_FOUND")
      if let subCategory = refusal.subCategory { entry.member("subCategory", subCategory) }
      entry.member("message", refusal.message)
      writeContext(refusal.context.merging(extra) { _, new in new }, into: &entry)
      writeDetails(refusal.details, into: &entry)
      entry.memberObject("links") { _ in }
    }
  }

  private static func writeScopes(_ scopes: [String], into writer: inout JSONWriter) {
    writer.memberArray("errors") { list in
      list.object {
        $0.member("message", "One or more of the following scopes are required.")
        $0.memberObject("context") { $0.member("requiredGranularScopes", scopes) }
      }
    }
    writer.memberObject("links") { $0.member("scopes", Refusal.scopesPage) }
  }

  private static func writeDetails(_ details: [InvalidValue], into writer: inout JSONWriter) {
    writer.memberArray("errors") { list in
      for invalid in details {
        list.object {
          $0.member("message", invalid.message)
          $0.member("code", invalid.code)
          $0.memberObject("context") { $0.member("propertyName", [invalid.name]) }
        }
      }
    }
  }

  private static func writeContext(_ context: [String: [String]], into writer: inout JSONWriter) {
    writer.memberObject("context") {
      for (key, values) in context.sorted(by: { $0.key < $1.key }) { $0.member(key, values) }
    }
  }
}
