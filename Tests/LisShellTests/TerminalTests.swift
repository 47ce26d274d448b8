import Glibc
import TerminalSupport
import Testing

@Suite("Shell on a terminal")
struct TerminalTests {
  @Test("shows a prompt with the portal's name, evaluates, and leaves with Ctrl-D")
  func promptEvaluateLeave() throws {
    let session = try Session()
    try session.waitForPrompt()
    try session.enter("a + b", expecting: "=> [a + b]")
    session.send(Key.controlD)
    #expect(try session.waitForEnd() == .status(0))
    #expect(session.screen.text == "lis practice> a + b\n=> [a + b]\nlis practice>")
  }

  @Test("an empty entry is not evaluated")
  func emptyEntry() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("  " + Key.enter)
    try session.wait("a second prompt") { $0.cursor == (row: 1, column: 14) }
    try session.enter("x", expecting: "=> [x]")
    #expect(session.screen.text == "lis practice>\nlis practice> x\n=> [x]\nlis practice>")
  }

  @Test("the name of a portal cannot send anything to the terminal")
  func portalName() throws {
    let session = try Session(environment: ["HARNESS_PORTAL": "a\u{1b}]0;x\u{7}\u{202e}b"])
    try session.wait(for: #"lis a\u{1B}]0;x\u{7}\u{202E}b>"#)
  }

  @Test("draws on the terminal when results go into a pipe")
  func outputIntoPipe() throws {
    let session = try Session(outputIsPipe: true)
    try session.waitForPrompt()
    session.send("one" + Key.enter)
    try session.wait("a second prompt") { $0.text == "lis practice> one\nlis practice>" }
    session.send(Key.controlD)
    #expect(try session.waitForEnd() == .status(0))
    #expect(session.output == "=> [one]\n")
  }

  @Test("the terminal is cooked and takes pastes as keys while an entry runs")
  func modeWhileEvaluating() throws {
    let session = try Session()
    try session.waitForPrompt()
    #expect(session.mode != session.initialMode)
    #expect(session.screen.privateModes.contains(2004))
    try session.enter("mode", expecting: "mode cooked")
    session.send("wait" + Key.enter)
    try session.wait(for: "waiting")
    #expect(session.mode == session.initialMode)
    #expect(!session.screen.privateModes.contains(2004))
    session.send(Key.controlC)
    try session.waitForPrompt()
    session.send(Key.controlD)
    #expect(try session.waitForEnd() == .status(0))
    #expect(session.mode == session.initialMode)
    #expect(!session.screen.privateModes.contains(2004))
  }

  @Test("characters typed while an entry runs begin the next one")
  func typedAhead() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("wait" + Key.enter)
    try session.wait(for: "waiting")
    session.send("next\n")
    try session.wait(for: "next")
    session.signal(SIGINT)
    try session.wait(for: "=> [next]")
  }
}
