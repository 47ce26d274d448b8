import TerminalSupport
import Testing

/// What a program cannot do about a refusal, and what a plan shows.
@Suite("Refusals and plans")
struct RefusalTests {
  @Test("a refused write ends the run even inside try")
  func tryDoesNotCatchARefusal() throws {
    let home = try Home(.small)
    home.script(
      """
      try { find where .price > 0 | take 3 | update { name: "renamed" } } catch e { print("caught") }
      print("went on")
      """)
    let ended = try home.lis("run", "script.lis", "--portal", "practice")
    #expect(ended.status == 9)
    #expect(ended.out.isEmpty)
    #expect(home.writes.isEmpty)
  }

  @Test("where nobody can ask for details, every kind of change and every record to archive is shown")
  func everythingIsShown() throws {
    let home = try Home(.small)
    let rows = try home.count(where: ".price > 0")
    let created = try home.lis(
      "plan", "--portal", "practice", "-e", "for i in 1..30 { create { name: \"New ${i}\" } }")
    #expect(created.status == 2)
    for number in 1...30 { #expect(created.err.contains("name  New \(number)   (1 record)")) }
    let archived = try home.lis("plan", "--portal", "practice", "-e", "find where .price > 0 | archive at most 5000")
    let listed = archived.err.split(separator: "\n").filter { $0.hasPrefix("      archive  ") }
      .flatMap { $0.dropFirst(15).split(separator: " ") }
    #expect(listed.count == rows)
    #expect(Set(listed).count == rows)
  }

  @Test("a cached schema belongs to one address and token")
  func schemasAreNotMixed() throws {
    let home = try Home(.small)
    let server = try Server(home, "--data", home.path + "/home/practice")
    server.serve(home, token: "first")
    #expect(try home.lis("schema", "pull").status == 0)
    home.script("find where .prise > 1")
    #expect(try home.lis("check", "script.lis").status == 65)
    home.variables["LIS_TOKEN"] = "second"
    let other = try home.lis("check", "script.lis")
    #expect(other.status == 0)
    #expect(other.err.contains("not known here"))
    _ = try server.stop()
  }

  @Test("at the prompt each entry sees what others wrote since")
  func entriesSeeOthers() throws {
    let home = try Home(.small)
    let server = try Server(home, "--data", home.path + "/home/practice")
    server.serve(home)
    let prompt = "lis default>"
    let session = try home.terminal()
    try session.waitForPrompt(prompt)
    try session.enter(
      "let one = first(find where .hs_sku != null and .price > 0).id", expecting: "lis default>", prompt: prompt)
    session.send("find where .id == one | update { price: 11 }" + Key.enter)
    try session.wait(for: "Apply this change?")
    session.send("y" + Key.enter)
    try session.wait(for: "1 planned, all applied")
    try session.waitForPrompt(prompt)
    let written = try home.lis("-e", "find where .price == 11 | update { price: 22 }", "--apply")
    #expect(written.status == 0, "\(written.err)")
    try session.enter("print(\"now\", first(find where .id == one).price)", expecting: "now 22", prompt: prompt)
    session.send(Key.controlD)
    #expect(try session.waitForEnd() == .status(0))
    _ = try server.stop()
  }
}
