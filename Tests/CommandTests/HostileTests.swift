import Glibc
import Testing

/// Scripts made to bring lis down, through the real program: each ends by itself with a diagnostic and the exit code
/// that belongs to it, in bounded memory and time, and writes no more than people read.
@Suite("Hostile scripts")
struct HostileTests {
  @Test(arguments: HostileScript.all)
  func endsCleanly(_ script: HostileScript) throws {
    let home = try Home()
    if !script.setup.isEmpty { _ = try home.shell(script.setup) }
    home.script(script.makeText())
    // `timeout` interrupts as Ctrl-C does.
    var isInterrupted = false
    if case .interrupted = script.end { isInterrupted = true }
    let ended = try home.shell(
      "ulimit -v \(script.addresses); exec timeout --foreground -s INT \(isInterrupted ? 3 : 50) \"$LIS\" run script.lis </dev/null"
    )
    let told = "exit \(ended.status)\n\(ended.out.suffix(200))\n\(ended.err.prefix(600))"
    switch script.end {
    case .refused(let code):
      #expect(ended.status == 65 && ended.err.hasPrefix("error[\(code)]"), "\(told)")
      #expect(ended.out.isEmpty)
    case .fault(let code): #expect(ended.status == 1 && ended.err.hasPrefix("error[\(code)]"), "\(told)")
    case .runs(let beginning):
      #expect(ended.status == 0 && ended.lines.last?.hasPrefix(beginning) == true, "\(told)")
    // `timeout` says 124 when it had to interrupt.
    case .interrupted: #expect(ended.status == 124 && ended.err.contains("LIS0413"), "\(told)")
    }
    #expect(ended.err.utf8.count < 100_000 && ended.out.utf8.count < 100_000, "\(script.name)")
  }

  @Test func namesAreTold() {
    #expect(HostileScript.all.count >= 100)
    #expect(Set(HostileScript.all.map(\.name)).count == HostileScript.all.count)
  }
}
