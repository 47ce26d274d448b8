import Glibc

/// Reads JSON values that stand on lines of their own (NDJSON) as the bytes arrive. A value ends with its line; lines of
/// white space are passed over.
public struct JSONLines {
  /// A line that is not JSON.
  public struct Problem: Error, Sendable {
    public var line: Int
    /// The line without its end.
    public var text: [UInt8]
    /// With the offset from the start of the line.
    public var fault: JSONFault
  }

  private let machine: Machine
  private let source: Int
  /// What has arrived and is not read yet: the beginning of a line.
  private var rest: [UInt8] = []
  /// Bytes of `rest` in which no line end was found.
  private var searched = 0
  /// Lines read so far.
  public private(set) var line = 0

  /// - Parameter source: what the rows remember to have come from; see `Machine.registerSource`.
  public init(machine: Machine, source: Int) {
    self.machine = machine
    self.source = source
  }

  /// Bytes of the line that has not ended yet.
  public var openBytes: Int { rest.count }

  /// The values of the lines that end in `chunk`; of the last line too when `chunk` is nil, the end of the text.
  public mutating func read(_ chunk: [UInt8]?) throws(Problem) -> Value {
    if let chunk { rest.append(contentsOf: chunk) }
    let rows = machine.heap.list(capacity: 64)
    let (used, problem) = readLines(into: rows, isLast: chunk == nil)
    if let problem { throw problem }
    rest.removeSubrange(..<used)
    searched = rest.count
    return rows
  }

  private mutating func readLines(into rows: Value, isLast: Bool) -> (used: Int, problem: Problem?) {
    var number = line
    let already = searched
    defer { line = number }
    return rest.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, buffer.count > 0 else { return (0, nil) }
      var scanner = JSONScanner(start: base, count: 0, machine: machine, depthLimit: JSONReader.usualDepthLimit)
      defer { scanner.release() }
      var start = 0
      var search = already
      while start < buffer.count {
        let found = memchr(base + search, 10, buffer.count - search)
        guard found != nil || isLast else { break }
        let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? buffer.count
        number += 1
        let stop = end > start && base[end - 1] == 13 ? end - 1 : end
        if stop > start, !JSONLines.isBlank(base + start, stop - start) {
          guard let row = scanner.whole(base + start, base + stop) else {
            let offset = (scanner.failedAt ?? scanner.p) - (base + start)
            let fault = JSONFault(reason: scanner.reason ?? .expectedValue, offset: offset)
            let text = Array(UnsafeBufferPointer(start: base + start, count: stop - start))
            return (start, Problem(line: number, text: text, fault: fault))
          }
          machine.heap.push(rows.list, machine.withOrigin(row, source: source, line: number))
        }
        start = min(end + 1, buffer.count)
        search = start
      }
      return (start, nil)
    }
  }

  private static func isBlank(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    // Nearly every line begins with a bracket.
    start.pointee <= 32
      && UnsafeBufferPointer(start: start, count: count).allSatisfy { $0 == 32 || $0 == 9 || $0 == 13 }
  }
}
