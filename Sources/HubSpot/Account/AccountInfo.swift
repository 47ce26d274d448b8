/// Which account a token belongs to.
public struct AccountInfo: Sendable, Hashable {
  /// The portal's number, as text.
  public let portalID: String
  /// `STANDARD`, `DEVELOPER_TEST`, `SANDBOX` or `APP_DEVELOPER`.
  public let accountType: String?
  /// An IANA name, for example `Europe/Berlin`.
  public let timeZone: String?
  /// An ISO 4217 code, for example `EUR`.
  public let companyCurrency: String?
  /// The other currencies the account uses, as ISO 4217 codes.
  public let additionalCurrencies: [String]
  /// The host of the account's user interface.
  public let uiDomain: String?
  /// The region that holds the data.
  public let dataHostingLocation: String?
}

extension AccountInfo: Decodable {
  private enum Key: String, CodingKey {
    case portalId, accountType, timeZone, companyCurrency, additionalCurrencies, uiDomain, dataHostingLocation
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    portalID = try container.lenientText(.portalId)
    accountType = container.lenientTextIfPresent(.accountType)
    timeZone = container.lenientTextIfPresent(.timeZone)
    companyCurrency = container.lenientTextIfPresent(.companyCurrency)
    additionalCurrencies = container.ignoringForm([String].self, .additionalCurrencies) ?? []
    uiDomain = container.lenientTextIfPresent(.uiDomain)
    dataHostingLocation = container.lenientTextIfPresent(.dataHostingLocation)
  }
}

/// The account itself.
extension HubSpotClient {
  /// Asks which account the token belongs to. Some tokens lack the scope for this (403) and work all the same
  /// otherwise.
  public func account() async throws(HubSpotError) -> AccountInfo {
    try await perform(Call(.account, .get, paths.accountDetails()), into: JSONBody(AccountInfo.self))
  }
}

/// How much of a day's requests the private apps of an account have used.
public struct DailyUsage: Sendable, Hashable {
  /// Which limit it is, for example `private-apps-api-calls-daily`.
  public let name: String
  /// Requests of a day.
  public let limit: Int
  /// Requests used so far, as of `collectedAt`.
  public let used: Int
  /// ISO 8601 in UTC.
  public let collectedAt: String?
  /// ISO 8601 in UTC: when the day ends.
  public let resetsAt: String?
}

extension DailyUsage: Decodable {
  private enum Key: String, CodingKey { case name, usageLimit, currentUsage, collectedAt, resetsAt }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = container.lenientTextIfPresent(.name) ?? ""
    limit = try container.decode(Int.self, forKey: .usageLimit)
    used = try container.decode(Int.self, forKey: .currentUsage)
    collectedAt = container.lenientTextIfPresent(.collectedAt)
    resetsAt = container.lenientTextIfPresent(.resetsAt)
  }
}

extension HubSpotClient {
  /// Asks how much of the day is used. HubSpot counts legacy private apps there.
  public func dailyUsage() async throws(HubSpotError) -> [DailyUsage] {
    try await perform(Call(.usage, .get, paths.dailyUsage()), into: JSONBody(Unpaged<DailyUsage>.self)).results
  }

  /// Asks what the token of a private app or a service key is good for. OAuth tokens are asked about by
  /// `OAuthClient.introspect`.
  public func tokenStanding() async throws(HubSpotError) -> TokenStanding {
    let token: BearerToken
    do throws(CredentialProblem) { token = try await configuration.credentials.token() } catch {
      throw .credential(error)
    }
    let body = JSONWriter.object { $0.member("tokenKey", token.secret.text(for: .request)) }
    var call = try Call(.tokenInformation, .post, "/oauth/v2/private-apps/get/access-token-info", body: body)
    call.isConfidential = true
    let answer = try await perform(call, into: JSONBody(TokenInformation.self))
    return TokenStanding(
      isActive: true, portalID: answer.hubId?.text, user: nil, appID: answer.appId?.text, clientID: nil,
      scopes: answer.scopes, lifetime: nil)
  }
}

private struct TokenInformation: Decodable {
  let hubId: LenientText?
  let appId: LenientText?
  let scopes: [String]
}
