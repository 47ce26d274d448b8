import Glibc
import TerminalSupport
import Testing

@Suite("lis fmt")
struct FormatTests {
  private static let loose = "let  a=1 # one\nprint( a )\n"
  private static let formatted = "let a = 1  # one\nprint(a)\n"

  @Test("files are rewritten in place and keep their permissions; a link still leads to its file")
  func inPlace() throws {
    let home = try Home()
    home.script(Self.loose, as: "a.lis")
    home.script(Self.formatted, as: "b.lis")
    let before = try home.shell("chmod 750 a.lis; ln -s a.lis link.lis; stat -c '%i %Y' b.lis")
    let ended = try home.lis("fmt", "link.lis", "b.lis")
    #expect(ended.status == 0 && ended.out.isEmpty && ended.err.isEmpty, "\(ended.err)")
    #expect(home.folder.text(of: "work/a.lis") == Self.formatted)
    #expect(try home.shell("stat -c %a a.lis; readlink link.lis").out == "750\na.lis\n")
    // What is formatted is not touched.
    #expect(try home.shell("stat -c '%i %Y' b.lis").out == before.out)
    #expect(home.folder.names(in: home.work).filter { $0.contains("partial") }.isEmpty)
  }

  @Test("--check names what would change, writes nothing and ends with 1")
  func check() throws {
    let home = try Home()
    home.script(Self.loose, as: "a.lis")
    home.script(Self.formatted, as: "b.lis")
    let ended = try home.lis("fmt", "--check", "a.lis", "b.lis")
    #expect(ended.status == 1 && ended.out == "a.lis\n" && ended.err.isEmpty)
    #expect(home.folder.text(of: "work/a.lis") == Self.loose)
    #expect(try home.lis("fmt", "--check", "b.lis").status == 0)
    #expect(try home.lis("fmt", "--check", "-", input: .text(Self.loose)).out == "-\n")
  }

  @Test("- formats standard input to standard output")
  func standardInput() throws {
    let ended = try Home().lis("fmt", "-", input: .text(Self.loose))
    #expect(ended.status == 0 && ended.out == Self.formatted && ended.err.isEmpty)
  }

  @Test("a file with syntax errors stays as it is, and the others are formatted all the same")
  func errors() throws {
    let home = try Home()
    home.script("let a = (\n", as: "a.lis")
    home.script(Self.loose, as: "b.lis")
    let ended = try home.lis("fmt", "a.lis", "b.lis")
    #expect(ended.status == 65 && ended.out.isEmpty && ended.err.contains("a.lis:1:"), "\(ended.err)")
    #expect(home.folder.text(of: "work/a.lis") == "let a = (\n")
    #expect(home.folder.text(of: "work/b.lis") == Self.formatted)
  }

  @Test("what cannot be formatted is said, and nothing is left behind")
  func refusals() throws {
    let home = try Home()
    #expect(try home.lis("fmt").status == 64)
    #expect(try home.lis("fmt", "missing.lis").status == 64)
    let device = try home.lis("fmt", "/dev/null")
    #expect(device.status == 0, "\(device.err)")
    let pipe = try home.shell("mkfifo pipe.lis; (echo 'let  a=1' > pipe.lis &); \"$LIS\" fmt pipe.lis")
    #expect(pipe.status == 64 && pipe.err.contains("no plain file"), "\(pipe.err)")
  }
}
