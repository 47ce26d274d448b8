import Glibc
import HubSpot
import LisAuth
import LisFormats
import LisRuntime

extension Home {
  /// The one auth context of the process, made when something first asks for it.
  private static let context: FoundContext = {
    do throws(AuthProblem) {
      return .context(try AuthContext(folder: environment.configuration) { Home.variable($0) })
    } catch {
      return .problem(error)
    }
  }()

  /// No `Result`: making that type known to the Swift runtime looks through all conformances of the program, at each
  /// start.
  private enum FoundContext {
    case context(AuthContext)
    case problem(AuthProblem)
  }

  static func auth() throws(CommandProblem) -> AuthContext {
    switch context {
    case .context(let context): return context
    case .problem(let problem): throw .auth(problem)
    }
  }
}

/// A portal with what asks it, for the commands about sign-ins.
struct AuthAccess: Sendable {
  let context: AuthContext
  let portal: Portal
  let transport: CurlTransport

  init(_ context: AuthContext, _ portal: Portal) {
    self.context = context
    self.portal = portal
    transport = CurlTransport(options: TransportOptions(certificateAuthorityFile: portal.authorityFile))
  }

  /// The portal of a name.
  init(named name: String?) throws(CommandProblem) {
    let context = try Home.auth()
    let name = context.name(name)
    guard name != AuthContext.practiceName else { throw .practiceNeedsNoCredential }
    do { self.init(context, try context.portal(name)) } catch { throw .auth(error) }
  }

  /// Looked for where the profile says, which may run a command.
  func credential() throws(AuthProblem) -> Credential { try context.credential(of: portal, transport: transport) }

  func client(_ provider: any CredentialProvider) -> HubSpotClient { HubSpotClient(configuration(provider)) }

  func configuration(_ provider: any CredentialProvider) -> ClientConfiguration {
    ClientConfiguration(
      baseURL: portal.address, credentials: provider, version: portal.version, transport: transport, userAgent: "lis")
  }

  /// Asks the server who the credential is.
  func identity(_ credential: Credential) throws(SignInProblem) -> Identity {
    let client = client(credential.provider)
    do {
      return try Blocking.wait {
        try await context.identity(of: credential, portal, client: client, transport: transport)
      }
    } catch let error as HubSpotError {
      throw .refused(error)
    } catch { throw .failed("\(error)") }
  }
}

/// Why somebody could not sign in, or why it cannot be told who is.
enum SignInProblem: Error {
  case auth(AuthProblem)
  /// The server's answer.
  case refused(HubSpotError)
  case oauth(OAuthFailure)
  case redirect(AuthorizationRequest.Refusal)
  case port(RedirectListener.Failure)
  case interrupted
  case noInput
  case conflict(String, hint: String)
  case failed(String)
}

extension SignInProblem {
  var message: String {
    switch self {
    case .auth(let problem): problem.message
    case .refused(let error): SignInProblem.isRefusal(error) ? "HubSpot refuses this credential: \(error)" : "\(error)"
    case .oauth(let failure): "\(failure)"
    case .redirect(.denied(let error, let description)):
      "nothing was connected: \(error)\(description.isEmpty ? "" : " (\(description))")"
    case .redirect(.foreignState): "this address belongs to another sign-in"
    case .redirect(.notARedirect): "this is no address with a code in it"
    case .port(let failure): "port \(failure.port) of this machine cannot be listened on: \(failure.reason)"
    case .interrupted: "interrupted"
    case .noInput: "no token came from standard input"
    case .conflict(let message, _): message
    case .failed(let reason): reason
    }
  }

  var hint: String? {
    switch self {
    case .auth(let problem): problem.hint
    case .refused(let error):
      SignInProblem.isRefusal(error) ? "copy the token again, or make a new one in HubSpot" : nil
    case .oauth(let failure):
      switch failure.kind {
      case .misconfigured: "compare client id, secret and redirect address with the app's page in HubSpot"
      case .transient: "try again later"
      case .authorizationEnded, .codeRefused: "run `lis auth login` again"
      }
    case .redirect(.denied): "run it again and choose Connect"
    case .redirect: "paste the whole address that the browser shows at the end"
    case .port: "end what uses it, or choose another with --port and register that address with the app"
    case .noInput: "pipe the token in, or run it on a terminal"
    case .conflict(_, let hint): hint
    case .interrupted, .failed: nil
    }
  }

  var exitCode: Int32 {
    switch self {
    case .auth(let problem): problem.exitCode
    case .refused(let error): SignInProblem.isRefusal(error) ? 6 : 7
    case .oauth(let failure): failure.kind == .transient ? 7 : 6
    case .redirect: 6
    case .port, .failed: 1
    case .interrupted: 130
    case .noInput, .conflict: 64
    }
  }

  private static func isRefusal(_ error: HubSpotError) -> Bool {
    switch error {
    case .api(let failure): failure.isAuth || failure.isScope
    case .credential(.authorizationEnded), .credential(.misconfigured): true
    default: false
    }
  }

  /// With what was and was not done, and what to do next.
  func text(_ consequence: String) -> String {
    "\(message.escapedForDisplay); \(consequence)\(hint.map { "; \($0.escapedForDisplay)" } ?? "")"
  }
}

extension AuthAccess {
  /// The client secret that an earlier sign-in left behind.
  func keptSecret(of clientID: String) -> Secret? { context.keptSecret(of: clientID, portal) }
}
