import Glibc

/// What a client works with. Everything that differs between a real run and a test is a value here: address, transport,
/// time, chance.
public struct ClientConfiguration: Sendable {
  /// Where every request goes.
  public var baseURL: BaseURL
  /// Where the token of every request comes from, which goes to `baseURL` only.
  public var credentials: any CredentialProvider
  /// The API's version, for every path.
  public var version: APIVersion
  /// What carries the requests.
  public var transport: any Transport
  /// How often and after what wait a request is sent again.
  public var retry: RetryPolicy
  /// How long one request may take. HubSpot's edge ends a request after 100 seconds.
  public var timeout: Duration
  /// Sent with every request, so that HubSpot's support can tell who called.
  public var userAgent: String
  /// A number from 0 to below 1, by which waits are spread.
  public var random: @Sendable () -> Double
  /// What waits are measured and slept by.
  public var clock: any Clock<Duration>
  /// Seconds since 1970, for what the server says about days.
  public var date: @Sendable () -> Int64
  /// Where the account's quotas are counted: nil for this client alone, else a store that several share.
  public var quotas: (any QuotaStore)?
  /// The most requests that whoever sends many should have under way at once; see `HubSpotClient.usefulConcurrency`.
  public var concurrencyLimit: Int
  /// Told of every request that ended, in the order of their ends.
  public var observers: [any ExchangeObserver]

  /// The configuration of a client with a token that stays.
  public init(
    baseURL: BaseURL = .hubSpot, token: BearerToken, version: APIVersion = .standard, transport: (any Transport)? = nil,
    retry: RetryPolicy = RetryPolicy(), timeout: Duration = .seconds(120), userAgent: String = "HubSpot-Swift",
    clock: any Clock<Duration> = ContinuousClock(),
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.init(
      baseURL: baseURL, credentials: StaticCredential(token), version: version, transport: transport, retry: retry,
      timeout: timeout, userAgent: userAgent, clock: clock, random: random)
  }

  /// - Parameters:
  ///   - transport: nil for libcurl with its standard limits.
  public init(
    baseURL: BaseURL = .hubSpot, credentials: any CredentialProvider, version: APIVersion = .standard,
    transport: (any Transport)? = nil, retry: RetryPolicy = RetryPolicy(), timeout: Duration = .seconds(120),
    userAgent: String = "HubSpot-Swift", clock: any Clock<Duration> = ContinuousClock(),
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.baseURL = baseURL
    self.credentials = credentials
    self.version = version
    self.transport = transport ?? CurlTransport()
    self.retry = retry
    self.timeout = timeout
    self.userAgent = userAgent
    self.clock = clock
    self.random = random
    self.date = { Int64(time(nil)) }
    self.quotas = nil
    self.concurrencyLimit = 32
    self.observers = []
  }
}
