import Glibc
import TerminalSupport
import Testing

@Suite("Shell without a line editor")
struct PlainTests {
  @Test("a terminal that cannot move its cursor", arguments: ["dumb", ""])
  func dumbTerminal(name: String) throws {
    let session = try Session(terminal: name)
    try session.waitForPrompt()
    #expect(session.mode == session.initialMode)
    session.send("each {\r")
    try session.wait("a continuation") { $0.cursorLine == "   ..." }
    session.send("x }\r")
    try session.wait(for: "=> [each {/x }]")
    try session.waitForPrompt()
    session.send(Key.controlD)
    #expect(try session.waitForEnd() == .status(0))
  }

  @Test("Ctrl-C on such a terminal gives the entry up or interrupts it, and keeps the state")
  func dumbTerminalInterrupted() throws {
    let session = try Session(terminal: "dumb")
    try session.waitForPrompt()
    session.send("set 7\r")
    try session.wait(for: "kept\nlis practice>")
    session.send("each {\r")
    try session.wait("a continuation") { $0.cursorLine == "   ..." }
    session.send(Key.controlC)
    try session.waitForPrompt()
    session.send("wait\r")
    try session.wait(for: "waiting")
    session.send(Key.controlC)
    try session.wait(for: "stopped after interrupt")
    try session.waitForPrompt()
    session.send("get\r")
    try session.wait(for: "stored 7")
    try session.waitForPrompt()
    session.send(Key.controlC)
    try session.wait(for: "Ctrl-D leaves")
  }

  @Test(
    "entries from a pipe, without a prompt",
    arguments: [
      ("a\nb\n", "=> [a]\n=> [b]\n"), ("a {\n b\n\n}\nc", "=> [a {/ b//}]\n=> [c]\n"),
      ("a\r\nb\r\n", "=> [a]\n=> [b]\n"),
      ("", ""), ("\n \n", ""), ("unfinished {\n", "=> [unfinished {]\n"), ("set 7\nget\n", "kept\nstored 7\n"),
      ("漢字\n", "=> [漢字]\n"),
    ])
  func pipe(input: String, output: String) throws {
    let session = try Session(input: .text(input), outputIsPipe: true)
    #expect(try session.waitForEnd() == .status(0))
    #expect(session.output == output)
    #expect(session.screen.text.isEmpty)
  }

  @Test("an entry from a pipe runs before the pipe ends; after an interruption none follows")
  func pipeInterrupted() throws {
    let session = try Session(input: .pipe)
    session.sendThroughPipe("first\n")
    try session.wait(for: "=> [first]")
    session.sendThroughPipe("wait\nlast\n")
    try session.wait(for: "waiting")
    session.signal(SIGINT)
    #expect(try session.waitForEnd() == .status(40))
    #expect(!session.screen.text.contains("last"))
  }
}
