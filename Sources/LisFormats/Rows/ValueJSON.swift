import LisCore

/// Values as JSON: numbers with all their digits, dates and durations as text, null as null.
public struct ValueJSON {
  private let machine: Machine
  static let depthLimit = 64

  public init(machine: Machine) { self.machine = machine }

  /// Refuses what JSON text could not hold whole: a value nested deeper than `depthLimit`, or one in which shared parts
  /// unfold into more than the largest list.
  public func check(_ value: Value) throws(FaultKind) {
    var left = machine.limits.items
    try check(value, 0, &left)
  }

  private func check(_ value: Value, _ depth: Int, _ left: inout Int) throws(FaultKind) {
    left -= 1
    if left < 0 { throw .tooLarge(what: "value written as JSON", limit: machine.limits.items) }
    if machine.stop.isStopped { throw .interrupted }
    guard value.type == .list || value.type == .record else { return }
    if depth == ValueJSON.depthLimit { throw .tooLarge(what: "nesting written as JSON", limit: ValueJSON.depthLimit) }
    if value.type == .list {
      for index in 0..<(value.itemCount ?? 0) { try check(value.item(index) ?? .null, depth + 1, &left) }
    } else {
      for field in machine.fields(value) { try check(field.value, depth + 1, &left) }
    }
  }

  /// The value must have passed `check`.
  public func append(_ value: Value, to bytes: inout [UInt8]) { append(value, 0, to: &bytes) }

  private func append(_ value: Value, _ depth: Int, to bytes: inout [UInt8]) {
    switch value.type {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool: bytes.append(contentsOf: (value.bool == true ? "true" : "false").utf8)
    case .number: value.decimal?.appendUTF8(to: &bytes)
    case .list where depth < ValueJSON.depthLimit:
      bytes.append(UInt8(ascii: "["))
      for index in 0..<(value.itemCount ?? 0) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(value.item(index) ?? .null, depth + 1, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .record where depth < ValueJSON.depthLimit:
      bytes.append(UInt8(ascii: "{"))
      for (index, field) in machine.fields(value).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONText.append(field.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(field.value, depth + 1, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    default: JSONText.append(machine.text(of: value), to: &bytes)
    }
  }
}
