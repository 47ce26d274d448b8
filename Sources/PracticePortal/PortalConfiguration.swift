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

    public init(requests: Int = 190, intervalMilliseconds: Int = 10_000, searchesPerSecond: Int = 5) {
      self.requests = requests
      self.intervalMilliseconds = intervalMilliseconds
      self.searchesPerSecond = searchesPerSecond
    }
  }

  /// A loopback address: `127.0.0.1` (or any other 127.x.y.z), `::1` or `localhost`.
  public var host: String
  /// The TCP port; 0 takes any free one.
  public var port: Int
  public var data: DataLocation
  public var seed: Seed
  /// The only bearer token that is accepted; `nil` accepts every token that is not empty.
  public var token: String?
  public var rateLimit: RateLimit?
  /// A pause before every answer, in milliseconds.
  public var latencyMilliseconds: Int

  public init(
    host: String = "127.0.0.1", port: Int = 0, data: DataLocation = .memory, seed: Seed = .empty,
    token: String? = nil, rateLimit: RateLimit? = nil, latencyMilliseconds: Int = 0
  ) {
    self.host = host
    self.port = port
    self.data = data
    self.seed = seed
    self.token = token
    self.rateLimit = rateLimit
    self.latencyMilliseconds = latencyMilliseconds
  }
}

public typealias DataLocation = PortalConfiguration.DataLocation
public typealias Seed = PortalConfiguration.Seed
public typealias RateLimit = PortalConfiguration.RateLimit
