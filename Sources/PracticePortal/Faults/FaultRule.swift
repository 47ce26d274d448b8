/// What goes wrong, at which requests, and when. Rules are data, so that a run can be repeated: chance comes from the
/// seed of the rule and the number of the request among those it matches, never from the time.
public struct FaultRule: Sendable, Equatable {
  /// The requests that a rule counts; what is not said matches everything below `/crm`, `/account-info` and `/oauth`.
  public struct Match: Sendable, Equatable {
    /// In capitals.
    public var method: String?
    /// A path without its query; `*` stands for any characters.
    public var path: String?
    public var kinds: Set<RequestKind>?

    public init(method: String? = nil, path: String? = nil, kinds: Set<RequestKind>? = nil) {
      self.method = method
      self.path = path
      self.kinds = kinds
    }
  }

  /// Which of the requests that match; everything that is said must hold.
  public struct Moment: Sendable, Equatable {
    /// Numbers among the requests that match, from 1.
    public var ordinals: Set<Int>?
    /// Every so many.
    public var every: Int?
    /// From 0 to 1.
    public var probability: Double?
    public var seed: UInt64
    /// Milliseconds of the portal's clock since the rule was set.
    public var afterMilliseconds: Int?
    /// How often at most.
    public var times: Int?

    public init(
      ordinals: Set<Int>? = nil, every: Int? = nil, probability: Double? = nil, seed: UInt64 = 1,
      afterMilliseconds: Int? = nil, times: Int? = nil
    ) {
      self.ordinals = ordinals
      self.every = every
      self.probability = probability
      self.seed = seed
      self.afterMilliseconds = afterMilliseconds
      self.times = times
    }

    /// - Parameter ordinal: from 1.
    func includes(ordinal: Int, age: Int64) -> Bool {
      if let ordinals, !ordinals.contains(ordinal) { return false }
      if let every, ordinal % max(every, 1) != 0 { return false }
      if let afterMilliseconds, age < Int64(afterMilliseconds) { return false }
      guard let probability else { return true }
      // 53 bits are what a Double holds exactly.
      let drawn = Double(SplitMix64.mix(seed ^ UInt64(ordinal)) >> 11) / Double(1 << 53 as UInt64)
      return drawn < probability
    }
  }

  public var fault: Fault
  public var match: Match
  public var moment: Moment

  public init(_ fault: Fault, match: Match = Match(), moment: Moment = Moment()) {
    self.fault = fault
    self.match = match
    self.moment = moment
  }
}

/// One thing that can go wrong with a request or its answer.
public enum Fault: Sendable, Equatable {
  /// When a fault that replaces the answer strikes: before the request is carried out, or after what it writes is kept.
  public enum Stage: String, Sendable, Equatable, CaseIterable { case before, after }
  /// What an answer with an error status holds.
  public enum ErrorBody: String, Sendable, Equatable, CaseIterable { case json, html, empty }
  /// How the rate-limit headers lie: much is left, nothing is left, or no number at all.
  public enum Lie: String, Sendable, Equatable, CaseIterable { case plenty, nothing, garbage }
  /// Which limit a 429 names.
  public enum Limit: String, Sendable, Equatable, CaseIterable { case tenSecondly = "", secondly, daily }

  /// 429; `retryAfter` in seconds becomes the header.
  case tooManyRequests(Limit, retryAfter: Int?)
  /// Any other error status, such as 423, 477, 500, 502, 503, 504 and 524.
  case status(Int, body: ErrorBody, retryAfter: Int?, stage: Stage)
  /// The rate-limit headers are wrong; the answer is right.
  case lyingHeaders(Lie)
  /// 200 with a page of HTML.
  case html(stage: Stage)
  /// The connection is reset; at `before` nothing of the request was carried out.
  case reset(stage: Stage)
  /// The answer stops in its middle and the connection ends.
  case cut
  /// The body comes one byte at a time, with a pause of so many milliseconds after each.
  case drip(milliseconds: Int)
  /// Half of the JSON, under a Content-Length that fits.
  case truncate
  /// A body that never ends.
  case endless
  /// A body of so many bytes: the answer, then blanks.
  case big(bytes: Int)
  /// JSON that is nested so deep.
  case deep(levels: Int)
  /// A header field of so many bytes.
  case hugeHeader(bytes: Int)
  /// The results come in another order.
  case shuffle
  /// One result is missing.
  case fewer
  /// The errors of a 207 name no trace id.
  case untraced
  /// One result comes twice.
  case repeated
  /// The cursor to the next page is the one of this page.
  case loop
  /// Every page has a cursor to a next one, whether there is anything there or not.
  case endlessCursor
  /// The token of the request is expired from now on, for this request too.
  case expireToken
  /// The token of the request is not known any more, for this request too.
  case revokeToken
  case redirect(to: String, status: Int)
  /// Somebody else changes a property of a record that the request names, just before the request is carried out.
  /// Without a value, the portal makes one up.
  case foreignEdit(property: String, value: String?)
  /// The answer is held back for so many milliseconds.
  case delay(milliseconds: Int)

  /// The word of the fault in a rule's text.
  public var word: String {
    switch self {
    case .tooManyRequests(let limit, _): limit == .tenSecondly ? "429" : "429-\(limit.rawValue)"
    case .status(let status, _, _, _): String(status)
    case .lyingHeaders: "lying-headers"
    case .html: "html"
    case .reset(let stage): "reset-\(stage.rawValue)"
    case .cut: "cut"
    case .drip: "drip"
    case .truncate: "truncate"
    case .endless: "endless"
    case .big: "big"
    case .deep: "deep"
    case .hugeHeader: "huge-header"
    case .shuffle: "shuffle"
    case .fewer: "fewer"
    case .untraced: "untraced"
    case .repeated: "repeat"
    case .loop: "loop"
    case .endlessCursor: "endless-cursor"
    case .expireToken: "expire-token"
    case .revokeToken: "revoke-token"
    case .redirect: "redirect"
    case .foreignEdit: "foreign-edit"
    case .delay: "delay"
    }
  }
}
