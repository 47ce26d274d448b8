import Synchronization
import TestSupport
import Testing

@testable import HubSpot

/// Reading everything while others write: every record that was there all the time is seen exactly once.
@Suite("Completeness")
struct CompletenessTests {
  /// A portal in memory, which changes with every page that is asked for. It answers searches by id with the filter
  /// `hs_object_id GT`, 10,000 results reachable, and lists with the id of the next record as cursor.
  final class ChangingPortal: Transport {
    struct State {
      var ids: [Int]
      var next: Int
      var random: SeededGenerator
      /// There from the beginning and never deleted.
      var lasting: Set<Int>
      var requests = 0
      var farthest = 0
    }

    let state: Mutex<State>

    init(count: Int, seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      // Ids of unequal lengths, with gaps.
      var ids: [Int] = []
      var id = Int.random(in: 1...90, using: &random)
      for _ in 0..<count {
        ids.append(id)
        id += Int.random(in: 1...30, using: &random)
      }
      state = Mutex(State(ids: ids, next: id, random: random, lasting: Set(ids)))
    }

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
      let body = state.withLock { state in
        state.requests += 1
        let page = request.method == .post ? search(request, &state) : list(request, &state)
        change(&state)
        return page
      }
      return HTTPResponse(status: 200, headers: [], body: Array(body.utf8))
    }

    /// A few records begin to exist at either end and in the middle, and a few cease to.
    private func change(_ state: inout State) {
      for _ in 0..<Int.random(in: 0...20, using: &state.random) where !state.ids.isEmpty {
        let index = Int.random(in: state.ids.indices, using: &state.random)
        state.lasting.remove(state.ids[index])
        state.ids.remove(at: index)
      }
      for _ in 0..<Int.random(in: 0...20, using: &state.random) {
        state.ids.append(state.next)
        state.next += Int.random(in: 1...3, using: &state.random)
      }
      // It is not certain that new ids are larger.
      let middle = Int.random(in: 1...max(2, state.next), using: &state.random)
      if !state.ids.contains(middle) {
        state.ids.append(middle)
        state.ids.sort()
      }
    }

    private func search(_ request: HTTPRequest, _ state: inout State) -> String {
      let tree = request.body.flatMap { JSONValue(bytes: $0) }
      let filters = tree?["filterGroups"]?.elements.first?["filters"]?.elements ?? []
      let bound = filters.first { $0["operator"]?.asText == "GT" }?["value"]?.asText.flatMap { Int($0) } ?? 0
      let start = tree?["after"]?.asText.flatMap { Int($0) } ?? 0
      let matching = state.ids.filter { $0 > bound }
      let page = matching.dropFirst(start).prefix(200)
      state.farthest = max(state.farthest, start + page.count)
      let next = start + page.count < matching.count ? "\(start + page.count)" : nil
      return json(Array(page), total: min(matching.count, 10_000), next)
    }

    private func list(_ request: HTTPRequest, _ state: inout State) -> String {
      let cursor = request.url.firstRange(of: "after=").map { request.url[$0.upperBound...].prefix { $0.isNumber } }
      let start = cursor.flatMap { Int($0) } ?? 0
      let rest = state.ids.filter { $0 >= start }
      return json(Array(rest.prefix(100)), total: nil, rest.count > 100 ? "\(rest[100])" : nil)
    }

    private func json(_ ids: [Int], total: Int?, _ next: String?) -> String {
      let records = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
      let count = total.map { #""total":\#($0),"# } ?? ""
      let paging = next.map { #","paging":{"next":{"after":"\#($0)"}}"# } ?? ""
      return "{\(count)\"results\":[\(records)]\(paging)}"
    }
  }

  @Test("random portals of 0 to 60,000 records that change during the scan", arguments: [true, false])
  func changingPortals(_ searches: Bool) async throws {
    var random = SeededGenerator.announced()
    let sizes = [0, 1, 199, 200, 201, 60_000] + (0..<4).map { _ in Int.random(in: 0...12_000, using: &random) }
    for size in sizes {
      let portal = ChangingPortal(count: size, seed: random.next())
      let client = try makeClient(portal)
      let pages =
        searches
        ? client.pages(SearchRequest(type: .deals, properties: []))
        : client.pages(ListRequest(type: .deals, properties: []))
      var seen: [Int: Int] = [:]
      for try await page in pages { for record in page { seen[Int(record.id) ?? -1, default: 0] += 1 } }
      let lasting = portal.state.withLock { $0.lasting }
      #expect(lasting.allSatisfy { seen[$0] == 1 }, "of \(size), lasting \(lasting.count)")
      #expect(seen.values.allSatisfy { $0 == 1 })
      // No search ever reached beyond what HubSpot pages to.
      #expect(portal.state.withLock { $0.farthest } <= 10_000)
    }
  }
}
