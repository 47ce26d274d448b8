import LisEngine
import LisRuntime

/// Reads schemas through a session, so that errors read as they do in a run.
struct SchemaPull {
  let objects: [String]
  let access: PortalAccess

  func run(_ options: Session.Options, _ console: StandardConsole) -> RunOutcome {
    let session = Session(
      console: console, options: options,
      identity: RunIdentity(id: "schema", script: "schema pull", sourceHash: "", arguments: []),
      connect: access.connect)
    let outcome = session.pullSchemas(objects)
    access.close()
    return outcome
  }
}
