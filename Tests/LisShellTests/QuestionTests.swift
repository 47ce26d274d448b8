import Glibc
import TerminalSupport
import Testing

@Suite("Questions")
struct QuestionTests {
  @Test(
    "answers in mid-evaluation",
    arguments: [
      ("yes\r", #"answer text("yes")"#), ("nö\u{7f}o\r", #"answer text("no")"#), ("\r", #"answer text("")"#),
      (Key.controlC, "answer interrupted"), ("ye" + Key.controlC, "answer interrupted"), (Key.controlD, "answer end"),
    ])
  func answers(keys: String, answer: String) throws {
    let session = try Session()
    try session.waitForPrompt()
    try session.enter("set 7", expecting: "kept")
    session.send("ask" + Key.enter)
    try session.wait(for: "Send 3 changes?")
    session.send(keys)
    try session.wait(for: "\n" + answer)
    try session.waitForPrompt()
    try session.enter("get", expecting: "stored 7")
  }

  @Test("a Ctrl-C at a question is its answer; the next one interrupts for the first time")
  func interruptedThenWaiting() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("ask-then-wait" + Key.enter)
    try session.wait(for: "Send 3 changes?")
    session.send(Key.controlC)
    try session.wait(for: "answer interrupted\nwaiting")
    session.send(Key.controlC)
    try session.wait(for: "stopped after interrupt")
    try session.waitForPrompt()
    #expect(!session.screen.text.contains("hard"))
  }

  @Test("what was typed before the question is no answer")
  func typedAhead() throws {
    let session = try Session()
    try session.waitForPrompt()
    session.send("wait-then-ask" + Key.enter)
    try session.wait(for: "waiting")
    session.send("yes\r")
    try session.wait(for: "waiting\nyes")
    session.signal(SIGINT)
    try session.wait(for: "Send 3 changes?")
    session.send("no\r")
    try session.wait(for: #"answer text("no")"#)
  }

  @Test("an answer is not remembered as an entry")
  func notInHistory() throws {
    let folder = try TemporaryFolder()
    let session = try Session([folder.path + "/history"])
    try session.waitForPrompt()
    session.send("ask" + Key.enter)
    try session.wait(for: "Send 3 changes?")
    session.send("certainly\r")
    try session.wait(for: #"answer text("certainly")"#)
    try session.waitForPrompt()
    #expect(folder.text(of: "history") == "ask\n")
  }

  @Test("outside a shell", arguments: [("yes\r", #"answer text("yes")"#), (Key.controlC, "answer interrupted")])
  func outside(keys: String, answer: String) throws {
    let session = try Session(["--ask", "Send? "])
    try session.wait(for: "Send?")
    session.send(keys)
    try session.wait(for: answer)
    #expect(try session.waitForEnd() == .status(0))
    #expect(session.mode == session.initialMode)
  }

  @Test("nobody is asked when the input is no terminal")
  func pipe() throws {
    let session = try Session(["--ask", "Send? "], input: .text("yes\n"))
    try session.wait(for: "answer end")
    #expect(!session.screen.text.contains("Send"))
  }
}
