import FoundationEssentials
import LisCore
@testable import LisRuntime
import LisSyntax
import Testing

/// A stream holds a page of rows at a time, however many there are.
@Suite struct StreamMemoryTests {
  private static let rows = 300_000

  private struct Measured: Sendable {
    var outcome: RunOutcome
    var output: String
    var notes: String
    var collections: Int
    var largest: Int
    var shapes: Int
  }

  private func measured(_ program: String, _ folder: String) async throws -> Measured {
    try await onThread {
      let console = CapturedConsole()
      var options = TrialOptions()
      options.folder = folder
      options.workingFolder = folder
      let session = makeSession(console, options) { throw UnexpectedConnection() }
      let outcome = session.run(SourceText(name: "test.lis", text: program))
      return Measured(
        outcome: outcome, output: String(decoding: console.bytes, as: UTF8.self),
        notes: console.notes.joined(separator: "\n"), collections: session.machine.collections,
        largest: session.machine.largestLiveBytes, shapes: session.machine.shapeCount)
    }
  }

  @Test func rowsOfFilesPassThrough() async throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var csv = "id,sku,price,quantity\n"
    for row in 0..<StreamMemoryTests.rows { csv += "\(row),SKU-\(row % 1000)-LONG,\(row % 500).25,\(row % 7)\n" }
    try csv.write(toFile: folder + "/items.csv", atomically: true, encoding: .utf8)
    let programs = [
      """
      csv("items.csv") | where .quantity != "3"
        | map r => { id: r.id, sku: r.sku, total: number(r.price) * number(r.quantity) } | save "out.ndjson"
      print("saved")
      """,
      """
      print(count(ndjson("out.ndjson")), sum(ndjson("out.ndjson"), .total), max(ndjson("out.ndjson"), .total))
      print(min(ndjson("out.ndjson") | where .total > 10 | select .total, name: .sku | skip 5, .total))
      """,
    ]
    let kept = (0..<StreamMemoryTests.rows).filter { $0 % 7 != 3 }
    let sum = kept.reduce(0) { $0 + ($1 % 500 * 100 + 25) * ($1 % 7) }
    let expected = ["saved\n", "\(kept.count) \(sum / 100).\(sum % 100 < 10 ? "0" : "")\(sum % 100) 2995.50\n"]
    for (program, output) in zip(programs, expected) {
      let result = try await measured(program, folder)
      #expect(result.outcome == .done, "\(result.notes)")
      #expect(result.output.hasPrefix(output), "\(result.output)")
      #expect(result.collections >= 1)
      // A page of rows is some hundred kilobytes; all of them would be thirty megabytes and more.
      #expect(result.largest < 3 << 20, "\(result.largest) bytes after \(result.collections) collections")
      #expect(result.shapes < 100)
    }
  }
}
