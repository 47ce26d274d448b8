import Glibc
import TerminalSupport
import Testing

@Suite("The prompt of lis")
struct PromptTests {
  @Test("define, find, update with a y, an error, and the earlier name is still there")
  func working() throws {
    let home = try Home(.small)
    let count = try home.count(where: ".hs_sku == \"SRV-1\"")
    let session = try home.terminal("--portal", "practice")
    try session.waitForPrompt()
    try session.enter("let wanted = 45", expecting: "lis practice> let wanted = 45\nlis practice>")
    try session.enter("print(count(find where .hs_sku == \"SRV-1\"))", expecting: "\n\(count)\n")
    try session.enter("find where .hs_sku == \"SRV-1\" | take 1 | select .hs_sku", expecting: "SRV-1\n")
    session.send("find where .hs_sku == \"SRV-1\" | update { price: wanted }" + Key.enter)
    try session.wait(for: "Apply these \(count) changes? y to go on, d for details, Enter to stop:")
    #expect(session.screen.text.contains("plan  update \(count) line_items in 1 batch · portal practice"))
    #expect(home.writes.isEmpty)
    session.send("y" + Key.enter)
    try session.wait(for: "\(count) planned, all applied")
    try session.waitForPrompt()
    #expect(home.writes.count == 1)
    try session.enter("print(wanted / 0)", expecting: "cannot be divided by zero")
    try session.enter("print(wantd)", expecting: "did you mean `wanted`?")
    try session.enter("print(\"still\", wanted)", expecting: "still 45")
    session.send(Key.controlD)
    #expect(try session.waitForEnd() == .status(0))
    #expect(session.mode == session.initialMode)
    #expect(home.folder.permissions(of: "home/history") == 0o600)
    #expect(home.folder.text(of: "home/history").hasPrefix("let wanted = 45\n"))
  }

  @Test("over 100 records the count is typed; y is not enough, and Enter stops")
  func count() throws {
    let home = try Home(.small)
    let count = try home.count(where: ".price > 0")
    try #require((301...400).contains(count))
    let session = try home.terminal("--portal", "practice", rows: 60)
    try session.waitForPrompt()
    let entry = "find where .price > 0 | update { name: \"renamed\" }"
    for answer in ["y", "", "\(count - 1)", "40"] {
      session.send(entry + Key.enter)
      try session.wait("the question") {
        $0.cursorLine.hasPrefix("Apply these \(count) changes? type \(count) to go on")
      }
      session.send(answer + Key.enter)
      try session.waitForPrompt()
      #expect(home.writes.isEmpty)
    }
    #expect(session.screen.text.contains("nothing was sent"))
    session.send(entry + Key.enter)
    try session.wait("the last question") { $0.cursorLine.hasPrefix("Apply these") }
    session.send("\(count)" + Key.enter)
    try session.wait(for: "\(count) planned, all applied")
    #expect(home.writes.count == 4)
  }

  @Test("d shows every record and asks again; archive asks for its count however small")
  func details() throws {
    let home = try Home(.small)
    let session = try home.terminal("--portal", "practice", rows: 60)
    try session.waitForPrompt()
    session.send("find where .hs_sku == \"SRV-1\" | take 3 | archive" + Key.enter)
    try session.wait(for: "Apply these 3 changes? type 3 to go on, d for details, Enter to stop:")
    session.send("d" + Key.enter)
    try session.wait("the second question") { $0.text.count { $0 == "?" } == 2 && $0.cursorLine.hasPrefix("Apply") }
    #expect(session.screen.text.split(separator: "\n").count { $0.hasPrefix("      archive 2749") } == 3)
    session.send(Key.controlC)
    try session.waitForPrompt()
    #expect(home.writes.isEmpty)
  }

  @Test("Ctrl-C during a long read comes back to the prompt, with the names kept and the portal still there")
  func interrupted() throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "900", "--latency", "300ms")
    server.serve(home)
    let session = try home.terminal()
    try session.waitForPrompt("lis default>")
    session.send("let kept = 7" + Key.enter)
    try session.wait(for: "let kept = 7\nlis default>")
    session.send("find where .price != null | sort .price" + Key.enter)
    try session.wait(for: "read  ")
    session.send(Key.controlC)
    try session.waitForPrompt("lis default>")
    session.send("print(\"still\", kept, count(find where .price != null | take 1))" + Key.enter)
    try session.wait(for: "still 7 1")
    try session.waitForPrompt("lis default>")
    session.send(Key.controlC)
    try session.wait(for: "Ctrl-D leaves")
    session.send(Key.controlD)
    #expect(try session.waitForEnd() == .status(0))
  }

  @Test("a function over several lines is one entry")
  func severalLines() throws {
    let home = try Home()
    let session = try home.terminal("--portal", "practice")
    try session.waitForPrompt()
    session.send("fn raised(amount, pct) {" + Key.enter)
    try session.wait("an indented line") { $0.cursor == (row: 1, column: 2) }
    session.send("round(amount * (1 + pct / 100), 2)" + Key.enter + "}" + Key.enter)
    try session.wait("the next prompt") { $0.cursorLine == "lis practice>" && $0.cursor.row == 3 }
    try session.enter("print(raised(9.99, 5))", expecting: "\n10.49\n")
    // Nothing was asked of the portal, so none was started.
    #expect(!home.folder.exists("home/practice"))
  }

  @Test("history comes back, and tokens are not in it")
  func history() throws {
    let home = try Home()
    let first = try home.terminal("--portal", "practice")
    try first.waitForPrompt()
    try first.enter("print(\"one\")", expecting: "\none\n")
    try first.enter("print(\"pat-na1-1234-5678\")", expecting: "\npat-na1-1234-5678\n")
    first.send(Key.controlD)
    #expect(try first.waitForEnd() == .status(0))
    let second = try home.terminal("--portal", "practice")
    try second.waitForPrompt()
    second.send(Key.up)
    try second.wait("the entry") { $0.cursorLine == "lis practice> print(\"one\")" }
    #expect(home.folder.text(of: "home/history") == "print(\"one\")\n")
  }

  @Test("the token in use is not in the history, whatever it looks like")
  func tokenInUse() throws {
    let home = try Home()
    home.variables["LIS_TOKEN"] = "no-token-looks-like-this"
    let session = try home.terminal("--portal", "practice")
    try session.waitForPrompt()
    try session.enter("print(\"two\")", expecting: "\ntwo\n")
    try session.enter("print(\"no-token-looks-like-this\")", expecting: "\nno-token-looks-like-this\n")
    session.send(Key.controlD)
    #expect(try session.waitForEnd() == .status(0))
    #expect(home.folder.text(of: "home/history") == "print(\"two\")\n")
  }

  @Test("flags alone belong to the prompt; --apply does not")
  func flags() throws {
    let home = try Home()
    let session = try home.terminal("--portal", "practice", "--quiet", "--tz", "Europe/Berlin")
    try session.waitForPrompt()
    let refused = try home.terminal("--apply")
    try refused.wait(for: "there is nothing to run")
    #expect(try refused.waitForEnd() == .status(64))
  }

  @Test("without a folder for state the prompt works, and says what it cannot remember")
  func withoutHome() throws {
    let home = try Home()
    home.folder.write("a file", to: "file")
    home.variables["LIS_HOME"] = home.path + "/file"
    let session = try home.terminal("--portal", "practice")
    try session.wait(for: "entries are not remembered")
    try session.waitForPrompt()
    try session.enter("print(1 + 1)", expecting: "\n2\n")
  }

  @Test("SIGTERM during an entry stops it in good order and ends the program", arguments: [SIGTERM, SIGHUP])
  func ended(signal: Int32) throws {
    let home = try Home()
    let server = try Server(home, "--data", home.path + "/data", "--seed", "900", "--latency", "300ms")
    server.serve(home)
    let session = try home.terminal()
    try session.waitForPrompt("lis default>")
    session.send("find where .price != null | sort .price" + Key.enter)
    try session.wait(for: "read  ")
    session.signal(signal)
    #expect(try session.waitForEnd() == .signal(signal))
    #expect(session.mode == session.initialMode)
  }

  @Test(
    "a script on a terminal asks, and sends what was approved",
    arguments: [("y", 0), ("n", 9), ("", 9)] as [(String, Int32)])
  func scriptAsks(answer: String, status: Int32) throws {
    let home = try Home(.small)
    home.script("find where .hs_sku == \"SRV-1\" | update { price: 45 }")
    let count = try home.count(where: ".hs_sku == \"SRV-1\"")
    let session = try home.terminal("run", home.work + "/script.lis", "--portal", "practice")
    try session.wait(for: "Apply these \(count) changes? y to go on")
    session.send(answer + Key.enter)
    #expect(try session.waitForEnd() == .status(status))
    #expect(home.writes.count == (status == 0 ? 1 : 0))
    #expect(session.mode == session.initialMode)
  }

  @Test("--read-only at the prompt refuses without a question")
  func readOnly() throws {
    let home = try Home(.small)
    let session = try home.terminal("--portal", "practice", "--read-only")
    try session.waitForPrompt()
    try session.enter("find where .hs_sku == \"SRV-1\" | update { price: 45 }", expecting: "--read-only")
    #expect(!session.screen.text.contains("?"))
    #expect(home.writes.isEmpty)
  }
}
