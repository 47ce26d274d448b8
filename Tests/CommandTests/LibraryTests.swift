import TerminalSupport
import Testing

/// The standard library as a user of the command meets it: inside the program, or in the folder of LIS_STDLIB.
@Suite("standard library")
struct LibraryTests {
  private static let folder: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/") + "/stdlib"
  }()

  @Test("the library's own tests pass with the modules inside the program") func ownTests() throws {
    let ended = try Home().lis("test", Self.folder)
    #expect(ended.status == 0, "\(ended.out)\(ended.err)")
    #expect(ended.lines.last?.hasSuffix(" passed, 0 failed") == true)
    #expect(ended.lines.count { $0.hasPrefix("  ok") } >= 45)
  }

  @Test("the library is in the one layout and passes the check") func formatted() throws {
    let home = try Home()
    let files = try home.shell("ls \"$0\"/*.lis", [Self.folder]).lines
    #expect(files.count >= 14)
    let layout = try home.start(["fmt", "--check"] + files).waitForEnd()
    #expect(layout.status == 0, "\(layout.out)\(layout.err)")
    let check = try home.start(["check"] + files).waitForEnd()
    #expect(check.status == 0, "\(check.err)")
  }

  @Test("use finds a module without any file") func use() throws {
    let ended = try Home().lis("-e", "use money\nprint(money.split_evenly(10, 3))")
    #expect(ended.status == 0, "\(ended.err)")
    let quoted = try Home().lis("-e", "use \"dates\"")
    #expect(quoted.status == 65 && quoted.err.contains("written without quotes: `use dates`"), "\(quoted.err)")
    #expect(ended.out == "[3.34, 3.33, 3.33]\n")
  }

  @Test("LIS_STDLIB stands in the place of the library") func override() throws {
    let home = try Home()
    home.folder.makeFolder("work/own")
    home.script("fn twice(x) = x * 2\n", as: "own/extra.lis")
    home.variables["LIS_STDLIB"] = home.work + "/own"
    #expect(try home.lis("-e", "use extra\nprint(extra.twice(4))").out == "8\n")
    let missing = try home.lis("-e", "use money\nprint(1)")
    #expect(missing.status == 65)
    #expect(missing.err.contains("extra"), "\(missing.err)")
  }

  @Test("a folder that is no library is refused", arguments: [("nowhere", "No such file"), (".", "holds no modules")])
  func refused(_ name: String, _ reason: String) throws {
    let home = try Home()
    home.variables["LIS_STDLIB"] = home.work + "/" + name
    let ended = try home.lis("-e", "print(1)")
    #expect(ended.status == 64)
    #expect(ended.out.isEmpty)
    #expect(ended.err.contains("LIS_STDLIB names the folder") && ended.err.contains(reason), "\(ended.err)")
  }

  @Test("a question stops a run where nobody can answer, and --apply answers it") func confirm() throws {
    let home = try Home()
    let program = "if confirm(\"Go on?\") { print(\"yes\") } else { print(\"no\") }"
    let stopped = try home.lis("-e", program)
    #expect(stopped.status == 9)
    #expect(stopped.err.contains("\"Go on?\"") && stopped.err.contains("--apply"), "\(stopped.err)")
    #expect(try home.lis("-e", program, "--apply").out == "yes\n")
  }
}
