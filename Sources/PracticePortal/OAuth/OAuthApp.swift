/// An app that an account can be connected to.
public struct OAuthApp: Sendable, Equatable {
  /// Stands for every plain http address on this machine, whatever its port and path. HubSpot wants each address
  /// registered; this is a practice-portal rule for people who try things out.
  public static let anyLoopback = "loopback"

  /// Answers any program on this machine that signs in for practice.
  public static let practice = OAuthApp(
    id: "practice-client", secret: "practice-secret", redirects: [anyLoopback], name: "Practice app")

  public var id: String
  public var secret: String
  /// The registered redirect addresses, compared letter by letter, or `anyLoopback`.
  public var redirects: [String]
  /// What an account can grant to it.
  public var scopes: [String]
  public var name: String

  public init(id: String, secret: String, redirects: [String], scopes: [String] = Scopes.all, name: String? = nil) {
    self.id = id
    self.secret = secret
    self.redirects = redirects
    self.scopes = scopes
    self.name = name ?? id
  }

  /// `ID:SECRET:REDIRECT[,REDIRECT]`; `nil` when a part is missing.
  public init?(parsing text: String) {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    let redirects = parts[2].split(separator: ",").map(String.init)
    guard !redirects.isEmpty else { return nil }
    self.init(id: String(parts[0]), secret: String(parts[1]), redirects: redirects)
  }

  /// A number in place of the name that HubSpot gives an app; the same for the same client id.
  var number: Int { Int(id.utf8.reduce(UInt64(5381)) { SplitMix64.mix($0 ^ UInt64($1)) } % 9_000_000) + 1_000_000 }
}
