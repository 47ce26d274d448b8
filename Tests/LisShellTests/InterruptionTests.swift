import Glibc
import TerminalSupport
import Testing

@Suite("Interrupting")
struct InterruptionTests {
  @Test("Ctrl-C stops an evaluation and keeps the state")
  func first() throws {
    let session = try Session()
    try session.waitForPrompt()
    try session.enter("set 7", expecting: "kept")
    session.send("wait" + Key.enter)
    try session.wait(for: "waiting")
    session.send(Key.controlC)
    try session.wait(for: "got interrupt\nstopped after interrupt")
    try session.waitForPrompt()
    try session.enter("get", expecting: "stored 7")
  }

  @Test("the second Ctrl-C within an evaluation is a hard one")
  func second() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("wait-twice" + Key.enter)
    try session.wait(for: "waiting")
    session.send(Key.controlC)
    try session.wait(for: "got interrupt")
    session.send(Key.controlC)
    try session.wait(for: "stopped after interrupt hard")
    try session.waitForPrompt()
  }

  @Test("each evaluation counts anew")
  func countsAnew() throws {
    let session = try Session(rows: 60)
    try session.waitForPrompt()
    for round in 1...5 {
      session.send("wait" + Key.enter)
      try session.wait("the evaluation") { $0.text.split(separator: "\n").count { $0 == "waiting" } == round }
      session.send(Key.controlC)
      try session.waitForPrompt()
    }
    #expect(session.screen.text.split(separator: "\n").count { $0 == "stopped after interrupt" } == 5)
    #expect(!session.screen.text.contains("hard"))
  }

  @Test("SIGTERM and SIGHUP at the prompt restore the terminal, then end the program", arguments: [SIGTERM, SIGHUP])
  func ended(signal: Int32) throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("half an entry")
    try session.wait(for: "half an entry")
    #expect(session.mode != session.initialMode)
    session.signal(signal)
    #expect(try session.waitForEnd() == .signal(signal))
    #expect(session.mode == session.initialMode)
    #expect(!session.screen.privateModes.contains(2004))
    #expect(session.screen.cursor == (row: 1, column: 0))
  }

  @Test("SIGTERM and SIGHUP stop an evaluation as Ctrl-C does, then end the program", arguments: [SIGTERM, SIGHUP])
  func endedWhileEvaluating(signal: Int32) throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("wait" + Key.enter)
    try session.wait(for: "waiting")
    session.signal(signal)
    try session.wait(for: "got interrupt\nstopped after interrupt")
    #expect(try session.waitForEnd() == .signal(signal))
    #expect(session.mode == session.initialMode)
  }

  @Test("neither repeats nor the second of the two stop harder; Ctrl-C after them does")
  func endedTwice() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("wait-twice" + Key.enter)
    try session.wait(for: "waiting")
    session.signal(SIGHUP)
    try session.wait(for: "got interrupt")
    session.signal(SIGTERM)
    session.signal(SIGHUP)
    session.signal(SIGINT)
    try session.wait(for: "stopped after interrupt hard")
    let end = try session.waitForEnd()
    #expect(end == .signal(SIGHUP) || end == .signal(SIGTERM))
  }

  @Test("SIGTERM ends a shell whose entries come from a pipe; none follows")
  func endedOnPipe() throws {
    let session = try Session(input: .text("wait\nget\n"), outputIsPipe: true)
    try session.wait("the evaluation") { _ in session.output.contains("waiting") }
    session.signal(SIGTERM)
    #expect(try session.waitForEnd() == .signal(SIGTERM))
    #expect(session.output.hasSuffix("stopped after interrupt\n"))
  }

  @Test("a program that catches SIGTERM itself is told how the shell ended")
  func caught() throws {
    let session = try Session(environment: ["HARNESS_CATCHES_SIGTERM": "1"])
    try session.waitForPrompt()
    session.signal(SIGTERM)
    #expect(try session.waitForEnd() == .status(50 + SIGTERM))
    #expect(session.mode == session.initialMode)
  }

  @Test("a closed window ends the program")
  func hangUp() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.hangUp()
    let end = try session.waitForEnd()
    // Whichever is noticed first: the signal, or that there is nothing left to read.
    #expect(end == .signal(SIGHUP) || end == .status(60))
  }
}
