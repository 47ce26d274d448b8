import Glibc
import HubSpot

/// The desktop's keyring (freedesktop.org Secret Service) through the program `secret-tool`, which reads secrets from its
/// standard input.
struct SecretService: Sendable {
  /// Keeps the entries of different folders of configuration apart.
  let home: String

  private static let seconds = 60

  /// Whether there is a session bus that a keyring could answer on, and the program to ask it. That it answers is known
  /// once it is asked.
  static func isThere(_ variable: (String) -> String?) -> Bool {
    let bus = variable("DBUS_SESSION_BUS_ADDRESS") != nil || access("/run/user/\(getuid())/bus", F_OK) == 0
    guard bus else { return false }
    let folders = variable("PATH")?.split(separator: ":") ?? []
    return folders.contains { access("\($0)/secret-tool", X_OK) == 0 }
  }

  /// Nil when the keyring has no such entry.
  func find(_ name: String) throws(StoreProblem) -> StoredCredential? {
    let ended = try run(["secret-tool", "lookup"] + attributes(name))
    if ended.status == 1 && ended.errors.isEmpty { return nil }
    guard ended.status == 0 else { throw .keyring(SecretService.reason(ended)) }
    if ended.output.isEmpty { return nil }
    guard let credential = CredentialText(bytes: ended.output)?.credential else {
      throw .keyring("its entry for `\(name)` does not have the form in which lis writes it")
    }
    return credential
  }

  func keep(_ credential: StoredCredential, as name: String) throws(StoreProblem) {
    guard let bytes = CredentialText(credential).bytes else { throw .keyring("the credential has no text") }
    let ended = try run(["secret-tool", "store", "--label=lis: \(name)"] + attributes(name), input: bytes)
    guard ended.status == 0 else { throw .keyring(SecretService.reason(ended)) }
  }

  func remove(_ name: String) throws(StoreProblem) {
    let ended = try run(["secret-tool", "clear"] + attributes(name))
    // It ends with 1 when there was nothing to remove.
    guard ended.status == 0 || (ended.status == 1 && ended.errors.isEmpty) else {
      throw .keyring(SecretService.reason(ended))
    }
  }

  private func attributes(_ name: String) -> [String] { ["application", "lis", "home", home, "connection", name] }

  private func run(_ arguments: [String], input: [UInt8] = []) throws(StoreProblem) -> Subprocess.Ended {
    do {
      return try Subprocess.run(arguments, input: input, seconds: SecretService.seconds, outputLimit: 1 << 20)
    } catch {
      switch error {
      case .notFound: throw .keyring("the program secret-tool is missing")
      case .notStarted(let code): throw .keyring("secret-tool cannot be started: \(String(cString: strerror(code)))")
      case .tooSlow(let seconds): throw .keyring("it did not answer within \(seconds) seconds; is it locked?")
      case .tooMuchOutput: throw .keyring("it answered more than a credential")
      }
    }
  }

  /// secret-tool's own words, which never hold a secret.
  private static func reason(_ ended: Subprocess.Ended) -> String {
    let words = ended.errors.split(whereSeparator: \.isNewline).joined(separator: " ")
    return words.isEmpty ? "secret-tool ended with \(ended.status)" : words
  }
}
