import ArgumentParser
import HubSpot
import LisAuth
import LisFormats
import LisRuntime

extension Auth {
  struct Logout: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "logout",
      abstract: "Sign out: revoke an OAuth connection at HubSpot and remove the credential from this machine.",
      discussion: """
        The profile stays in config.toml. A service key or the token of a private app goes on working
        until somebody rotates or deletes it in HubSpot.

        Ends with 0 when signed out, 6 when nobody was signed in, 7 when HubSpot could not be reached.
        """)

    @OptionGroup var options: AuthOptions

    @Flag(help: "Remove the credential here without asking HubSpot to revoke it.")
    var local = false

    func run() throws {
      let console = StandardConsole()
      let access = try AuthAccess(named: options.portal)
      do throws(SignInProblem) {
        console.out(try signOut(access).escapedForDisplay + "\n")
      } catch {
        console.note("lis: \(error.text("nothing was removed"))")
        throw ExitCode(error.exitCode)
      }
    }

    private func signOut(_ access: AuthAccess) throws(SignInProblem) -> String {
      let credential: Credential
      do { credential = try access.credential() } catch { throw .auth(error) }
      guard case .store = credential.origin else {
        throw .conflict(
          "`\(access.portal.name)` takes its credential from \(credential.origin.words), where lis keeps nothing",
          hint: "remove it there")
      }
      var still = "a service key or token goes on working until it is rotated or deleted in HubSpot"
      if case .connection(let connection) = credential.kind { still = try revoke(connection, credential, access) }
      let (context, portal) = (access.context, access.portal)
      do { _ = try Blocking.wait { try await context.remove(portal) } } catch let problem as AuthProblem {
        throw .auth(problem)
      } catch { throw .failed("\(error)") }
      return "signed out of `\(portal.name)`; the credential is removed from \(credential.origin.words); \(still)"
    }

    /// Returns what goes on working.
    private func revoke(
      _ connection: OAuthConnection, _ credential: Credential, _ access: AuthAccess
    ) throws(SignInProblem) -> String {
      if local {
        return "HubSpot was not asked, so that the connection could still be used by whoever has a copy of it"
      }
      let client = access.context.oauthClient(connection, access.portal, access.transport)
      let refresh = connection.grant.refreshToken
      do { try Blocking.wait { try await client.revoke(refreshToken: refresh) } } catch let failure as OAuthFailure {
        // What HubSpot knows no more cannot be used either.
        if failure.kind == .authorizationEnded { return "HubSpot had ended the connection before" }
        throw .oauth(failure)
      } catch { throw .failed("\(error)") }
      return "HubSpot revoked the connection; an access token that was given out works until "
        + MomentText.utc(connection.grant.expiresAt)
    }
  }
}
