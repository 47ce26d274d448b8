import FoundationEssentials
import GRDB
import Glibc
import HubSpot
import LisEngine
import Synchronization
import Testing

@Suite("Quotas shared by processes")
struct SharedQuotasTests {
  private func withFile(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/lis-quotas-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder + "/quotas.sqlite")
  }

  @Test("what one learns the other knows, and accounts are kept apart")
  func sharing() async throws {
    try await withFile { path in
      let one = try SharedQuotas(path: path, account: "a", isRemote: true)
      let two = try SharedQuotas(path: path, account: "a", isRemote: true)
      let other = try SharedQuotas(path: path, account: "b", isRemote: true)
      one.update { $0.daily = DailyQuota(limit: 250_000, remaining: 7, seenAt: 1) }
      #expect(two.update { $0 }.daily?.remaining == 7)
      #expect(other.update { $0 }.daily == nil)
      #expect(abs((one.now() - two.now()) / .seconds(1)) < 5)
      var status = stat()
      #expect(stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
    }
  }

  @Test("changes by many at once are all there")
  func contention() async throws {
    try await withFile { path in
      let stores = try (0..<4).map { _ in try SharedQuotas(path: path, account: "a", isRemote: true) }
      stores[0].update { $0.daily = DailyQuota(limit: 1_000, remaining: 0, seenAt: 0) }
      await withTaskGroup { group in
        for store in stores {
          group.addTask { for _ in 0..<50 { store.update { $0.daily?.remaining += 1 } } }
        }
      }
      #expect(stores[0].update { $0 }.daily?.remaining == 200)
    }
  }

  @Test("a file that cannot be used any more is told of once, and the process goes on alone")
  func unusable() async throws {
    try await withFile { path in
      let said = Mutex<[String]>([])
      let store = try SharedQuotas(path: path, account: "a", isRemote: true) { text in said.withLock { $0.append(text) }
      }
      store.update { $0.daily = DailyQuota(limit: 9, remaining: 5, seenAt: 1) }
      try DatabaseQueue(path: path).write { try $0.execute(sql: "DROP TABLE quota") }
      for _ in 0..<3 { store.update { $0.daily?.remaining -= 1 } }
      #expect(store.update { $0 }.daily?.remaining == 2)
      #expect(said.withLock { $0.count } == 1)
    }
  }

  @Test("bytes that are no state begin anew")
  func foreignBytes() async throws {
    try await withFile { path in
      let store = try SharedQuotas(path: path, account: "a", isRemote: true)
      store.update { $0.daily = DailyQuota(limit: 9, remaining: 5, seenAt: 1) }
      try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE quota SET state = x'010203'") }
      #expect(store.update { $0 } == QuotaState(isRemote: true))
    }
  }
}
