import Testing

/// The README shows what the program prints.
@Suite("The README")
struct ReadmeTests {
  private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  private static func blocks(_ kind: String) throws -> [String] {
    let parts = try text("README.md").split(separator: "```", omittingEmptySubsequences: false)
    return parts.enumerated().filter { $0.offset % 2 == 1 && $0.element.hasPrefix(kind + "\n") }
      .map { String($0.element.dropFirst(kind.count + 1)) }
  }

  private static func text(_ path: String) throws -> String {
    try Home().shell("cat \"$0\"", [root + "/" + path]).out
  }

  @Test("its output is the real output of its first command, run twice, and without --apply")
  func output() throws {
    let home = try Home(.demo)
    let script = Self.root + "/scripts/reprice.lis"
    let shown = try Self.blocks("text")
    let refused = try home.lis("run", script, "--portal", "practice")
    #expect(refused.err.contains(shown[2].split(separator: "\n")[0]))
    #expect(try home.lis("run", script, "--portal", "practice", "--apply").err == shown[0])
    #expect(try home.lis("run", script, "--portal", "practice", "--apply").err == shown[1])
  }

  @Test("the script it shows is the script")
  func script() throws {
    let shown = try Self.blocks("lis")[0]
    #expect(try Self.text("scripts/reprice.lis").hasSuffix(shown))
  }

  @Test("its pieces of lis are checked by lis")
  func pieces() throws {
    let home = try Home(.demo)
    let pulled = try home.lis("schema", "pull", "--portal", "practice")
    #expect(pulled.status == 0, "\(pulled.err)")
    for piece in try Self.blocks("lis") {
      home.script(piece, as: "piece.lis")
      let checked = try home.lis("check", "piece.lis", "--portal", "practice")
      #expect(checked.status == 0, "\(checked.err)\n\(piece)")
    }
  }

  @Test("the configuration it shows is one")
  func configuration() throws {
    let home = try Home()
    home.folder.write(try #require(try Self.blocks("toml").first), to: "home/config.toml")
    let portals = try home.lis("portals")
    #expect(portals.status == 0 && portals.out.contains("* shop") && portals.out.contains("1234567"), "\(portals.err)")
  }
}
