import LisCore

/// Values as JSON: numbers with all their digits, dates and durations as text, null as null.
public struct ValueJSON {
  private let machine: Machine
  static let depthLimit = 64

  public init(machine: Machine) { self.machine = machine }

  /// A value whose text would be larger than a text may be, or which is nested too deep, ends the run: see
  /// `Machine.abandon`.
  public func append(_ value: Value, to bytes: inout [UInt8]) {
    append(value, 0, to: &bytes, limit: bytes.count + machine.limits.textBytes)
  }

  private func append(_ value: Value, _ depth: Int, to bytes: inout [UInt8], limit: Int) {
    guard machine.mayGoOn(after: 16) else { return }
    if bytes.count > limit {
      machine.abandon(.tooLarge(what: "value written as JSON", limit: machine.limits.textBytes))
      return
    }
    switch value.type {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool: bytes.append(contentsOf: (value.bool == true ? "true" : "false").utf8)
    case .number: value.decimal?.appendUTF8(to: &bytes)
    case .list where depth < ValueJSON.depthLimit:
      bytes.append(UInt8(ascii: "["))
      for index in 0..<(value.itemCount ?? 0) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(value.item(index) ?? .null, depth + 1, to: &bytes, limit: limit)
        if machine.isAbandoned { return }
      }
      bytes.append(UInt8(ascii: "]"))
    case .record where depth < ValueJSON.depthLimit:
      bytes.append(UInt8(ascii: "{"))
      for (index, field) in machine.fields(value).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONText.append(field.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(field.value, depth + 1, to: &bytes, limit: limit)
        if machine.isAbandoned { return }
      }
      bytes.append(UInt8(ascii: "}"))
    // JSON with parts missing would look like the whole.
    case .list, .record: machine.abandon(.tooLarge(what: "nesting written as JSON", limit: ValueJSON.depthLimit))
    default: JSONText.append(machine.text(of: value), to: &bytes)
    }
  }
}
