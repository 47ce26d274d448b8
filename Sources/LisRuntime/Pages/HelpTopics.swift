import LisSyntax

/// Where `lis help TOPIC` looks: one provider for each kind of topic. The first that knows a topic answers.
public protocol HelpProvider: Sendable {
  /// What the topics have in common, for the list of all topics.
  var title: String { get }
  /// Names with a summary of one line each, in order.
  var topics: [(name: String, summary: String)] { get }
  /// The page of a topic; nil for a topic of somebody else.
  func page(_ topic: String) -> String?
  /// What stands in the list of all topics where there are too many to list them; nil lists them.
  var overview: String? { get }
}

extension HelpProvider {
  public var overview: String? { nil }
}

/// The pages of the codes that diagnostics have.
public struct CodeHelp: HelpProvider {
  public init() {}

  public var title: String { "Codes of errors and warnings" }

  public var topics: [(name: String, summary: String)] { CodePage.all.map { ($0.code, $0.title) } }

  public var overview: String? { "  codes  lists them; each has a page: `lis help LIS0140`" }

  /// `LIS0140`, `lis140`, `140`.
  public func page(_ topic: String) -> String? {
    if topic == "codes" { return topics.map { "\($0.name)  \($0.summary)\n" }.joined() }
    let upper = topic.uppercased()
    let digits = upper.hasPrefix("LIS") ? upper.dropFirst(3) : upper[...]
    guard digits.count <= 4, let number = Int(digits), number >= 0 else { return nil }
    let code = "LIS" + String(repeating: "0", count: 4 - String(number).count) + String(number)
    return CodePage.all.first { $0.code == code }?.text
  }
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
      if let overview = provider.overview { return "\(provider.title):\n\(overview)" }
      let topics = provider.topics
      let width = topics.map(\.name.count).max() ?? 0
      let lines = topics.map { topic in
        "  \(topic.name)\(String(repeating: " ", count: width - topic.name.count))  \(topic.summary)"
      }
      return "\(provider.title):\n" + lines.joined(separator: "\n")
    }.joined(separator: "\n\n") + "\n"
  }
}
