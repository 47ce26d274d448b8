import Glibc
import TerminalSupport
import Testing

@testable import LisShell

@Suite("History")
struct HistoryTests {
  @Test("entries come back in the next session, those of several lines whole")
  func twoSessions() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/state/history"
    let first = try Session([path])
    try first.waitForPrompt()
    try first.enter("one", expecting: "=> [one]")
    first.send("two {" + Key.enter)
    try first.wait("an indented line") { $0.cursor.column == 2 }
    try first.enter("\\n }", expecting: #"=> [two {/  \n }]"#)
    first.send(Key.controlD)
    #expect(try first.waitForEnd() == .status(0))
    #expect(folder.permissions(of: "state/history") == 0o600)
    #expect(folder.permissions(of: "state") == 0o700)
    #expect(folder.names(in: folder.path + "/state") == ["history"])

    let second = try Session([path])
    try second.waitForPrompt()
    second.send(Key.up)
    try second.wait("the entry of two lines") { $0.text == "lis practice> two {\n  \\n }" }
    second.send(Key.up + Key.up)
    try second.wait("the first entry") { $0.text == "lis practice> one" }
    second.send(Key.down)
    try second.wait("the second entry") { $0.text.hasPrefix("lis practice> two {") }
    try second.enter("", expecting: #"=> [two {/  \n }]"#)
  }

  @Test("the text being typed comes back at the near end")
  func draft() throws {
    let session = try Session()
    try session.waitForPrompt()
    try session.enter("one", expecting: "=> [one]")
    session.send("dra")
    try session.wait("the draft") { $0.cursorLine == "lis practice> dra" }
    session.send(Key.up)
    try session.wait("the entry") { $0.cursorLine == "lis practice> one" }
    session.send(Key.down)
    try session.wait("the draft again") { $0.cursorLine == "lis practice> dra" }
    try session.enter("ft", expecting: "=> [draft]")
  }

  @Test("Ctrl-R finds the entries that contain what was typed, one after the other")
  func search() throws {
    let session = try Session()
    try session.waitForPrompt()
    try session.enter("update a", expecting: "=> [update a]")
    try session.enter("update b", expecting: "=> [update b]")
    try session.enter("other", expecting: "=> [other]")
    session.send("date" + Key.controlR)
    try session.wait("the nearest") { $0.cursorLine == "lis practice> update b" }
    session.send(Key.controlR)
    try session.wait("the one before") { $0.cursorLine == "lis practice> update a" }
  }

  @Test("what looks like a token, and what the host calls a secret, is remembered nowhere")
  func secrets() throws {
    let folder = try TemporaryFolder()
    let session = try Session([folder.path + "/history"])
    try session.waitForPrompt()
    try session.enter("fine", expecting: "=> [fine]")
    try session.enter("x pat-na1-1234-5678", expecting: "=> [x pat-na1-1234-5678]")
    try session.enter("say Bearer abcdefgh", expecting: "=> [say Bearer abcdefgh]")
    try session.enter("hush now", expecting: "=> [hush now]")
    session.send(Key.up)
    try session.wait("the entry before the secrets") { $0.cursorLine == "lis practice> fine" }
    #expect(folder.text(of: "history") == "fine\n")
  }

  @Test("two sessions add to one file, repetitions are kept once, and permissions are made narrow")
  func shared() throws {
    let folder = try TemporaryFolder()
    folder.write("old\n", to: "history")
    chmod(folder.path + "/history", 0o644)
    let first = try Session([folder.path + "/history"])
    let second = try Session([folder.path + "/history"])
    try first.waitForPrompt()
    try second.waitForPrompt()
    try first.enter("from the first", expecting: "=> [from the first]")
    try second.enter("from the second", expecting: "=> [from the second]")
    try first.enter("again", expecting: "=> [again]")
    first.send("again" + Key.enter)
    try first.wait("the repetition") { $0.text.count { $0 == ">" } == 7 }
    #expect(folder.text(of: "history") == "old\nfrom the first\nfrom the second\nagain\n")
    #expect(folder.permissions(of: "history") == 0o600)
  }

  @Test("a link to the file stays a link")
  func link() throws {
    let folder = try TemporaryFolder()
    folder.write("old\n", to: "real")
    symlink(folder.path + "/real", folder.path + "/history")
    try HistoryFile(path: folder.path + "/history").write(["new"])
    #expect(folder.text(of: "real") == "new\n")
    var status = stat()
    #expect(lstat(folder.path + "/history", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test("a history that cannot be read is complained of once; the shell goes on")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let session = try Session([folder.path])
    try session.wait(for: "could not be read")
    try session.waitForPrompt()
    try session.enter("x", expecting: "=> [x]")
    #expect(session.screen.text.split(separator: "\n").count { $0.hasPrefix("lis: ") } == 1)
  }

  @Test("the file holds the last ten thousand entries")
  func limit() throws {
    let folder = try TemporaryFolder()
    let file = HistoryFile(path: folder.path + "/history")
    try file.write((1...10_005).map { "entry \($0)" })
    let entries = try file.read()
    #expect(entries.count == 10_000)
    #expect(entries.first == "entry 6")
    #expect(entries.last == "entry 10005")
    var history = History(path: file.path) { _ in false }
    try history.load()
    history.add("one more")
    try history.save()
    #expect(try file.read().count == 10_000)
    #expect(try file.read().last == "one more")
    #expect(history.entries.count == 10_000)
  }

  @Test("entries survive being written as lines", arguments: ["a", "a\nb", #"\n"#, "\\", "a\\\n\\\\n", "漢\t字", "\n"])
  func encoding(entry: String) {
    let line = HistoryFile.encoded(entry)
    #expect(!line.contains("\n"))
    #expect(HistoryFile.decoded(line) == entry)
  }

  @Test(
    "tokens are recognised",
    arguments: [
      ("pat-na1-0f8b", true), ("x=\"pat-eu1-0f8b2c\"", true), ("Authorization: Bearer abc.def", true),
      ("BEARER abcd", true), ("PAT-NA1-0000", true), ("pat-", false), ("pat-1", false), ("a compat-mode1", false),
      ("Bearer", false), ("the bearer of", false), ("forbearer abcdef", false), ("pattern", false), ("", false),
    ])
  func tokens(text: String, isSecret: Bool) {
    #expect(SecretText.isFound(in: text) == isSecret)
  }
}
