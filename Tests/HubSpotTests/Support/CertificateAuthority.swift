import FoundationEssentials

/// A private certificate authority in a folder of its own, made with `openssl`, and servers that show its certificates.
final class CertificateAuthority: Sendable {
  let folder: String
  /// The certificate to trust.
  var file: String { folder + "/ca.pem" }

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/hubspot-tests-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try openssl(
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
        "/CN=Test authority",
      ]
        + ["-keyout", "ca.key", "-out", "ca.pem"])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func openssl(_ arguments: [String]) throws {
    try ChildProcess(["openssl"] + arguments, in: folder).finish()
  }

  /// Makes a certificate for one name, for example `IP:127.0.0.1` or `DNS:example.org`.
  private func issue(_ file: String, for name: String, days: Int) throws {
    try openssl([
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test", "-keyout",
      file + ".key", "-out", file + ".csr",
    ])
    try Data("subjectAltName=\(name)\n".utf8).write(to: URL(filePath: folder + "/" + file + ".ext"))
    try openssl(
      [
        "x509", "-req", "-in", file + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
        "\(days)",
      ]
        + ["-extfile", file + ".ext", "-out", file + ".pem"])
  }

  /// Runs a body with a server of that name on a free port. It answers `GET /answer` with the text given.
  func withServer<Output>(
    name: String, days: Int = 2, answer: String, _ body: (_ port: Int) async throws -> Output
  ) async throws -> Output {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: \(answer.utf8.count)\r\nConnection: close\r\n\r\n" + answer
    return try await withServer(name: name, days: days, reply: reply, body)
  }

  /// - Parameter reply: what `GET /answer` is answered with, from the status line on.
  func withServer<Output>(
    name: String, days: Int = 2, reply: String, _ body: (_ port: Int) async throws -> Output
  ) async throws -> Output {
    try issue("server", for: name, days: days)
    try Data(reply.utf8).write(to: URL(filePath: folder + "/answer"))
    let server = try ChildProcess(
      ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-key", "server.key", "-HTTP"],
      in: folder)
    defer { server.terminate() }
    while let line = server.nextLine() {
      // "ACCEPT 127.0.0.1:40123"
      guard line.hasPrefix("ACCEPT"), let port = line.split(separator: ":").last.flatMap({ Int($0) }) else { continue }
      return try await body(port)
    }
    throw ChildProcess.Failure(program: "openssl s_server", status: -1)
  }
}
