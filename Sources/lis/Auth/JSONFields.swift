import LisFormats

/// One JSON object of a command's answer, its members in the order in which they are added.
struct JSONFields {
  indirect enum Value {
    case null
    case bool(Bool)
    case number(Int64)
    case text(String)
    case list([Value])
    case object(JSONFields)
  }

  private var members: [(name: String, value: Value)] = []

  mutating func add(_ name: String, _ value: Value) { members.append((name, value)) }
  mutating func add(_ name: String, _ text: String?) { add(name, text.map { .text($0) } ?? .null) }
  mutating func add(_ name: String, _ flag: Bool) { add(name, .bool(flag)) }
  mutating func add(_ name: String, _ texts: [String]?) {
    add(name, texts.map { .list($0.map { .text($0) }) } ?? .null)
  }

  /// One line.
  var line: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  private func append(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.append(member.name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      JSONFields.append(member.value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func append(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes += Array("null".utf8)
    case .bool(let flag): bytes += Array("\(flag)".utf8)
    case .number(let number): bytes += Array("\(number)".utf8)
    case .text(let text): JSONText.append(text, to: &bytes)
    case .object(let fields): fields.append(to: &bytes)
    case .list(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    }
  }
}

/// How the commands about sign-ins answer.
enum AnswerFormat: String, CaseIterable {
  case text, json
}
