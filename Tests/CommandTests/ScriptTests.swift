import Glibc
import TerminalSupport
import Testing

/// The shell scripts, with programs of the system replaced by ones that write down how they were called.
@Suite("scripts/lis, and what it takes from other scripts")
struct ScriptTests {
  private static let scripts: String =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/scripts"

  /// A checkout of two files, and a folder of replaced programs that comes first in PATH.
  private static func checkout(isInstalled: Bool = true) throws -> Home {
    let home = try Home()
    for name in ["lis", "packages", "release"] {
      _ = try home.shell("mkdir -p repo/scripts; cp \(scripts)/\(name) repo/scripts/")
    }
    home.folder.write("", to: "work/repo/Package.swift")
    home.folder.write("", to: "work/repo/Sources/lis/Main.swift")
    tool(
      "swift",
      """
      if [ "$1" = --version ]; then echo "Swift version 6.3 (swift-6.3-RELEASE)"; exit 0; fi
      echo "noise of the build"; echo "swift $*" >>"$CALLS"; mkdir -p "$3/.build/release"
      printf '#!/bin/sh\\nfor word in "$@"; do echo "[$word]"; done; cat\\n' >"$3/.build/release/lis"
      chmod +x "$3/.build/release/lis"
      """, home)
    tool("dpkg-query", isInstalled ? "echo installed" : "exit 1", home)
    tool("apt-get", "echo \"apt-get $*\" | tee -a \"$CALLS\"", home)
    home.variables["PATH"] = home.path + "/bin:/usr/bin:/bin"
    home.variables["CALLS"] = home.path + "/calls"
    // Would make `cd` print, and go elsewhere.
    home.variables["CDPATH"] = home.work
    return home
  }

  private static func tool(_ name: String, _ body: String, _ home: Home) {
    home.folder.write("#!/bin/sh\n\(body)\n", to: "bin/" + name)
    chmod(home.path + "/bin/" + name, 0o755)
  }

  @Test(
    "builds once, and again when a source changed; hands on arguments and input; nothing else is on standard output")
  func builds() throws {
    let home = try Self.checkout()
    let line = "printf 'in\\nput' | repo/scripts/lis 'a b' '' '*' --x"
    for _ in 1...2 {
      let ended = try home.shell(line)
      #expect(ended.status == 0, "\(ended.err)")
      #expect(ended.out == "[a b]\n[]\n[*]\n[--x]\nin\nput")
    }
    #expect(home.folder.text(of: "calls").split(separator: "\n").count == 1)
    // Through a link, and from elsewhere.
    #expect(try home.shell("ln -s \"$PWD/repo/scripts/lis\" link; cd /; \"$OLDPWD/link\" y </dev/null").out == "[y]\n")
    _ = try home.shell("touch -d '+1 hour' repo/Sources/lis/Main.swift")
    #expect(try home.shell("repo/scripts/lis z </dev/null").out == "[z]\n")
    #expect(home.folder.text(of: "calls").split(separator: "\n").count == 2)
    #expect(home.folder.names(in: home.work + "/repo/.build").sorted() == ["lis-release", "release"])
  }

  @Test("builds again when another build has left another program")
  func otherBuild() throws {
    let home = try Self.checkout()
    #expect(try home.shell("repo/scripts/lis x </dev/null").out == "[x]\n")
    home.folder.write("#!/bin/sh\necho another\n", to: "work/repo/.build/release/lis")
    #expect(try home.shell("repo/scripts/lis x </dev/null").out == "[x]\n")
    #expect(home.folder.text(of: "calls").split(separator: "\n").count == 2)
  }

  @Test("a build that fails ends the script, and the next run builds again")
  func failedBuild() throws {
    let home = try Self.checkout()
    let swift = home.folder.text(of: "bin/swift")
    Self.tool("swift", "if [ \"$1\" = --version ]; then echo 'Swift version 6.3'; exit 0; fi; exit 7", home)
    #expect(try home.shell("repo/scripts/lis x").status == 7)
    home.folder.write(swift, to: "bin/swift")
    #expect(try home.shell("repo/scripts/lis x </dev/null").out == "[x]\n")
  }

  @Test("no Swift, or one too old, is said plainly", arguments: ["5.10", "6.2.3", ""])
  func oldSwift(version: String) throws {
    let home = try Self.checkout()
    Self.tool("swift", "echo 'Swift version \(version)'", home)
    let ended = try home.shell("repo/scripts/lis x")
    #expect(ended.status == 1)
    #expect(ended.out.isEmpty)
    #expect(ended.err.contains("lis is built with Swift 6.3"))
  }

  @Test(
    "missing packages are installed as root and with sudo; otherwise the line to run is shown",
    arguments: ["root", "sudo", "nobody"])
  func packages(user: String) throws {
    let home = try Self.checkout(isInstalled: false)
    Self.tool("id", "echo \(user == "root" ? 0 : 1000)", home)
    Self.tool("sudo", user == "sudo" ? "shift; exec \"$@\"" : "exit 1", home)
    let ended = try home.shell("repo/scripts/lis x </dev/null")
    if user == "nobody" {
      #expect(ended.status == 1)
      #expect(ended.out.isEmpty)
      #expect(ended.err.contains("sudo apt-get update && sudo apt-get install -y --no-install-recommends libcurl4"))
      #expect(!home.folder.exists("calls"))
    } else {
      #expect(ended.status == 0, "\(ended.err)")
      #expect(ended.out == "[x]\n")
      #expect(
        home.folder.text(of: "calls").contains("apt-get install -y -q --no-install-recommends libcurl4-openssl-dev"))
    }
  }

  @Test(
    "each script is well formed",
    arguments: ["lis", "packages", "release", "bench", "test", "check-loop", "../.ci/run"])
  func syntax(name: String) throws {
    let home = try Home()
    let ended = try home.shell("bash -n \(Self.scripts)/\(name)")
    #expect(ended.status == 0)
    #expect(ended.err.isEmpty)
  }
}
