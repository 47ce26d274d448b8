import HubSpot
import LisEngine
import LisRuntime
import PracticePortal

/// A practice portal in memory for the tests of one file, talked to over HTTP as any other. It belongs to one thread.
final class RehearsalPortal: TestPortal {
  private var server: PracticePortalServer?
  private var client: HubSpotClient?

  func connect() throws -> PortalConnection {
    let server = try started()
    let client =
      try client
      ?? HubSpotClient(
        ClientConfiguration(baseURL: try BaseURL(server.url), token: try BearerToken(RehearsalPortal.token)))
    self.client = client
    return PortalConnection(name: "test", client: client, journal: try SQLiteJournal(path: ":memory:"))
  }

  private static let token = "test-" + String(UInt64.random(in: .min ... .max), radix: 36)

  private func started() throws -> PracticePortalServer {
    if let server { return server }
    do {
      let server = try Blocking.wait {
        try await PracticePortalServer.start(PortalConfiguration(token: RehearsalPortal.token))
      }
      self.server = server
      return server
    } catch let error as PortalError {
      throw SessionProblem.cannotStart("the portal for tests cannot start: \(error.message)")
    }
  }

  func define(_ property: GivenProperty) throws {
    let server = try started()
    try staged {
      try Blocking.wait { try await server.define(property.name, type: property.type, of: property.object) }
    }
  }

  func fill(_ records: [TestRecord]) throws {
    let server = try started()
    let staged = records.map {
      StagedRecord(object: $0.object, id: $0.id, properties: $0.properties, links: $0.links)
    }
    try self.staged { try Blocking.wait { try await server.stage(staged) } }
  }

  func clear() throws {
    let server = try started()
    try Blocking.wait { try await server.clear() }
  }

  private func staged(_ body: () throws -> Void) throws {
    do { try body() } catch let problem as StagingProblem { throw TestPortalRefusal(reason: problem.message) }
  }

  func close() {
    guard let server else { return }
    self.server = nil
    try? Blocking.wait { try await server.stop() }
  }
}
