/// How a practice portal is started.
public struct PortalConfiguration: Sendable {
  /// Where records live.
  public enum DataLocation: Sendable, Equatable {
    /// In memory; everything is gone when the server stops.
    case memory
    /// In SQLite files inside this directory, which is created when missing.
    case directory(String)
  }

  /// What a new store is filled with. A store that exists already is never seeded again.
  public enum Seed: Sendable, Equatable {
    /// Standard properties only, no records.
    case empty
    /// 25,000 line items on some 6,000 deals with 200 products; the same bytes every time.
    case demo
    /// This many line items of the same kind as `demo`, with deals and products in proportion.
    case lineItems(Int)
  }

  /// The limits that are enforced; `nil` in the configuration means no limit.
  public struct RateLimit: Sendable, Equatable {
    /// Calls allowed in any window of `intervalMilliseconds`; search, association batches and labels are exempt.
    public var requests: Int
    /// Length of the sliding window in milliseconds.
    public var intervalMilliseconds: Int
    /// Search calls allowed in any second.
    public var searchesPerSecond: Int
    /// Calls allowed from one midnight (UTC) of the portal's clock to the next; calls with OAuth tokens have no such
    /// limit and are not counted.
    public var daily: Int

    public init(
      requests: Int = 190, intervalMilliseconds: Int = 10_000, searchesPerSecond: Int = 5, daily: Int = 1_000_000
    ) {
      self.requests = requests
      self.intervalMilliseconds = intervalMilliseconds
      self.searchesPerSecond = searchesPerSecond
      self.daily = daily
    }

    /// As many as a server without limits reports.
    public static let none = RateLimit(
      requests: RateLimiter.unlimited, searchesPerSecond: RateLimiter.unlimited, daily: RateLimiter.unlimited)
  }

  /// A loopback address: `127.0.0.1` (or any other 127.x.y.z), `::1` or `localhost`.
  public var host: String
  /// The TCP port; 0 takes any free one.
  public var port: Int
  public var data: DataLocation
  public var seed: Seed
  /// A bearer token with every scope. With neither this one nor `tokens`, every token that is not empty is accepted,
  /// except those that the portal issued itself and that ended.
  public var token: String?
  public var rateLimit: RateLimit?
  /// A pause before every answer, in milliseconds.
  public var latencyMilliseconds: Int
  /// Bearer tokens that are accepted, each with its scopes.
  public var tokens: [StaticToken]
  /// Apps that the account can be connected to by OAuth. Whoever opens the authorization page is the account's user:
  /// there is no sign-in, so an app opens the portal to everybody on this machine who knows its secret.
  public var apps: [OAuthApp]
  /// How long an access token of OAuth lives, in seconds of the portal's clock.
  public var accessTokenSeconds: Int
  /// True makes each refresh answer a new refresh token and end the old one; HubSpot normally keeps it.
  public var rotatesRefreshTokens: Bool
  /// What goes wrong on purpose from the start; rules can be added and removed while the portal runs.
  public var faults: [FaultRule]
  /// The token of the control endpoints below `/practice/`; `nil` makes one up (`PracticePortalServer.controlToken`).
  public var controlToken: String?

  public init(
    host: String = "127.0.0.1", port: Int = 0, data: DataLocation = .memory, seed: Seed = .empty,
    token: String? = nil, rateLimit: RateLimit? = nil, latencyMilliseconds: Int = 0, tokens: [StaticToken] = [],
    apps: [OAuthApp] = [], accessTokenSeconds: Int = 1800, rotatesRefreshTokens: Bool = false,
    faults: [FaultRule] = [], controlToken: String? = nil
  ) {
    self.host = host
    self.port = port
    self.data = data
    self.seed = seed
    self.token = token
    self.rateLimit = rateLimit
    self.latencyMilliseconds = latencyMilliseconds
    self.tokens = tokens
    self.apps = apps
    self.accessTokenSeconds = accessTokenSeconds
    self.rotatesRefreshTokens = rotatesRefreshTokens
    self.faults = faults
    self.controlToken = controlToken
  }
}

public typealias DataLocation = PortalConfiguration.DataLocation
public typealias Seed = PortalConfiguration.Seed
public typealias RateLimit = PortalConfiguration.RateLimit
