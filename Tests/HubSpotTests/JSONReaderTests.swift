import Testing

@testable import HubSpot

@Suite("Reading JSON of unknown shape")
struct JSONReaderTests {
  private func read(_ text: String) -> JSONValue? { JSONValue(bytes: Array(text.utf8)) }

  @Test(
    "documents",
    arguments: [
      ("null", JSONValue.null), (" true ", .boolean(true)), ("false", .boolean(false)), ("-1.5e3", .number("-1.5e3")),
      ("123456789012345678901234567890", .number("123456789012345678901234567890")), (#""""#, .text("")),
      (#""é\n\t\"\\\/\u00e9""#, .text("é\n\t\"\\/é")), (#""\ud83d\ude00""#, .text("😀")),
      (#""\ud83dx""#, .text("\u{FFFD}x")), (#""\ude00""#, .text("\u{FFFD}")), (#""\ud83d\u0041""#, .text("\u{FFFD}A")),
      ("[]", .array([])), ("[ 1 , [ ] ]", .array([.number("1"), .array([])])), ("{}", .object([:])),
      (#"{ "a" : { "b" : [ null ] } }"#, .object(["a": .object(["b": .array([.null])])])),
      (#"{"a":1,"a":2}"#, .object(["a": .number("2")])),
    ])
  func documents(_ text: String, _ value: JSONValue) {
    #expect(read(text) == value)
  }

  @Test(
    "no documents",
    arguments: [
      "", " ", "nul", "tru", "+", "-", ".", "e", "'a'", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"",
      "\"\\u+123\"",
      "\"\n\"", "[", "]", "[1", "[1,", "[1,]", "[,]", "[1 2]", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}",
      "{a:1}",
      "{1:2}", "1 2", "{} x", "<html>",
    ])
  func noDocuments(_ text: String) {
    #expect(read(text) == nil)
  }

  @Test("nesting has a limit")
  func depth() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(read(nested(64)) != nil)
    #expect(read(nested(65)) == nil)
    #expect(read(String(repeating: "{\"a\":", count: 1_000_000)) == nil)
  }
}
