/// Account details, owners and pipelines: small, and read-only.
struct AccountEndpoints {
  let call: Call

  func details() -> Answer {
    .ok(
      JSONWriter.object { body in
        body.member("portalId", PortalIdentity.portalId)
        body.member("accountType", "DEVELOPER_TEST")
        body.member("timeZone", "UTC")
        body.member("companyCurrency", StandardProperties.currencies.first ?? "EUR")
        body.member("additionalCurrencies", Array(StandardProperties.currencies.dropFirst()))
        body.member("utcOffset", "+00:00")
        body.member("utcOffsetMilliseconds", 0)
        body.member("uiDomain", "app.hubspot.com")
        body.member("dataHostingLocation", "na1")
      })
  }

  // MARK: Owners

  func owners() throws(Refusal) -> Answer {
    let archived = try call.query.flag("archived")
    let limit = try call.query.integer("limit", default: 100, in: 1...500)
    let email = call.query["email"]?.lowercased()
    let after = call.query["after"] ?? ""
    let matching = Owners.all.filter {
      $0.archived == archived && (email == nil || $0.email == email) && (after.isEmpty || $0.id >= after)
    }
    return .ok(
      JSONWriter.object { body in
        body.memberArray("results") { list in
          for owner in matching.prefix(limit) { Self.write(owner, into: &list) }
        }
        if matching.count > limit {
          body.memberObject("paging") { $0.memberObject("next") { $0.member("after", matching[limit].id) } }
        }
      })
  }

  func owner(_ id: String) throws(Refusal) -> Answer {
    let byUser = call.query["idProperty"] == "userId"
    let archived = try call.query.flag("archived")
    let found = Owners.all.first {
      (byUser ? String($0.userId) : $0.id) == id && (archived || !$0.archived)
    }
    guard let found else { throw .resourceNotFound }
    var writer = JSONWriter()
    Self.write(found, into: &writer)
    return .ok(writer.bytes)
  }

  private static func write(_ owner: Owners.Owner, into writer: inout JSONWriter) {
    writer.object { object in
      object.member("id", owner.id)
      object.member("type", "PERSON")
      object.member("email", owner.email)
      object.member("firstName", owner.firstName)
      object.member("lastName", owner.lastName)
      object.member("userId", owner.archived ? JSON.null : .number(String(owner.userId)))
      object.member("userIdIncludingInactive", owner.userId)
      object.member("createdAt", "2023-01-09T08:00:00Z")
      object.member("updatedAt", "2024-05-14T09:30:00Z")
      object.member("archived", owner.archived)
      object.memberArray("teams") { teams in
        teams.object {
          $0.member("id", "501")
          $0.member("name", "Sales")
          $0.member("primary", true)
        }
      }
    }
  }

  // MARK: Pipelines

  /// Only deals have a pipeline here; line items have none.
  func pipelines(_ type: ObjectType) -> Answer {
    .ok(
      JSONWriter.object { body in
        body.memberArray("results") { list in
          if type == .deals { Self.writePipeline(into: &list) }
        }
      })
  }

  func pipeline(_ type: ObjectType, _ id: String) throws(Refusal) -> Answer {
    guard type == .deals, id == DealPipeline.id else { throw .resourceNotFound }
    var writer = JSONWriter()
    Self.writePipeline(into: &writer)
    return .ok(writer.bytes)
  }

  func stages(_ type: ObjectType, _ pipeline: String) throws(Refusal) -> Answer {
    guard type == .deals, pipeline == DealPipeline.id else { throw .resourceNotFound }
    return .ok(
      JSONWriter.object { body in
        body.memberArray("results") { list in
          for index in DealPipeline.stages.indices { Self.writeStage(index, into: &list) }
        }
      })
  }

  func stage(_ type: ObjectType, _ pipeline: String, _ id: String) throws(Refusal) -> Answer {
    guard type == .deals, pipeline == DealPipeline.id,
      let index = DealPipeline.stages.firstIndex(where: { $0.id == id })
    else { throw .resourceNotFound }
    var writer = JSONWriter()
    Self.writeStage(index, into: &writer)
    return .ok(writer.bytes)
  }

  private static func writePipeline(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("label", DealPipeline.label)
      object.member("displayOrder", 0)
      object.member("id", DealPipeline.id)
      object.memberArray("stages") { list in
        for index in DealPipeline.stages.indices { writeStage(index, into: &list) }
      }
      writeTimes(into: &object)
    }
  }

  private static func writeStage(_ index: Int, into writer: inout JSONWriter) {
    let stage = DealPipeline.stages[index]
    writer.object { object in
      object.member("label", stage.label)
      object.member("displayOrder", index)
      // Both values are text on HubSpot's wire.
      object.memberObject("metadata") {
        $0.member("isClosed", stage.isClosed ? "true" : "false")
        $0.member("probability", stage.probability)
      }
      object.member("id", stage.id)
      object.member("writePermissions", "CRM_PERMISSIONS_ENFORCEMENT")
      writeTimes(into: &object)
    }
  }

  /// Default pipelines report the zero time (pipelines guide).
  private static func writeTimes(into object: inout JSONWriter) {
    object.member("createdAt", Timestamp.wireText(0))
    object.member("updatedAt", Timestamp.wireText(0))
    object.member("archived", false)
  }
}
