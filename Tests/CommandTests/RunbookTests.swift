import Glibc
import TerminalSupport
import Testing

/// The README's first command, on the practice portal's demo data.
@Suite("The first runbook")
struct RunbookTests {
  private static let script: String = {
    var root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/scripts/reprice.lis"
  }()

  @Test("without --apply and without a terminal nothing is written; with it all is; run again, nothing is left to do")
  func practice() throws {
    let home = try Home(.demo)
    let refused = try home.lis("run", Self.script, "--portal", "practice")
    #expect(refused.status == 9)
    #expect(refused.out.isEmpty)
    #expect(refused.err.contains("plan  update 4,060 line_items in 41 batches · portal practice"))
    #expect(refused.err.contains("changes were not approved"))
    #expect(refused.err.contains("nothing was sent"))
    #expect(refused.err.contains("--apply"))
    #expect(home.writes.isEmpty)

    let before = home.requests.count
    let applied = try home.lis("run", Self.script, "--portal", "practice", "--apply")
    #expect(applied.status == 0, "\(applied.err)")
    #expect(applied.out.isEmpty)
    #expect(applied.err.contains("      price  "))
    #expect(applied.err.contains(" → 139.00   ("))
    #expect(applied.err.contains("done  4,060 planned, all applied"))
    #expect(applied.err.contains("104 requests (1 schema, 21 search, 41 read, 41 write)"))
    let requests = home.requests.dropFirst(before)
    #expect(requests.count { $0 == "GET /crm/properties/2026-09/line_items" } == 1)
    #expect(requests.count { $0 == "POST /crm/objects/2026-09/line_items/search" } == 21)
    #expect(requests.count { $0 == "POST /crm/objects/2026-09/line_items/batch/read" } == 41)
    #expect(requests.count { $0 == "POST /crm/objects/2026-09/line_items/batch/update" } == 41)
    #expect(requests.count == 104)

    let written = home.writes.count
    let again = try home.lis("run", Self.script, "--portal", "practice", "--apply")
    #expect(again.status == 0)
    #expect(again.err.contains("plan  nothing to change: 4,060 records are as wanted"))
    #expect(again.err.contains("4,060 planned, nothing to change"))
    #expect(home.writes.count == written)
  }

  @Test("the same over a portal in a process of its own, whose data is still there after a restart")
  func served() throws {
    let home = try Home(.demo)
    let first = try Server(home, "--data", home.path + "/home/practice", "--token", "secret-token")
    first.serve(home)
    let applied = try home.lis("run", Self.script, "--apply")
    #expect(applied.status == 0, "\(applied.err)")
    #expect(applied.err.contains("4,060 planned, all applied"))
    #expect(applied.err.contains("104 requests (1 schema, 21 search, 41 read, 41 write)"))
    let ended = try first.stop(SIGINT)
    #expect(ended.status == 0)
    #expect(ended.out.hasPrefix("practice portal listening on \(first.url)\ncontrol token "))

    let second = try Server(home, "--data", home.path + "/home/practice", "--token", "secret-token")
    second.serve(home)
    let again = try home.lis("run", Self.script, "--apply")
    #expect(again.status == 0)
    #expect(again.err.contains("4,060 planned, nothing to change"))
    #expect(try second.stop().status == 0)
  }

  @Test("25,000 records are read whole, each id once and ascending")
  func everything() throws {
    let home = try Home(.demo)
    let read = try home.lis("--portal", "practice", "-e", "find all | select .id")
    #expect(read.status == 0)
    #expect(Self.ids(read).count == 25_000)
    #expect(Self.isAscending(Self.ids(read)))
    #expect(!home.requests.contains { $0.hasSuffix("/search") })
  }

  @Test("so are more matches of a pushed condition than one search gives out, and two runs are the same byte for byte")
  func beyondTheSearchLimit() throws {
    let home = try Home(.demo)
    let code = "find where .price > 300 | select .id, .price"
    let refused = try home.lis("--portal", "practice", "-e", code)
    #expect(refused.status == 1 && refused.out.isEmpty)
    let read = try home.lis("--portal", "practice", "--read-limit", "off", "-e", code)
    #expect(read.status == 0)
    let ids = Self.ids(read)
    #expect(ids.count > 10_000 && ids.count < 25_000)
    #expect(Self.isAscending(ids))
    #expect(home.requests.contains { $0.hasSuffix("/search") })
    #expect(try home.lis("--portal", "practice", "--read-limit", "off", "-e", code).out == read.out)
  }

  private static func ids(_ ended: Command.Ended) -> [Int] {
    ended.lines.compactMap { line in
      line.hasPrefix("{\"id\":\"") ? Int(line.dropFirst(7).prefix { $0 != "\"" }) : nil
    }
  }

  /// Strictly, so that none comes twice.
  private static func isAscending(_ ids: [Int]) -> Bool { zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 } }
}
