/// Writes records as the API shows them.
struct RecordJSON {
  let schema: TypeSchema
  /// Known properties in alphabetical order; unknown names were dropped, as HubSpot ignores them.
  let properties: [PropertyDefinition]

  /// - Parameter names: `nil` or empty means the default set; named properties get the system ones added.
  init(_ schema: TypeSchema, names: [String]?) {
    self.schema = schema
    let wanted =
      (names ?? []).isEmpty ? schema.type.defaultProperties : (names ?? []) + schema.type.systemProperties
    properties = Set(wanted).sorted().compactMap { schema.property($0) }
  }

  /// Every property that has a value, which is what a create answers.
  init(everyPropertyOf schema: TypeSchema) {
    self.schema = schema
    // The recorded create answer has no hs_createdate beside createdate.
    let left = schema.type == .quotes ? "" : "hs_createdate"
    properties = schema.sorted.filter { !$0.isArchived && $0.name != left }
  }

  var names: [String] { properties.map(\.name) }

  /// What goes into a record beside its properties.
  struct Extras {
    var history: [(PropertyDefinition, [HistoryEntry])] = []
    var associations: [AssociationListing] = []
    var traceId: String?
    var isNew: Bool?
    var warnings: [NormalizedValue] = []
    /// Leaves out properties without a value instead of writing null.
    var onlyValues = false
  }

  func write(_ record: StoredRecord, extras: Extras = Extras(), into writer: inout JSONWriter) {
    writer.object { object in
      object.member("id", String(record.id))
      object.memberObject("properties") { values in
        for property in properties {
          let value = record.wireValue(property)
          if value != nil || !extras.onlyValues { values.member(property.name, value) }
        }
      }
      writeHistory(extras.history, into: &object)
      AssociationListing.write(extras.associations, into: &object)
      object.member("createdAt", Timestamp.wireText(record.created))
      object.member("updatedAt", Timestamp.wireText(record.updated))
      object.member("archived", record.archivedAt != nil)
      if let archivedAt = record.archivedAt { object.member("archivedAt", Timestamp.wireText(archivedAt)) }
      if let isNew = extras.isNew { object.member("new", isNew) }
      if let traceId = extras.traceId { object.member("objectWriteTraceId", traceId) }
      writeWarnings(extras.warnings, into: &object)
    }
  }

  private func writeHistory(_ history: [(PropertyDefinition, [HistoryEntry])], into object: inout JSONWriter) {
    if history.isEmpty { return }
    object.memberObject("propertiesWithHistory") { all in
      for (property, entries) in history {
        all.memberArray(property.name) { list in
          for entry in entries {
            list.object {
              $0.member("value", entry.value)
              $0.member("timestamp", Timestamp.wireText(entry.timestamp))
              // Practice-portal rule: values that the portal computed are attributed to the calculation.
              $0.member("sourceType", property.calculated ? "CALCULATED" : "INTEGRATION")
              if !property.calculated { $0.member("sourceId", PortalIdentity.applicationId) }
            }
          }
        }
      }
    }
  }

  private func writeWarnings(_ warnings: [NormalizedValue], into object: inout JSONWriter) {
    if warnings.isEmpty { return }
    object.memberArray("warnings") { list in
      for warning in warnings {
        list.object {
          $0.member("category", "PROPERTY_VALUE_NORMALIZED")
          $0.member("message", "\(warning.name) was normalized")
          $0.memberObject("context") { context in
            context.member("propertyName", warning.name)
            context.member("rawValue", warning.rawValue)
            context.member("normalizedValue", warning.normalizedValue)
          }
        }
      }
    }
  }
}

/// The links of one record to one type, as they stand inside a record.
struct AssociationListing: Sendable {
  static let pageLimit = 500

  var from: ObjectType
  var to: ObjectType
  var ids: [Int64]
  /// The first id of the next page.
  var next: Int64?

  /// Types without a link are left out, and so is the whole object when nothing is linked.
  static func write(_ listings: [AssociationListing], into object: inout JSONWriter) {
    let filled = listings.filter { !$0.ids.isEmpty }
    if filled.isEmpty { return }
    object.memberObject("associations") { all in
      for listing in filled {
        all.memberObject(listing.to.associationKey) { entry in
          entry.memberArray("results") { list in
            for id in listing.ids {
              list.object {
                $0.member("id", String(id))
                $0.member("type", "\(listing.from.singular)_to_\(listing.to.singular)")
              }
            }
          }
          if let next = listing.next {
            entry.memberObject("paging") { $0.memberObject("next") { $0.member("after", String(next)) } }
          }
        }
      }
    }
  }

  static func load(
    _ table: AssociationTable, from: ObjectType, id: Int64, to: ObjectType
  ) throws -> AssociationListing {
    let ids = try table.targets(of: from, id, to: to, limit: pageLimit + 1)
    return AssociationListing(
      from: from, to: to, ids: Array(ids.prefix(pageLimit)), next: ids.count > pageLimit ? ids[pageLimit] : nil)
  }
}
