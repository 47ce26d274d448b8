import Glibc
import LisEngine
import LisFormats
import LisRuntime

/// Reads schemas through a session, so that errors read as they do in a run.
struct SchemaPull {
  let objects: [String]
  let access: PortalAccess
  /// File that the schemas are written to as well.
  let out: String?

  func run(_ options: Session.Options, _ console: StandardConsole) -> RunOutcome {
    let session = Session(
      console: console, options: options,
      identity: RunIdentity(id: "schema", script: "schema pull", sourceHash: "", arguments: []),
      clock: access.traffic.clock, connect: access.connect)
    let outcome = session.pullSchemas(objects)
    access.close()
    guard outcome == .done, let out else { return outcome }
    return write(SchemaFile.text(session.schemas(objects)), to: out, console)
  }

  private func write(_ bytes: [UInt8], to path: String, _ console: StandardConsole) -> RunOutcome {
    guard let file = fopen(path, "w") else { return failed(path, console) }
    let count = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && count == bytes.count ? .done : failed(path, console)
  }

  private func failed(_ path: String, _ console: StandardConsole) -> RunOutcome {
    console.note("lis: `\(path.escapedForDisplay)` cannot be written: \(String(cString: strerror(errno)))")
    return .fault
  }
}
