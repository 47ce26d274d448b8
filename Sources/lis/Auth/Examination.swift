import Glibc
import HubSpot
import LisAuth
import LisCore
import LisRuntime

/// The looks of `lis doctor`, each taken when its turn comes: a person sees the first findings while the later ones wait
/// for the network. What depends on something that failed is left out.
struct Examination {
  private let portal: String?
  private var remaining: [Look] = Look.allCases
  private var access: AuthAccess?
  private var credential: Credential?
  private var identity: Identity?
  /// The server's clock less this machine's, in seconds.
  private var skew: Int64?

  private enum Look: CaseIterable {
    case zones, configuration, store, state, profile, network, clock, token, account, scopes, usage
  }

  init(portal: String?) { self.portal = portal }

  /// The next finding; nil when there is none left.
  mutating func next() -> Finding? {
    while !remaining.isEmpty {
      let look = remaining.removeFirst()
      if let finding = take(look) { return finding }
    }
    return nil
  }

  private mutating func take(_ look: Look) -> Finding? {
    switch look {
    case .zones: return zones()
    case .configuration: return configuration()
    case .store: return store()
    case .state: return state()
    case .profile: return profile()
    case .network: return network()
    case .clock: return clock()
    case .token: return token()
    case .account: return account()
    case .scopes: return scopes()
    case .usage: return usage()
    }
  }

  // MARK: This machine

  private func zones() -> Finding {
    if (try? ZoneFiles.zone("Europe/Berlin")) != nil {
      return Finding(name: "time zones", state: .ok, detail: "the system's data can be read")
    }
    return Finding(
      name: "time zones", state: .warn, detail: "there is no readable data in /usr/share/zoneinfo",
      advice: "install the package tzdata; until then --tz knows UTC only")
  }

  private func configuration() -> Finding {
    let path = Home.environment.configuration + "/config.toml"
    do {
      let count = try Home.auth().configuration.profiles.count
      let detail = count == 0 ? "no profile yet (\(path))" : "\(count) profile\(count == 1 ? "" : "s") (\(path))"
      return Finding(name: "config.toml", state: .ok, detail: detail)
    } catch {
      guard case .auth(let problem) = error else {
        return Finding(name: "config.toml", state: .fail, detail: error.message)
      }
      return Finding(name: "config.toml", state: .fail, detail: problem.message, advice: problem.hint)
    }
  }

  private func store() -> Finding? {
    guard let context = try? Home.auth() else { return nil }
    do throws(StoreProblem) {
      try context.store.check()
      let place = context.store.hasKeyring ? "keyring, else file" : "file"
      return Finding(name: "credentials", state: .ok, detail: "can be kept (\(place)), closed to others")
    } catch { return Finding(name: "credentials", state: .fail, detail: error.message, advice: error.hint) }
  }

  private func state() -> Finding {
    do {
      try Home.environment.prepare()
      return Finding(name: "state", state: .ok, detail: "the journal can be written in \(Home.environment.state)")
    } catch { return Finding(name: "state", state: .fail, detail: error.message) }
  }

  // MARK: The profile

  private mutating func profile() -> Finding? {
    guard let context = try? Home.auth() else { return nil }
    let name = context.name(portal)
    guard name != AuthContext.practiceName else {
      return Finding(name: "profile", state: .ok, detail: "practice, which is built in and needs no credential")
    }
    do {
      let access = AuthAccess(context, try context.portal(name))
      self.access = access
      return Finding(
        name: "profile", state: .ok, detail: "\(name) at \(access.portal.address), API \(access.portal.version)")
    } catch { return Finding(name: "profile", state: .fail, detail: error.message, advice: error.hint) }
  }

  /// One request without a token: whatever the server answers, its date and its certificate are seen.
  private mutating func network() -> Finding? {
    guard let access else { return nil }
    let transport = access.transport
    let request = HTTPRequest(
      method: .get, url: "\(access.portal.address)/account-info/\(access.portal.version)/details", timeout: .seconds(20)
    )
    do {
      let response = try Blocking.wait { try await transport.send(request) }
      if let date = response.header("Date").flatMap({ HTTPDate.seconds($0) }) { skew = date - Int64(time(nil)) }
      let how = access.portal.address.scheme == .https ? "certificate verified" : "this machine, without TLS"
      return Finding(name: "network", state: .ok, detail: "\(access.portal.address) answers (\(how))")
    } catch let failure as TransportFailure {
      self.access = nil
      return Finding(name: "network", state: .fail, detail: "\(failure)", advice: Examination.advice(failure))
    } catch { return Finding(name: "network", state: .fail, detail: "\(error)") }
  }

  private static func advice(_ failure: TransportFailure) -> String? {
    switch failure.cause {
    case .libraryMissing: return "install the package libcurl4"
    case .certificate, .tlsHandshake: return "install the package ca-certificates; is the clock of this machine right?"
    case .nameResolution, .connection: return "is this machine online, and is the address right?"
    default: return "is there a proxy or a firewall in between?"
    }
  }

  private func clock() -> Finding? {
    guard let skew else { return nil }
    if abs(skew) <= 60 { return Finding(name: "clock", state: .ok, detail: "agrees with the server's") }
    return Finding(
      name: "clock", state: .warn, detail: "differs from the server's by \(abs(skew)) seconds",
      advice: "set the clock of this machine: when a connection is renewed and what `today` is depend on it")
  }

  // MARK: The account

  private mutating func token() -> Finding? {
    guard let access else { return nil }
    do throws(SignInProblem) {
      let credential: Credential
      do { credential = try access.credential() } catch { throw .auth(error) }
      self.credential = credential
      identity = try access.identity(credential)
      return Finding(name: "credential", state: .ok, detail: "works (\(credential.origin.words))", isAccess: true)
    } catch {
      return Finding(
        name: "credential", state: .fail, detail: error.message, advice: error.hint, isAccess: error.exitCode == 6)
    }
  }

  private func account() -> Finding? {
    guard let access, let identity else { return nil }
    do { try access.portal.check(identity) } catch {
      return Finding(name: "account", state: .fail, detail: error.message, advice: error.hint, isAccess: true)
    }
    let found = identity.portalID ?? "not told"
    if !access.portal.isConfigured {
      return Finding(name: "account", state: .ok, detail: "\(found); only a profile is held to one", isAccess: true)
    }
    if access.portal.profile.pin == nil {
      return Finding(
        name: "account", state: .warn, detail: "\(found), and the profile is not pinned to an account",
        advice: "write portal = \(identity.portalID ?? "NUMBER") into its section of config.toml", isAccess: true)
    }
    return Finding(name: "account", state: .ok, detail: "\(found), as the profile says", isAccess: true)
  }

  private func scopes() -> Finding? {
    guard let identity else { return nil }
    guard let scopes = identity.scopes else {
      return Finding(
        name: "scopes", state: .warn, detail: "HubSpot does not tell the scopes of this credential",
        advice: "a script that lacks one is refused by HubSpot instead of beforehand", isAccess: true)
    }
    let missing = ScopeNeed.missing(ScopeNeed.lineItems, in: scopes)
    guard missing.isEmpty else {
      return Finding(
        name: "scopes", state: missing.count == ScopeNeed.lineItems.count ? .fail : .warn,
        detail: "missing: \(missing.map(\.words).joined(separator: "; "))",
        advice: "add them to the key, the private app or the app in HubSpot", isAccess: true)
    }
    return Finding(name: "scopes", state: .ok, detail: "enough for line items", isAccess: true)
  }

  private func usage() -> Finding? {
    guard let access, let credential, identity != nil else { return nil }
    let client = access.client(credential.provider)
    guard case .token = credential.kind else {
      return Finding(name: "quota", state: .ok, detail: "connections by OAuth have no daily limit")
    }
    guard let days = try? Blocking.wait({ try await client.dailyUsage() }), let day = days.first, day.limit > 0 else {
      return Finding(name: "quota", state: .ok, detail: "HubSpot does not tell how much of the day is used")
    }
    let text = "\(day.used) of \(day.limit) requests of the day are used"
    guard day.used * 10 < day.limit * 9 else {
      return Finding(
        name: "quota", state: .warn, detail: text, advice: "large runs have to wait until \(day.resetsAt ?? "midnight")"
      )
    }
    return Finding(name: "quota", state: .ok, detail: text)
  }
}

/// Dates of HTTP headers (RFC 9110, section 5.6.7).
enum HTTPDate {
  /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`; nil for every other form.
  static func seconds(_ text: String) -> Int64? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
      let day = Int32(words[1]), let year = Int32(words[3])
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int32($0) }
    guard time.count == 3, (1...31).contains(day), (1970...9999).contains(year) else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (time[0], time[1], time[2])
    return Int64(timegm(&parts))
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
