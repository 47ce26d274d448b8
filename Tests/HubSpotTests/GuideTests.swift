import FoundationEssentials
import HubSpot
import PracticePortal
import Synchronization
import Testing

/// The examples of the library's guide, each as it stands there, run on the practice portal.
@Suite("The guide's examples", .timeLimit(.minutes(1)))
struct GuideTests {
  @Test("they run, one after the other")
  func examples() async throws {
    let server = try await PracticePortalServer.start(PortalConfiguration())
    do {
      let printed = try await run(BaseURL(server.url), ["HUBSPOT_TOKEN": "pat-na1-test"])
      #expect(printed.first?.hasPrefix("connected with account ") == true)
      #expect(printed.count { $0.hasSuffix(" costs 99.00") } == 30)
      #expect(printed.contains { $0.hasPrefix("there is no such line item; HubSpot calls this request ") })
      #expect(printed.last?.contains("hubspot_requests_total") == true, "\(printed.last ?? "")")
    } catch {
      try await server.stop()
      throw error
    }
    try await server.stop()
  }

  private func run(_ address: BaseURL, _ environment: [String: String]) async throws -> [String] {
    let lines = Lines()
    @Sendable func print(_ line: String) { lines.append(line) }

    // guide
    let token = try BearerToken(environment["HUBSPOT_TOKEN"] ?? "")
    let client = HubSpotClient(ClientConfiguration(baseURL: address, token: token))
    let account = try await client.account()
    print("connected with account \(account.portalID)")
    // end

    let made = (0..<30).map { ObjectInput(values: ["name": "Seat \($0)", "price": "\(101 + $0)", "quantity": "1"]) }
    _ = try await client.batchCreate(.lineItems, made)

    // guide
    let dear = SearchRequest(
      type: .lineItems, filterGroups: [FilterGroup([Filter("price", .greaterThan("100"))])],
      properties: ["name", "price", "quantity"])
    var found: [CRMObject] = []
    for try await page in client.pages(dear) { found += page }
    // end

    // guide
    let changes = found.map { ObjectInput(id: $0.id, values: ["price": "99.00"]) }
    let result = try await client.batchUpdate(.lineItems, changes)
    for (input, outcome) in zip(changes, result.outcomes) {
      switch outcome {
      case .succeeded(let record): print("\(record.id) costs \(record.text("price"))")
      case .failed(let failure): print("\(input.id ?? "") was refused: \(failure.message)")
      case .unaccounted: print("\(input.id ?? "") may have been changed: read it again")
      }
    }
    // end

    // guide
    do {
      _ = try await client.get(GetRequest(type: .lineItems, id: "0", properties: []))
    } catch {
      guard case .api(let failure) = error, failure.isNotFound else { throw error }
      print("there is no such line item; HubSpot calls this request \(failure.correlationID ?? "nothing")")
    }
    // end

    // guide
    let metrics = RequestMetrics()
    var watched = ClientConfiguration(baseURL: address, token: token)
    watched.observers = [metrics, ExchangeLog(date: { "now" }, write: { print($0) })]
    _ = try await HubSpotClient(watched).account()
    print(metrics.text(prefix: "hubspot"))
    // end
    return lines.all
  }

  @Test("the guide shows what is run here, and nothing else")
  func sameText() throws {
    let tests = URL(filePath: #filePath)
    let root = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let guide = try String(contentsOf: root.appending(path: "Sources/HubSpot/HubSpot.docc/HubSpot.md"), encoding: .utf8)
    let shown = blocks(of: guide, from: "```swift", to: "```", indent: 0)
    let run = blocks(
      of: try String(contentsOf: tests, encoding: .utf8), from: "    // guide", to: "    // end", indent: 4)
    #expect(shown.count == 5 && shown == run)
  }

  private func blocks(of text: String, from first: String, to last: String, indent: Int) -> [String] {
    var blocks: [String] = []
    var open: [String]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == first {
        open = []
      } else if line == last {
        if let open { blocks.append(open.joined(separator: "\n")) }
        open = nil
      } else {
        open?.append(String(line.dropFirst(indent)))
      }
    }
    return blocks
  }
}

private final class Lines: Sendable {
  private let lines = Mutex<[String]>([])

  func append(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}
