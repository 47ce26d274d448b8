import LisSyntax

/// Where `lis help TOPIC` looks: one provider for each kind of topic. The first that knows a topic answers.
public protocol HelpProvider: Sendable {
  /// What the topics have in common, for the list of all topics.
  var title: String { get }
  /// Names with a summary of one line each, in order.
  var topics: [(name: String, summary: String)] { get }
  /// The page of a topic; nil for a topic of somebody else.
  func page(_ topic: String) -> String?
}

/// All topics of help.
public struct HelpTopics: Sendable {
  public var providers: [any HelpProvider]

  public init(_ providers: [any HelpProvider]) { self.providers = providers }

  public func page(_ topic: String) -> String? {
    for provider in providers { if let page = provider.page(topic) { return page } }
    return nil
  }

  /// A topic that is written nearly the same.
  public func suggestion(_ topic: String) -> String? {
    let names = providers.flatMap(\.topics).map(\.name)
    return Spelling.suggestion(for: topic, among: names) ?? Spelling.suggestion(for: topic.uppercased(), among: names)
  }

  /// The list of all topics.
  public var list: String {
    providers.map { provider in
      let topics = provider.topics
      let width = topics.map(\.name.count).max() ?? 0
      let lines = topics.map { topic in
        "  \(topic.name)\(String(repeating: " ", count: width - topic.name.count))  \(topic.summary)"
      }
      return "\(provider.title):\n" + lines.joined(separator: "\n")
    }.joined(separator: "\n\n") + "\n"
  }
}
