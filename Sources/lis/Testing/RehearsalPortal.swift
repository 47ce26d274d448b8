import HubSpot
import LisEngine
import LisRuntime
import LisSchema
import PracticePortal

/// A practice portal in memory for the tests of one file, talked to over HTTP as any other. It belongs to one thread.
final class RehearsalPortal: TestPortal {
  private var server: PracticePortalServer?
  private var client: HubSpotClient?
  private let schema: PortalSchema?

  /// - Parameter schema: properties that it has beside the standard ones.
  init(schema: PortalSchema?) { self.schema = schema }

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
      try adopt(server)
      return server
    } catch let error as PortalError {
      throw SessionProblem.cannotStart("the portal for tests cannot start: \(error.message)")
    }
  }

  private func adopt(_ server: PracticePortalServer) throws {
    for object in (schema?.objects.values.map { $0 } ?? []) {
      let properties = object.properties.values.map { property in
        DefinedProperty(
          name: property.name, type: property.type.rawValue, options: property.options.map(\.value),
          isMultiple: property.isMultiple, isUnique: property.hasUniqueValue)
      }
      try staged { try Blocking.wait { try await server.define(properties, of: object.object) } }
    }
  }

  func isDescribed(_ object: String) -> Bool { schema?.objects[object] != nil }

  func define(_ property: GivenProperty) throws {
    let server = try started()
    try staged {
      try Blocking.wait {
        try await server.define([DefinedProperty(name: property.name, type: property.type)], of: property.object)
      }
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
