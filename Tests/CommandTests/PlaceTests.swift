import Glibc
import TerminalSupport
import Testing

@Suite("Scripts, files and folders")
struct PlaceTests {
  @Test(
    "a script from a file, from -, from a pipe and from -e",
    arguments: ["print(1 + 1)", "print(1 +\n 1)\n", "\n\nprint(2)"])
  func sources(code: String) throws {
    let home = try Home()
    home.script(code)
    #expect(try home.lis("script.lis").out == "2\n")
    #expect(try home.lis("run", home.work + "/script.lis").out == "2\n")
    #expect(try home.lis("-", input: .text(code)).out == "2\n")
    #expect(try home.lis(input: .text(code)).out == "2\n")
    #expect(try home.lis("--quiet", input: .text(code)).out == "2\n")
    #expect(try home.lis("-e", code).out == "2\n")
    #expect(try home.shell("\"$LIS\" - < script.lis").out == "2\n")
  }

  @Test("a script can be a program of its own")
  func shebang() throws {
    let home = try Home()
    let lis = Products.path(of: "lis")
    home.script("#!\(lis)\nparam n: number\nprint(n + 1)\n", as: "add")
    chmod(home.work + "/add", 0o755)
    let ended = try home.shell("./add --n 41")
    #expect(ended.out == "42\n", "\(ended.err)")
  }

  @Test("an empty script does nothing", arguments: ["", "\n", "# only a comment", "#!/usr/bin/env lis\n"])
  func empty(code: String) throws {
    let home = try Home()
    home.script(code)
    let ended = try home.lis("script.lis")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(ended.out.isEmpty && ended.err.isEmpty)
  }

  @Test("scripts that cannot be read")
  func unreadable() throws {
    let home = try Home()
    home.folder.write(Array("print(1)\nprint(\"".utf8) + [0xff, 0xfe] + Array("\")\n".utf8), to: "work/latin.lis")
    let latin = try home.lis("latin.lis")
    #expect(latin.status == 64)
    #expect(latin.err == "lis: `latin.lis` is not valid UTF-8 (line 2); save it as UTF-8; nothing was sent\n")
    let missing = try home.lis("missing.lis")
    #expect(missing.status == 64)
    #expect(missing.err.contains("`missing.lis` cannot be read: No such file or directory; nothing was sent"))
    #expect(try home.lis("run", home.work).err.contains("Is a directory"))
    home.script("print(1)", as: "closed.lis")
    chmod(home.work + "/closed.lis", 0)
    // For root no file is closed.
    if getuid() != 0 { #expect(try home.lis("closed.lis").err.contains("Permission denied")) }
    #expect(try home.lis("a\u{1b}[31m.lis").err.contains("\u{1b}") == false)
  }

  @Test("csv and save are relative to the script's folder, then to the working folder")
  func files() throws {
    let home = try Home()
    home.folder.write("id,n\n1,one\n", to: "work/scripts/near.csv")
    home.folder.write("id,n\n2,two\n", to: "work/far.csv")
    home.script("csv(\"near.csv\") | save \"out.csv\"\ncsv(\"far.csv\")", as: "scripts/copy.lis")
    let ended = try home.lis("scripts/copy.lis")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(ended.out == "{\"id\":\"2\",\"n\":\"two\"}\n")
    #expect(home.folder.text(of: "work/scripts/out.csv").contains("one"))
    home.folder.write("id\n1\n", to: "outside.csv")
    #expect(try home.lis("-e", "csv(\"../outside.csv\")").status == 1)
    #expect(try home.lis("-e", "csv(\"/etc/passwd\")").status == 1)
    let forbidden = try home.lis("scripts/copy.lis", "--no-files")
    #expect(forbidden.status == 1)
    #expect(forbidden.err.contains("--no-files"))
  }

  @Test("a working folder that is gone allows no file")
  func lostFolder() throws {
    let home = try Home()
    let ended = try home.shell(
      "mkdir gone && cd gone && rmdir ../gone && \"$LIS\" -e 'csv(\"/etc/passwd\")'; echo $?")
    #expect(ended.out == "1\n")
  }

  @Test("the folder for state is closed to others, whatever the umask", arguments: ["000", "077", "777"])
  func stateFolder(umask: String) throws {
    let home = try Home()
    home.variables["LIS_HOME"] = home.path + "/new/deep/home"
    let server = try Server(home, "--data", ":memory:", "--seed", "empty")
    server.serve(home)
    let ended = try home.shell("umask \(umask); \"$LIS\" -e 'find all'")
    #expect(ended.status == 0, "\(ended.err)")
    for name in ["new", "new/deep", "new/deep/home"] { #expect(home.folder.permissions(of: name) == 0o700) }
  }

  @Test("LIS_HOME, else the XDG folders, else the user's")
  func folders() throws {
    let cases: [([String: String], String)] = [
      (["LIS_HOME": "/h"], "h/journal.sqlite"), (["LIS_HOME": "", "XDG_STATE_HOME": "/x"], "x/lis/journal.sqlite"),
      (["LIS_HOME": "", "XDG_STATE_HOME": ""], "user/.local/state/lis/journal.sqlite"),
      (["LIS_HOME": "/h", "XDG_STATE_HOME": "/x"], "h/journal.sqlite"),
    ]
    let server = try Server(try Home(), "--data", ":memory:", "--seed", "empty")
    for (variables, file) in cases {
      let home = try Home()
      server.serve(home)
      for (name, value) in variables { home.variables[name] = value.isEmpty ? "" : home.path + value }
      #expect(try home.lis("-e", "find all").status == 0)
      #expect(home.folder.exists(file), "\(variables)")
    }
    // A relative XDG path is to be ignored.
    let home = try Home()
    server.serve(home)
    home.variables["LIS_HOME"] = ""
    home.variables["XDG_STATE_HOME"] = "here"
    #expect(try home.lis("-e", "find all").status == 0)
    #expect(!home.folder.exists("work/here"))
    #expect(home.folder.exists("user/.local/state/lis/journal.sqlite"))
  }

  @Test("a folder for state that cannot be made", arguments: ["/proc/nowhere", "FILE", "FILE/below"])
  func impossible(place: String) throws {
    let home = try Home()
    home.folder.write("a file", to: "file")
    home.variables["LIS_HOME"] = place.split(separator: "FILE", omittingEmptySubsequences: false).joined(
      separator: home.path + "/file")
    let ended = try home.lis("--portal", "practice", "-e", "find all")
    #expect(ended.status == 1)
    #expect(ended.err.contains("cannot be used"))
    #expect(ended.err.contains("nothing was sent"))
    #expect(ended.err.contains("LIS_HOME"))
    // What needs no state does not ask for it.
    #expect(try home.lis("-e", "print(1)").out == "1\n")
  }

  @Test("LIS_PORTAL names the portal; --portal wins")
  func portal() throws {
    let home = try Home(.small)
    home.variables["LIS_PORTAL"] = "practice"
    #expect(try home.lis("-e", "print(count(find all))").out == "400\n")
    #expect(try home.lis("--portal", "default", "-e", "find all").status == 6)
    home.variables["LIS_PORTAL"] = "nowhere"
    let ended = try home.lis("-e", "print(1)")
    #expect(ended.status == 64)
    #expect(ended.err.contains("no portal named `nowhere`"))
  }
}
