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
