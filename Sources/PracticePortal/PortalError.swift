/// What can stop a practice portal from starting, being seeded or being reset.
///
/// Requests never throw this: a wrong request is answered over HTTP with the error envelope.
public enum PortalError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The host is not a loopback address; the server speaks plain HTTP and must not be reachable from outside.
  case hostNotLoopback(host: String)
  /// The port number is outside 0...65535.
  case portOutOfRange(port: Int)
  /// Another program listens on the port already.
  case portTaken(host: String, port: Int)
  /// The server could not bind for another reason.
  case cannotListen(host: String, port: Int, reason: String)
  /// The data directory cannot be created, read or written.
  case dataDirectoryUnusable(directory: String, reason: String)
  /// Another practice portal holds the lock of the data directory.
  case dataDirectoryInUse(directory: String)
  /// The store was written by a newer version of the program.
  case storeTooNew(directory: String, found: Int, supported: Int)
  /// The store answered with an error of its own (a full disk, a damaged file).
  case storeFailed(location: String, reason: String)
  /// A seed of a negative or very large number of line items was asked for.
  case seedOutOfRange(count: Int, limit: Int)
  /// Seeding was asked for on a store that already holds records.
  case storeNotEmpty(directory: String)

  /// What happened, where, and what to do next.
  public var message: String {
    switch self {
    case .hostNotLoopback(let host):
      "The practice portal cannot listen on \(host): it has no TLS and only serves loopback addresses. "
        + "Use 127.0.0.1 or ::1."
    case .portOutOfRange(let port):
      "\(port) is not a port number. Use 0 for any free port, or a number up to 65535."
    case .portTaken(let host, let port):
      "Port \(port) on \(host) is already taken. Choose another port, or 0 for any free one."
    case .cannotListen(let host, let port, let reason):
      "The practice portal cannot listen on \(host) port \(port): \(reason)."
    case .dataDirectoryUnusable(let directory, let reason):
      "The data directory \(directory) cannot be used: \(reason). Nothing was written. "
        + "Choose a directory that you may write to."
    case .dataDirectoryInUse(let directory):
      "Another practice portal is using the data directory \(directory). Stop it first, or choose another directory."
    case .storeTooNew(let directory, let found, let supported):
      "The store in \(directory) has format \(found) and this program knows formats up to \(supported). "
        + "Nothing was changed. Use the newer program, or reset the directory."
    case .storeFailed(let location, let reason):
      "The practice portal's store \(location) failed: \(reason)."
    case .seedOutOfRange(let count, let limit):
      "A seed of \(count) line items is not possible. Use a number from 0 to \(limit)."
    case .storeNotEmpty(let directory):
      "The store in \(directory) already holds records, and seeding would mix two data sets. Reset it first."
    }
  }

  public var description: String { message }
}
