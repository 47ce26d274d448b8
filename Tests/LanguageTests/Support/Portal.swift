import FoundationEssentials
import HubSpot
import LisEngine
import LisRuntime
import PracticePortal

/// A practice portal in memory, talked to over HTTP as any other portal.
struct Portal: Sendable {
  let server: PracticePortalServer
  let client: HubSpotClient

  static func start(_ seed: Seed = .empty) async throws -> Portal {
    let server = try await PracticePortalServer.start(PortalConfiguration(seed: seed, token: "practice-token"))
    let client = HubSpotClient(
      ClientConfiguration(baseURL: try BaseURL(server.url), token: try BearerToken("practice-token")))
    return Portal(server: server, client: client)
  }

  /// Makes records; ids in the order of the inputs.
  @discardableResult
  func create(_ records: [[String: String]], of type: String = "line_items") async throws -> [String] {
    var ids: [String] = []
    for start in stride(from: 0, to: records.count, by: 100) {
      let chunk = records[start..<min(start + 100, records.count)].enumerated().map { index, record in
        ObjectInput(
          properties: record.sorted { $0.key < $1.key }.map { PropertyAssignment($0.key, $0.value) },
          traceID: "seed-\(start + index)")
      }
      let result = try await client.batchCreate(try ObjectType(type), Array(chunk))
      for outcome in result.outcomes {
        guard case .succeeded(let object) = outcome else { throw SeedFailure(reason: "\(outcome)") }
        ids.append(object.id)
      }
    }
    return ids
  }

  /// A connection for one session, with a journal of its own.
  func connector() throws -> @Sendable () throws -> PortalConnection {
    let folder = try freshFolder()
    let address = server.url
    return {
      let client = HubSpotClient(
        ClientConfiguration(baseURL: try BaseURL(address), token: try BearerToken("practice-token")))
      return PortalConnection(
        name: "test", client: client, journal: try SQLiteJournal(path: folder + "/journal.sqlite"),
        // Whether keys are read again depends on time, and requests are counted.
        clock: FixedClock())
    }
  }

  func run(_ text: String, name: String = "test.lis", _ options: TrialOptions = TrialOptions()) async throws -> Trial {
    let connect = try connector()
    return try await onThread { runHere(text, name: name, options, connect: connect) }
  }

  /// Requests since a mark, as `POST /crm/…` without the version.
  func requests(since mark: Int = 0) async throws -> [String] {
    try await server.requestLog().dropFirst(mark).map { entry in
      let path = entry.path.split(separator: "?")[0]
      return
        "\(entry.method) \(path.split(separator: "/").drop { $0 == "crm" || $0 == "objects" || $0.first?.isNumber == true || $0 == "v3" || $0 == "v4" }.joined(separator: "/"))"
        + (entry.inputs.map { " x\($0)" } ?? "")
    }
  }

  func mark() async throws -> Int { try await server.requestLog().count }
}

struct SeedFailure: Error { var reason: String }
