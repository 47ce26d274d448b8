/// A bearer token that is given out by hand and has no end of its own, as private apps and service keys have it.
public struct StaticToken: Sendable, Equatable {
  /// What stands in the Authorization header.
  public var value: String
  /// What it may do; `nil` is everything. `oauth` belongs to every token.
  public var scopes: Set<String>?

  public init(_ value: String, scopes: Set<String>? = nil) {
    self.value = value
    self.scopes = scopes
  }

  func allows(_ scope: String) -> Bool { scope == Scopes.oauth || scopes?.contains(scope) ?? true }
}
