import HubSpot
import LisAuth
import LisRuntime

/// Compares the account that a credential belongs to with the one that its profile is for.
struct AccountCheck: Sendable {
  let access: AuthAccess
  let credential: Credential
  let client: HubSpotClient

  /// Costs a request only where the profile names an account.
  func check() async throws {
    guard access.portal.profile.pin != nil else { return }
    let identity = try await access.context.identity(
      of: credential, access.portal, client: client, transport: access.transport)
    do { try access.portal.check(identity) } catch {
      throw SessionProblem.wrongAccount(error.message, hint: error.hint)
    }
  }
}

extension SessionProblem {
  init(_ problem: AuthProblem) {
    switch problem {
    case .noCredential(_, isConfigured: false): self = .noCredential
    case .badToken(let origin, let problem): self = .badToken("\(AuthProblem.reason(problem)) (from \(origin))")
    default: self = .credential(problem.message, hint: problem.hint)
    }
  }
}
