import LisCompiler
import LisCore
import LisFormats

/// Values in texts, and what a value is.
extension BuiltinTable {
  mutating func addJSON() {
    native(
      "parse_json", group: "text", [BuiltinParameter("text", type: .string)], result: .unknown,
      summary: "The value that a text of JSON holds; a fault when it holds none.",
      examples: [.init("parse_json('{\"a\": [1, 2.50]}').a", "[1, 2.50]")]
    ) { machine, arguments in
      if arguments[0].type == .null { return .null }
      guard let text = arguments[0].string else { throw badArgument("parse_json", "text", "a text", arguments[0]) }
      let bytes = Array(text.utf8)
      do throws(JSONFault) { return try JSONReader(machine: machine).read(bytes) } catch {
        let place = TextPlace(bytes[...], offset: error.offset)
        throw FaultKind.raised(
          message: "the text is not JSON: \(error.reason.words), at line \(place.line), column \(place.column)")
      }
    }
    native(
      "json_text", group: "text", [BuiltinParameter("value", .shown)], result: .string,
      summary: "A value as JSON on one line; dates and durations become texts.",
      examples: [.init("json_text({ a: [1, null], d: @2026-01-31 })", "{\"a\":[1,null],\"d\":\"2026-01-31\"}")]
    ) { machine, arguments in
      var bytes: [UInt8] = []
      ValueJSON(machine: machine).append(arguments[0], to: &bytes)
      if bytes.count > machine.limits.textBytes {
        throw FaultKind.tooLarge(what: "string", limit: machine.limits.textBytes)
      }
      return machine.makeText(bytes)
    }
    native(
      "type_of", group: "control", [BuiltinParameter("value")], result: .string,
      summary:
        "The name of a value's type, such as `number`, `string` or `date`. What lis makes to be looked at, a report, a plan or a caught error, is a `record`.",
      examples: [.init("type_of(1.50)", "number"), .init("type_of(null)", "null"), .init("type_of(1d)", "duration")]
    ) { machine, arguments in machine.makeText(arguments[0].type.rawValue) }
  }
}
