extension CRMObject: Decodable {
  private enum Key: String, CodingKey {
    case id, properties, propertiesWithHistory, createdAt, updatedAt, archived, archivedAt, associations
    case objectWriteTraceId, new, url, warnings
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(id: try container.lenientText(.id))
    let values = try container.decodeIfPresent([String: LenientText?].self, forKey: .properties) ?? [:]
    properties = values.mapValues { $0?.text }
    history = container.ignoringForm([String: [PropertyVersion]].self, .propertiesWithHistory) ?? [:]
    createdAt = container.lenientTextIfPresent(.createdAt)
    updatedAt = container.lenientTextIfPresent(.updatedAt)
    archived = container.ignoringForm(Bool.self, .archived) ?? false
    archivedAt = container.lenientTextIfPresent(.archivedAt)
    associations = try container.decodeIfPresent([String: AssociatedPage].self, forKey: .associations) ?? [:]
    traceID = container.lenientTextIfPresent(.objectWriteTraceId)
    isNew = container.ignoringForm(Bool.self, .new)
    url = container.lenientTextIfPresent(.url)
    warnings = container.ignoringForm([ObjectWarning].self, .warnings) ?? []
  }
}

extension PropertyVersion: Decodable {
  private enum Key: String, CodingKey { case value, timestamp, sourceType, sourceId }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    value = container.lenientTextIfPresent(.value) ?? ""
    timestamp = try container.lenientText(.timestamp)
    sourceType = container.lenientTextIfPresent(.sourceType)
    sourceID = container.lenientTextIfPresent(.sourceId)
  }
}

extension AssociatedPage: Decodable {
  private enum Key: String, CodingKey { case results, paging }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    entries = try container.decodeIfPresent([Entry].self, forKey: .results) ?? []
    nextAfter = try container.decodeIfPresent(Paging.self, forKey: .paging)?.next?.after.text
  }
}

extension AssociatedPage.Entry: Decodable {
  private enum Key: String, CodingKey { case id, type }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    id = try container.lenientText(.id)
    type = container.lenientTextIfPresent(.type)
  }
}

extension ObjectWarning: Decodable {
  private enum Key: String, CodingKey { case category, message, context }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    category = container.lenientTextIfPresent(.category)
    message = container.lenientTextIfPresent(.message)
    context = container.ignoringForm([String: LenientTexts].self, .context)?.mapValues(\.texts) ?? [:]
  }
}

extension ObjectPage: Decodable {
  private enum Key: String, CodingKey { case results, paging, total }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    results = try container.decode([CRMObject].self, forKey: .results)
    nextAfter = try container.decodeIfPresent(Paging.self, forKey: .paging)?.next?.after.text
    total = container.ignoringForm(Int.self, .total)
  }
}

/// The `paging` member of every listing. Its `link` is not read: requests go to the configured host only.
struct Paging: Decodable, Sendable {
  struct Next: Decodable, Sendable { let after: LenientText }
  let next: Next?
}
