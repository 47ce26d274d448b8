import FoundationEssentials
import Synchronization

/// One request as the practice portal saw it.
public struct RequestLogEntry: Sendable, Equatable {
  /// When the request arrived: ISO 8601, UTC.
  public var time: String
  /// When its head arrived, in epoch microseconds of the portal's clock.
  public var arrival: Int64
  public var method: String
  /// The path with its query, as sent; tokens in paths of OAuth are left out.
  public var path: String
  /// What it is about, such as `batch-update` (`RequestKind`).
  public var kind: String
  /// 0 when no answer was begun.
  public var status: Int
  /// From arrival to answer, in milliseconds with three decimals; includes the latency option.
  public var milliseconds: Double
  /// The number of inputs of a batch; `nil` for every other request.
  public var inputs: Int?
  /// The words of the faults that struck it.
  public var faults: [String]

  /// The entry as one line of NDJSON, without the line break.
  var line: [UInt8] {
    JSONWriter.object(reserving: 250) { object in
      object.member("time", time)
      object.member("arrival", JSON.number(String(arrival)))
      object.member("method", method)
      object.member("path", path)
      object.member("kind", kind)
      object.member("status", status)
      object.member("milliseconds", JSON.number("\(milliseconds)"))
      if let inputs { object.member("inputs", inputs) }
      if !faults.isEmpty { object.member("faults", faults) }
    }
  }

  init(
    time: String, arrival: Int64, method: String, path: String, kind: String, status: Int, milliseconds: Double,
    inputs: Int?, faults: [String]
  ) {
    self.time = time
    self.arrival = arrival
    self.method = method
    self.path = path
    self.kind = kind
    self.status = status
    self.milliseconds = milliseconds
    self.inputs = inputs
    self.faults = faults
  }

  /// `nil` for a line that is not an entry, such as one that was cut short by a crash.
  init?(line: some Sequence<UInt8>) {
    guard let json = try? JSONParser.parse(Array(line)), let time = json["time"]?.text,
      let method = json["method"]?.text, let path = json["path"]?.text, let status = json["status"]?.integer,
      case .number(let milliseconds)? = json["milliseconds"]
    else { return nil }
    self.init(
      time: time, arrival: json["arrival"]?.integer.map(Int64.init) ?? 0, method: method, path: path,
      kind: json["kind"]?.text ?? RequestKind.other.rawValue, status: status, milliseconds: Double(milliseconds) ?? 0,
      inputs: json["inputs"]?.integer, faults: json["faults"]?.items?.compactMap(\.text) ?? [])
  }
}

/// Every request, in the order of the answers: appended to `requests.ndjson` in the data directory, or kept in memory.
final class RequestLog: Sendable {
  static let fileName = "requests.ndjson"
  /// In memory only the newest are kept.
  static let memoryLimit = 200_000

  private enum Sink {
    case memory([RequestLogEntry])
    case file(AppendingFile)
  }

  private let sink: Mutex<Sink>
  private let path: String?

  /// - Throws: `PortalError.dataDirectoryUnusable` when the log file cannot be written.
  init(_ location: DataLocation) throws(PortalError) {
    switch location {
    case .memory:
      path = nil
      sink = Mutex(.memory([]))
    case .directory(let directory):
      let path = directory + "/" + Self.fileName
      self.path = path
      sink = Mutex(.file(try AppendingFile.appending(to: path, in: directory)))
    }
  }

  func append(_ entry: RequestLogEntry) {
    sink.withLock { sink in
      switch sink {
      case .memory(var entries):
        // Emptied first, so that the array is not copied.
        sink = .memory([])
        entries.append(entry)
        if entries.count > Self.memoryLimit { entries.removeFirst(Self.memoryLimit / 10) }
        sink = .memory(entries)
      case .file(let file):
        file.write(entry.line + [UInt8(ascii: "\n")])
      }
    }
  }

  /// - Throws: `PortalError.dataDirectoryUnusable` when the log file cannot be read.
  func entries() throws(PortalError) -> [RequestLogEntry] {
    if let entries = sink.withLock({ sink -> [RequestLogEntry]? in
      if case .memory(let entries) = sink { entries } else { nil }
    }) {
      return entries
    }
    guard let path, let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw .dataDirectoryUnusable(directory: path ?? "", reason: "the request log cannot be read")
    }
    return data.split(separator: UInt8(ascii: "\n")).compactMap { RequestLogEntry(line: $0) }
  }
}
