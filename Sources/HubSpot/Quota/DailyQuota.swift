/// What is known of the requests of a day. HubSpot tells it with every reply to a service key or a private app, and to
/// no OAuth app. The day ends at midnight in the account's own time zone.
public struct DailyQuota: Sendable, Hashable {
  /// Requests of a day.
  public var limit: Int
  /// Requests left when the reply came, which counts those of all private apps of the account.
  public var remaining: Int
  /// Seconds since 1970 when the reply came, by this machine's clock.
  public var seenAt: Int64

  public init(limit: Int, remaining: Int, seenAt: Int64) {
    self.limit = limit
    self.remaining = remaining
    self.seenAt = seenAt
  }
}
