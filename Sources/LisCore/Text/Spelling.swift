/// Values as text: what `print` and interpolation show.
extension Machine {
  /// A text stands for itself; null reads `null`; lists and records read as they would be written, nested at most
  /// `Machine.shownDepth` levels and `limits.textBytes` long.
  public func text(of value: Value) -> String {
    if let string = value.string { return string }
    var output = ""
    write(value, quoted: false, depth: 0, to: &output)
    return output
  }

  /// As `text(of:)`, but texts stand in quotes, as they are written in a program.
  public func written(_ value: Value) -> String {
    var output = ""
    write(value, quoted: true, depth: 0, to: &output)
    return output
  }

  static let shownDepth = 64

  private func write(_ value: Value, quoted: Bool, depth: Int, to output: inout String) {
    if depth > Machine.shownDepth {
      output += "…"
      return
    }
    // Only parts of lists and records are ever left out: what is sent to a portal is neither, and must be whole even when
    // the run is told to end meanwhile. Texts weigh by their bytes, which are escaped one by one.
    guard depth == 0 || goesOn(after: 16 + value.textCount) else { return }
    switch value.type {
    case .null: output += "null"
    case .bool: output += value.bits == Tag.true ? "true" : "false"
    case .number: output += value.decimal.map { "\($0)" } ?? ""
    case .string: output += quoted ? Machine.quoted(value.string ?? "") : value.string ?? ""
    case .date: output += value.civilDate.map { "\($0)" } ?? ""
    case .datetime: output += value.instant.map { "\($0)" } ?? ""
    case .duration: output += value.duration.map { "\($0)" } ?? ""
    case .range:
      if let range = value.range {
        write(range.lower, quoted: true, depth: depth + 1, to: &output)
        output += ".."
        write(range.upper, quoted: true, depth: depth + 1, to: &output)
      }
    case .list: writeList(value, depth, &output)
    case .record: writeRecord(value, depth, &output)
    case .invalid: output += value.invalid?.text.string ?? ""
    case .function: output += "<fn \(functionName(value))>"
    case .stream: output += "<\(streamTitle(value))>"
    }
  }

  private func writeList(_ value: Value, _ depth: Int, _ output: inout String) {
    output += "["
    for index in 0..<(value.itemCount ?? 0) {
      if index > 0 { output += ", " }
      if isLongEnough(&output) { break }
      write(value.item(index) ?? .null, quoted: true, depth: depth + 1, to: &output)
      if isAbandoned { return }
    }
    output += "]"
  }

  private func writeRecord(_ value: Value, _ depth: Int, _ output: inout String) {
    output += "{"
    for (index, field) in fields(value).enumerated() {
      output += index > 0 ? ", " : " "
      if isLongEnough(&output) { break }
      output += Machine.isPlainName(field.name) ? field.name : Machine.quoted(field.name)
      output += ": "
      write(field.value, quoted: true, depth: depth + 1, to: &output)
      if isAbandoned { return }
    }
    output += value.header.pointee.extra == 0 ? "}" : " }"
  }

  /// Whether what is still to come of a list or record is left out.
  private func isLongEnough(_ output: inout String) -> Bool {
    guard output.utf8.count > limits.textBytes else { return false }
    output += "…"
    return true
  }

  private func functionName(_ value: Value) -> String {
    functions[Int(value.function.pointee.code.pointee.id)].name
  }

  private func streamTitle(_ value: Value) -> String {
    guard value.isCell(.stream) else { return (heap.object(value) as? any RowSource)?.title ?? "stream" }
    let source = value.cell.assumingMemoryBound(to: StreamCell.self).pointee.source
    return (heap.object(source) as? any RowSource)?.title ?? "stream"
  }

  static func isPlainName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first == 95 || (first | 32 >= 97 && first | 32 <= 122) else { return false }
    return name.utf8.allSatisfy { $0 == 95 || ($0 >= 48 && $0 <= 57) || ($0 | 32 >= 97 && $0 | 32 <= 122) }
  }

  /// With the escapes that the language reads back.
  static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\t": output += "\\t"
      case "\r": output += "\\r"
      case "$": output += "\\$"
      default:
        if scalar.value < 32 || scalar.value == 127 {
          output += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output + "\""
  }
}
