/// The control endpoints for programs that hold the server itself.
extension PracticePortalServer {
  /// Sets rules in addition to those that are set; they count requests from now on.
  public func addFaults(_ rules: [FaultRule]) { control.faults.add(rules, now: store.clock.time) }

  public func removeFaults() { _ = control.faults.removeAll() }

  /// Lets the portal's time pass; tokens end and days begin as if it had. Less than a millisecond is nothing.
  /// - Throws: what the store throws when it cannot keep it.
  public func advanceClock(by duration: Duration) async throws {
    let parts = duration.components
    try await store.advanceClock(by: max(0, parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000))
  }

  /// Ends all access tokens that OAuth issued.
  /// - Returns: how many there were.
  public func expireTokens() async throws -> Int { try await control.connections.book.endIssued(as: .expired) }

  /// Connects the account to an app without the page.
  /// - Parameter scopes: `nil` grants everything that the app can have.
  /// - Returns: both tokens; `nil` when there is no such app.
  public func connect(clientId: String, scopes: [String]? = nil) async throws -> (access: String, refresh: String)? {
    guard let issued = try await control.issue(clientId: clientId, scopes: scopes), let refresh = issued.refresh else {
      return nil
    }
    return (issued.access, refresh)
  }
}
