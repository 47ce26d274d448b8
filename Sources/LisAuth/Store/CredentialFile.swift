import FoundationEssentials
import HubSpot

/// The file `credentials`: all that is kept by lis where there is no keyring. JSON, 0600, in a folder 0700.
struct CredentialFile: Sendable {
  let path: String

  private struct Contents: Codable {
    var version = 1
    var connections: [String: CredentialText] = [:]
  }

  func find(_ name: String) throws(StoreProblem) -> StoredCredential? {
    guard let text = try contents().connections[name] else { return nil }
    guard let credential = text.credential else { throw .file(FileProblem(path, .damaged)) }
    return credential
  }

  func keep(_ credential: StoredCredential, as name: String) throws(StoreProblem) {
    try change { $0.connections[name] = CredentialText(credential) }
  }

  /// Returns whether there was one.
  func remove(_ name: String) throws(StoreProblem) -> Bool {
    guard try contents().connections[name] != nil else { return false }
    try change { $0.connections[name] = nil }
    return true
  }

  private func contents() throws(StoreProblem) -> Contents {
    do throws(FileProblem) {
      guard let bytes = try PrivateFile.read(path) else { return Contents() }
      guard let contents = try? JSONDecoder().decode(Contents.self, from: Data(bytes)), contents.version == 1 else {
        throw FileProblem(path, .damaged)
      }
      return contents
    } catch { throw .file(error) }
  }

  /// Others that change another entry of the file at the same time wait for each other.
  private func change(_ body: (inout Contents) -> Void) throws(StoreProblem) {
    let lock: FileLock
    do throws(FileProblem) { lock = try FileLock.takeHere(path + ".lock") } catch { throw .file(error) }
    defer { lock.release() }
    var contents = try contents()
    body(&contents)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(contents) else { throw .file(FileProblem(path, .damaged)) }
    do throws(FileProblem) {
      if contents.connections.isEmpty {
        try PrivateFile.remove(path)
      } else {
        try PrivateFile.write(Array(text) + [10], to: path)
      }
    } catch { throw .file(error) }
  }
}
