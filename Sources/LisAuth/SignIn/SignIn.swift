import Glibc
import HubSpot

/// A sign-in by OAuth: from the address of the page to a connection.
public struct SignIn: Sendable {
  public let portal: Portal
  public let app: OAuthApp
  public let request: AuthorizationRequest
  public let redirect: RedirectAddress

  /// What lis needs of an account: its line items.
  public static let scopes = ["oauth", "crm.objects.line_items.read", "crm.objects.line_items.write"]
  /// What programs that look at deals and products need as well.
  public static let optionalScopes = ["crm.objects.deals.read", "crm.objects.products.read"]

  /// - Parameter scopes: what to ask for; the profile's, or lis's own, when empty.
  public init(_ portal: Portal, app: OAuthApp, scopes: [String], redirect: RedirectAddress) {
    self.portal = portal
    self.app = app
    self.redirect = redirect
    let wanted = scopes.isEmpty ? portal.profile.scopes : scopes
    request = AuthorizationRequest(
      page: portal.page, clientID: app.clientID, scopes: wanted.isEmpty ? SignIn.scopes : wanted,
      optionalScopes: wanted.isEmpty ? SignIn.optionalScopes : [], redirectAddress: redirect.text,
      proofKey: portal.profile.usesProofKey ? ProofKey() : nil)
  }

  /// Opens a browser with the page, if this machine has one.
  public func openBrowser(_ variable: (String) -> String?) -> Bool {
    guard variable("DISPLAY") != nil || variable("WAYLAND_DISPLAY") != nil || variable("BROWSER") != nil else {
      return false
    }
    return Subprocess.launch(["xdg-open", request.url])
  }

  /// Redeems the code that came back.
  public func connection(_ code: Secret, transport: any Transport) async throws(OAuthFailure) -> OAuthConnection {
    let client = OAuthClient(
      app: app, version: portal.oauthVersion, baseURL: portal.address, transport: transport, userAgent: "lis")
    let grant = try await client.redeem(code: code, redirectAddress: redirect.text, proofKey: request.proofKey)
    return OAuthConnection(
      app: app, version: portal.oauthVersion, grant: StoredGrant(grant, at: Int64(time(nil))),
      scopes: grant.scopes.isEmpty ? request.scopes : grant.scopes)
  }
}

extension Portal {
  /// The page on which somebody lets an app in: the profile's; HubSpot's; or that of the practice portal on this machine.
  var page: String {
    profile.page
      ?? (address.isLiteralLoopback ? "\(address)/oauth/authorize" : AuthorizationRequest.hubSpotPage)
  }
}
