/// A pipeline of an object type and its stages. Line items have none; deals have one at least.
public struct Pipeline: Sendable, Hashable {
  /// A stage of a pipeline.
  public struct Stage: Sendable, Hashable {
    /// What `dealstage` holds.
    public let id: String
    /// What people see.
    public let label: String
    /// Where it stands among the others; equal ones are sorted by label.
    public let displayOrder: Int
    public let archived: Bool
    /// For deals `probability` and `isClosed`, both as text.
    public let metadata: [String: String]
  }

  /// What `pipeline` holds.
  public let id: String
  /// What people see.
  public let label: String
  public let displayOrder: Int
  public let archived: Bool
  /// In the order of the answer; `displayOrder` is the one that people see.
  public let stages: [Stage]
}

extension Pipeline: Decodable {
  private enum Key: String, CodingKey { case id, label, displayOrder, archived, stages }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    id = try container.lenientText(.id)
    label = container.lenientTextIfPresent(.label) ?? id
    displayOrder = container.ignoringForm(Int.self, .displayOrder) ?? 0
    archived = container.ignoringForm(Bool.self, .archived) ?? false
    stages = try container.decodeIfPresent([Stage].self, forKey: .stages) ?? []
  }
}

extension Pipeline.Stage: Decodable {
  private enum Key: String, CodingKey { case id, label, displayOrder, archived, metadata }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    id = try container.lenientText(.id)
    label = container.lenientTextIfPresent(.label) ?? id
    displayOrder = container.ignoringForm(Int.self, .displayOrder) ?? 0
    archived = container.ignoringForm(Bool.self, .archived) ?? false
    metadata = container.ignoringForm([String: LenientText].self, .metadata)?.mapValues(\.text) ?? [:]
  }
}

extension HubSpotClient {
  /// All pipelines of an object type, in one answer.
  public func pipelines(of type: ObjectType) async throws(HubSpotError) -> [Pipeline] {
    try await perform(Call(.pipelineList, .get, paths.pipelines(type)), into: JSONBody(Unpaged<Pipeline>.self)).results
  }
}
