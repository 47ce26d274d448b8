/// Limits and trust of the libcurl transport.
public struct TransportOptions: Sendable {
  /// A PEM file of certificate authorities to trust beside the system's folder of them; for private networks and tests.
  /// There is no way to switch verification off.
  public var certificateAuthorityFile: String?
  /// How long making a connection may take, TLS included.
  public var connectTimeout: Duration
  /// A transfer slower than `lowSpeedBytesPerSecond` for `lowSpeedPeriod` is ended. The period covers the server's
  /// thinking time too, and HubSpot's edge gives a request 100 seconds, so it is longer than that.
  public var lowSpeedBytesPerSecond: Int
  /// How long a transfer may be that slow; see `lowSpeedBytesPerSecond`.
  public var lowSpeedPeriod: Duration
  /// The largest body of a reply with a status below 400, in bytes after decompression.
  public var bodyLimit: Int
  /// How much of the body of a reply with status 400 or above is kept, in bytes; the rest is not read.
  public var errorBodyLimit: Int
  /// All header lines of a reply together, in bytes.
  public var headerLimit: Int

  public init(
    certificateAuthorityFile: String? = nil, connectTimeout: Duration = .seconds(15), lowSpeedBytesPerSecond: Int = 100,
    lowSpeedPeriod: Duration = .seconds(110), bodyLimit: Int = 32 << 20, errorBodyLimit: Int = 64 << 10,
    headerLimit: Int = 256 << 10
  ) {
    self.certificateAuthorityFile = certificateAuthorityFile
    self.connectTimeout = connectTimeout
    self.lowSpeedBytesPerSecond = lowSpeedBytesPerSecond
    self.lowSpeedPeriod = lowSpeedPeriod
    self.bodyLimit = bodyLimit
    self.errorBodyLimit = errorBodyLimit
    self.headerLimit = headerLimit
  }
}

extension Duration {
  /// Whole milliseconds, rounded up so that a positive duration never becomes libcurl's "no limit", and held within 32
  /// bits.
  var curlMilliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
    let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int(max(1, milliseconds))
  }

  /// Whole seconds, rounded up, at least one.
  var curlSeconds: Int { (curlMilliseconds + 999) / 1000 }
}
