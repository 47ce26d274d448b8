/// The page on which somebody lets an app into an account, and what comes back from it.
public struct AuthorizationRequest: Sendable {
  /// Where the page is, for HubSpot's own accounts.
  public static let hubSpotPage = "https://app.hubspot.com/oauth/authorize"

  /// The address of the page, without a query.
  public var page: String
  public var clientID: String
  /// Scopes that the app does not work without.
  public var scopes: [String]
  /// Scopes that are left out where the account or the user does not have them.
  public var optionalScopes: [String]
  /// One of the addresses that the app is registered with, letter by letter.
  public var redirectAddress: String
  /// A random text that comes back unchanged, so that an answer to somebody else's request is recognised.
  public var state: String
  /// Binds the code to this process (RFC 7636). HubSpot documents the verifier at the token endpoint and nothing at this
  /// page, so it is left out unless somebody asks for it.
  public var proofKey: ProofKey?

  public init(
    page: String = AuthorizationRequest.hubSpotPage, clientID: String, scopes: [String], optionalScopes: [String] = [],
    redirectAddress: String, state: String = AuthorizationRequest.randomText(), proofKey: ProofKey? = nil
  ) {
    self.page = page
    self.clientID = clientID
    self.scopes = scopes
    self.optionalScopes = optionalScopes
    self.redirectAddress = redirectAddress
    self.state = state
    self.proofKey = proofKey
  }

  /// The address to open in a browser. It holds no secret.
  public var url: String {
    var query = [
      (name: "client_id", parts: [clientID]), (name: "scope", parts: [scopes.joined(separator: " ")]),
      (name: "redirect_uri", parts: [redirectAddress]),
    ]
    if !optionalScopes.isEmpty {
      query.append((name: "optional_scope", parts: [optionalScopes.joined(separator: " ")]))
    }
    query.append((name: "state", parts: [state]))
    if let proofKey {
      query.append((name: "code_challenge", parts: [proofKey.challenge]))
      query.append((name: "code_challenge_method", parts: ["S256"]))
    }
    return page + PercentEncoding.query(query)
  }

  /// 256 random bits as text that needs no encoding.
  public static func randomText() -> String {
    var generator = SystemRandomNumberGenerator()
    return Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }

  /// Why what came back is no permission.
  public enum Refusal: Error, Sendable, Hashable {
    /// The text is no address with a query, or has neither a code nor an error.
    case notARedirect
    /// The answer belongs to another request: an old one, or one that somebody made up.
    case foreignState
    /// The user or the server refused; the server's words, at most 2,000 characters each.
    case denied(error: String, description: String)
  }

  /// Reads the code out of the address that the browser was sent to: the whole of it, or what follows the host.
  public func code(from redirected: String) throws(Refusal) -> Secret {
    guard let start = redirected.firstIndex(of: "?") else { throw .notARedirect }
    let text = redirected[redirected.index(after: start)...].prefix { $0 != "#" }
    var values: [String: String] = [:]
    for item in text.split(separator: "&") {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first.flatMap({ PercentEncoding.decodeForm($0) }) else { continue }
      let value = parts.count > 1 ? PercentEncoding.decodeForm(parts[1]) : ""
      // The first counts; a second one of the same name is nobody's honest answer.
      if let value, values[name] == nil { values[name] = value }
    }
    guard values["state"] == state else {
      throw values["code"] == nil && values["error"] == nil ? .notARedirect : .foreignState
    }
    if let error = values["error"] {
      throw .denied(error: ErrorBody.bounded(error), description: ErrorBody.bounded(values["error_description"] ?? ""))
    }
    guard let code = values["code"], !code.isEmpty else { throw .notARedirect }
    return Secret(code)
  }
}

/// A proof that the one who redeems a code is the one who asked for it (RFC 7636, method S256).
public struct ProofKey: Sendable {
  /// Sent when the code is redeemed.
  public let verifier: Secret
  /// Sent beforehand: the digest of the verifier.
  public let challenge: String

  public init() { self.init(verifier: AuthorizationRequest.randomText()) }

  init(verifier: String) {
    self.verifier = Secret(verifier)
    challenge = Base64URL.encode(SHA256.digest(Array(verifier.utf8)))
  }
}

/// Base 64 with the alphabet that addresses may hold, without padding (RFC 4648, section 5).
enum Base64URL {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for index in 0...group.count { text.append(digits[word >> (18 - 6 * index) & 63]) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
