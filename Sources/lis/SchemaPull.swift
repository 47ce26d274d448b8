import LisRuntime
import PracticePortal

/// Reads schemas through a session, so that errors read as they do in a run.
struct SchemaPull {
  let objects: [String]
  let cache: SchemaCache
  let portal: String

  func run(_ options: Session.Options, _ console: StandardConsole) -> RunOutcome {
    var server: PracticePortalServer?
    let source = ConnectionSource(portal: portal, home: .environment)
    let session = Session(
      console: console, options: options,
      identity: .init(id: "schema", script: "schema pull", sourceHash: "", arguments: [])
    ) {
      let (made, started) = try source.connect()
      server = started
      return made
    }
    let outcome = session.pullSchemas(objects)
    if let server { try? Blocking.wait { try await server.stop() } }
    return outcome
  }
}
