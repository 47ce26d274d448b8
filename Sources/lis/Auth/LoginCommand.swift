import ArgumentParser
import Glibc
import HubSpot
import LisAuth
import LisFormats
import LisRuntime

extension Auth {
  struct Login: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "login",
      abstract: "Sign in to an account: a token that you paste, a command that prints one, or OAuth in the browser.",
      discussion: """
        A service key or the token of a private app is asked for without being shown, or read from standard
        input. It is proved with HubSpot before it is kept, and the profile remembers which account it is for.

        For OAuth, register http://localhost:8976/callback as a redirect address of the app. On a machine
        without a browser, open the address that is shown elsewhere and paste the address that the browser
        ends at.

        Ends with 0 when signed in, 6 when HubSpot refuses, 7 when it cannot be reached.

        Examples:
          lis auth login
          pass show hubspot | lis auth login --portal shop
          lis auth login --portal shop --command op read op://vault/hubspot/token
          lis auth login --portal shop --oauth --client-id ID --client-secret-env SECRET
        """)

    @OptionGroup var options: AuthOptions

    @Flag(help: "Read the token from standard input, also on a terminal.")
    var tokenStdin = false

    @Flag(help: "Sign in by OAuth in the browser.")
    var oauth = false

    @Option(help: ArgumentHelp("The app's client id.", valueName: "id"))
    var clientId: String?

    @Flag(help: "Read the app's client secret from standard input.")
    var clientSecretStdin = false

    @Option(help: ArgumentHelp("The environment variable with the client secret.", valueName: "name"))
    var clientSecretEnv: String?

    @Option(help: ArgumentHelp("The file with the client secret; closed to others.", valueName: "file"))
    var clientSecretFile: String?

    @Option(help: ArgumentHelp("A scope to ask for; may be repeated.", valueName: "scope"))
    var scope: [String] = []

    @Option(help: ArgumentHelp("The port of http://localhost:PORT/callback (default: 8976).", valueName: "n"))
    var port: Int?

    @Flag(help: "Open no browser; the address is shown.")
    var noBrowser = false

    @Option(
      parsing: .remaining, help: ArgumentHelp("A program that prints the token, and its arguments.", valueName: "…"))
    var command: [String] = []

    func run() throws {
      let console = StandardConsole()
      let access = try access()
      do throws(SignInProblem) {
        try check()
        let credential: Credential =
          if isOAuth(access) { try connect(access, console) } else { try token(access) }
        let identity = try access.identity(credential)
        try keep(credential, identity, access, console)
      } catch {
        console.note("lis: \(error.text("nothing was kept"))")
        throw ExitCode(error.exitCode)
      }
    }

    /// The profile, which may be a new one.
    private func access() throws(CommandProblem) -> AuthAccess {
      let context = try Home.auth()
      let name = context.name(options.portal)
      guard name != AuthContext.practiceName else { throw .practiceNeedsNoCredential }
      guard ProfileName.isName(name) else { throw .badProfileName(name) }
      let isConfigured = context.configuration[name] != nil
      var profile = context.configuration[name] ?? Profile(name: name)
      if !isConfigured {
        profile.kind = oauth ? .oauth : .token
        profile.clientID = oauth ? clientId : nil
        profile.scopes = oauth ? scope : []
        if oauth, let port { profile.redirect = RedirectAddress.standard(port: port).text }
        if !command.isEmpty { profile.source = .command(command) }
      }
      do { return AuthAccess(context, try context.portal(profile, isConfigured: isConfigured)) } catch {
        throw .auth(error)
      }
    }

    private func isOAuth(_ access: AuthAccess) -> Bool { oauth || access.portal.profile.kind == .oauth }

    private func check() throws(SignInProblem) {
      let secrets = [clientSecretStdin, clientSecretEnv != nil, clientSecretFile != nil].filter(\.self).count
      if secrets > 1 { throw .conflict("the client secret is given twice", hint: "one of the three flags is enough") }
      let isForOAuth = clientId != nil || secrets > 0 || !scope.isEmpty || port != nil || noBrowser
      if !command.isEmpty, oauth || tokenStdin || isForOAuth {
        throw .conflict("--command takes everything behind it for its own", hint: "--command alone, with --portal")
      }
      if tokenStdin, oauth || isForOAuth {
        throw .conflict("--token-stdin is not for OAuth", hint: "leave one of the two away")
      }
      if let port, !(1...65_535).contains(port) { throw .conflict("\(port) is no port", hint: "1 to 65535") }
    }

    // MARK: Tokens

    private func token(_ access: AuthAccess) throws(SignInProblem) -> Credential {
      let profile = access.portal.profile
      let file = access.context.configuration.path
      if !command.isEmpty, profile.source != .command(command) {
        throw .conflict(
          "the profile `\(profile.name)` exists already", hint: "write token_command into its section of \(file)")
      }
      guard profile.source == .store else {
        if tokenStdin {
          throw .conflict(
            "the profile `\(profile.name)` takes its token from elsewhere, so that one given here would not be used",
            hint: "remove that line from \(file)")
        }
        do { return try access.credential() } catch { throw .auth(error) }
      }
      let bytes = try SecretInput.read("Token (not shown): ", onlyStream: tokenStdin)
      if bytes.isEmpty { throw .noInput }
      do {
        let token = try TokenText.token(typed: bytes)
        return Credential(
          kind: .token(token), origin: .store(.file(path: file)), provider: StaticCredential(token), portalID: nil)
      } catch { throw .auth(error) }
    }

    // MARK: OAuth

    private func connect(_ access: AuthAccess, _ console: StandardConsole) throws(SignInProblem) -> Credential {
      let signIn = SignIn(
        access.portal, app: try app(access), scopes: scope,
        redirect: access.portal.profile.redirect.map { RedirectAddress($0) }
          ?? .standard(
            port: port ?? RedirectAddress.standardPort))
      let code = try BrowserSignIn(signIn: signIn, opensBrowser: !noBrowser, console: console).code()
      let transport = access.transport
      let connection: OAuthConnection
      do {
        connection = try Blocking.wait { try await signIn.connection(code, transport: transport) }
      } catch let failure as OAuthFailure { throw .oauth(failure) } catch { throw .failed("\(error)") }
      return Credential(
        kind: .connection(connection), origin: .environmentConnection,
        provider: StaticCredential(connection.grant.accessToken), portalID: nil)
    }

    private func app(_ access: AuthAccess) throws(SignInProblem) -> OAuthApp {
      let profile = access.portal.profile
      if access.portal.isConfigured, let clientId, clientId != profile.clientID {
        throw .conflict(
          "the profile `\(profile.name)` has another client id",
          hint: "correct client_id in \(access.context.configuration.path), or leave --client-id away")
      }
      if access.portal.isConfigured, profile.kind != .oauth {
        throw .conflict(
          "the profile `\(profile.name)` is for a token", hint: "choose another name with --portal, or correct `kind`")
      }
      guard let id = clientId ?? profile.clientID else {
        throw .conflict("the app's client id is missing", hint: "give it with --client-id")
      }
      return OAuthApp(clientID: id, clientSecret: try secret(id, access))
    }

    private func secret(_ id: String, _ access: AuthAccess) throws(SignInProblem) -> Secret {
      let bytes: [UInt8]
      if let clientSecretEnv {
        guard let value = Home.variable(clientSecretEnv) else {
          throw .auth(.missingVariable(clientSecretEnv, portal: access.portal.name))
        }
        bytes = Array(value.utf8)
      } else if let clientSecretFile {
        do { bytes = try SecretFile.read(clientSecretFile) } catch { throw .auth(error) }
      } else if clientSecretStdin {
        bytes = try SecretInput.line()
      } else if let known = access.keptSecret(of: id) {
        return known
      } else {
        bytes = try SecretInput.read("Client secret (not shown): ", onlyStream: false)
      }
      do { return try TokenText.token(typed: bytes).secret } catch { throw .auth(error) }
    }

    // MARK: Keeping

    private func keep(
      _ credential: Credential, _ identity: Identity, _ access: AuthAccess, _ console: StandardConsole
    ) throws(SignInProblem) {
      var portal = access.portal
      do { try portal.check(identity) } catch { throw .auth(error) }
      let isNew = !portal.isConfigured
      if isNew {
        portal.profile.pin = identity.portalID
        if portal.address != .hubSpot { portal.profile.address = portal.address }
      }
      let location: String
      do {
        let (context, portal) = (access.context, portal)
        location = try Blocking.wait { try await context.signIn(portal, credential, identity) }
      } catch let problem as AuthProblem { throw .auth(problem) } catch { throw .failed("\(error)") }
      let account = identity.portalID.map { "account \($0)" } ?? "an account that does not tell its number"
      var lines = ["signed in to \(account) as `\(portal.name)`", "the credential is in \(location)"]
      if isNew { lines.append("the profile is in \(access.context.configuration.path)") }
      if let scopes = identity.scopes {
        let missing = ScopeNeed.missing(ScopeNeed.lineItems, in: scopes)
        if !missing.isEmpty { lines.append("missing for line items: \(missing.map(\.words).joined(separator: "; "))") }
      }
      if portal.name != AuthContext.standardName && access.context.configuration.standard != portal.name {
        lines.append("use it with --portal \(portal.name), or put default = \"\(portal.name)\" on top of config.toml")
      }
      console.out(lines.map { $0.escapedForDisplay + "\n" }.joined())
    }
  }
}
