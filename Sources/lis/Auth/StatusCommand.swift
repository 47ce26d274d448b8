import ArgumentParser
import Glibc
import HubSpot
import LisAuth
import LisFormats
import LisRuntime

extension Auth {
  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status",
      abstract: "Show who is signed in, to which account, and what the credential may do.",
      discussion: "Asks HubSpot. Ends with 0 when the credential works, 6 when it does not, 7 when nobody answers.")

    @OptionGroup var options: AuthOptions

    @Option(help: "text or json.")
    var format: AnswerFormat = .text

    func run() throws {
      let console = StandardConsole()
      let access = try AuthAccess(named: options.portal)
      do throws(SignInProblem) {
        let credential: Credential
        do { credential = try access.credential() } catch { throw .auth(error) }
        let identity = try access.identity(credential)
        let standing = Standing(access: access, credential: credential, identity: identity)
        console.out(format == .json ? standing.json.line : Array(standing.text.utf8))
        do { try access.portal.check(identity) } catch { throw .auth(error) }
      } catch {
        if format == .json {
          var fields = JSONFields()
          fields.add("profile", access.portal.name)
          fields.add("works", false)
          fields.add("problem", error.message)
          fields.add("hint", error.hint)
          console.out(fields.line)
        } else {
          console.note("lis: \(error.text("nothing was changed"))")
        }
        throw ExitCode(error.exitCode)
      }
    }
  }
}

/// Who is signed in, in words and as JSON.
private struct Standing {
  let access: AuthAccess
  let credential: Credential
  let identity: Identity

  private var missing: [ScopeNeed]? { identity.scopes.map { ScopeNeed.missing(ScopeNeed.lineItems, in: $0) } }

  private var kind: String {
    switch credential.kind {
    case .token: "token"
    case .connection: "oauth"
    }
  }

  /// Seconds since 1970; nil for a token that does not end by itself, or of which it is not known.
  private var endsAt: Int64? {
    if let left = identity.standing?.lifetime { return Int64(time(nil)) + left.components.seconds }
    return nil
  }

  var json: JSONFields {
    var fields = JSONFields()
    fields.add("profile", access.portal.name)
    fields.add("works", true)
    fields.add("account", identity.portalID)
    fields.add("pinned_account", access.portal.profile.pin)
    fields.add("account_type", identity.account?.accountType)
    fields.add("time_zone", identity.account?.timeZone)
    fields.add("currency", identity.account?.companyCurrency)
    fields.add("user", identity.standing?.user)
    fields.add("kind", kind)
    fields.add("kept_in", credential.origin.words)
    fields.add("address", "\(access.portal.address)")
    fields.add("api_version", access.portal.version.name)
    fields.add("scopes", identity.scopes)
    fields.add("missing_scopes", missing?.map(\.words))
    fields.add("access_token_ends_at", endsAt.map { MomentText.utc($0) })
    return fields
  }

  var text: String {
    var lines: [(String, String)] = [("profile", access.portal.name)]
    let pin = access.portal.profile.pin == nil ? ", not pinned" : ""
    lines.append(("account", (identity.portalID ?? "not told: the token may not ask") + pin))
    if let account = identity.account {
      let parts = [account.accountType, account.timeZone, account.companyCurrency].compactMap(\.self)
      if !parts.isEmpty { lines.append(("", parts.joined(separator: ", "))) }
    }
    if let user = identity.standing?.user { lines.append(("user", user)) }
    lines.append(("kind", kind == "oauth" ? "OAuth connection, renewed by itself" : "service key or private-app token"))
    lines.append(("kept in", credential.origin.words))
    lines.append(("address", "\(access.portal.address), API \(access.portal.version)"))
    lines.append(("scopes", identity.scopes.map { $0.sorted().joined(separator: " ") } ?? "not told by HubSpot"))
    if let missing {
      lines.append(
        ("missing", missing.isEmpty ? "nothing for line items" : missing.map(\.words).joined(separator: "; ")))
    }
    let end = endsAt.map { "the access token at \(MomentText.utc($0))" }
    lines.append(("ends", end ?? (kind == "oauth" ? "not told" : "does not end by itself")))
    return lines.map { name, value in
      name + String(repeating: " ", count: 10 - name.count) + value.escapedForDisplay + "\n"
    }.joined()
  }
}
