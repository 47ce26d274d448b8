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

  @Test("texts that are no UTF-8 are refused, and not mended")
  func brokenText() {
    for bytes: [UInt8] in [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x61, 0x80]] {
      #expect(JSONValue(bytes: [0x22] + bytes + [0x22]) == nil)
      #expect(JSONValue(bytes: [0x22, 0x5C, 0x6E] + bytes + [0x22]) == nil)
      #expect(JSONValue(bytes: Array("{\"".utf8) + bytes + Array("\":1}".utf8)) == nil)
    }
  }

  /// Names are compared with those that came before, and every way of being almost the same has to be told apart.
  @Test("names that are nearly the expected ones")
  func names() throws {
    let records = [
      #"{"id":1,"name":2,"names":3}"#, #"{"id":1,"name":2,"names":3}"#, #"{"id":1,"names":3,"name":2}"#,
      #"{"i":1,"nam":2,"name":3,"na\u006de":4,"na\"me":5,"name\\":6,"":7}"#,
      #"{"name":{"name":{"id":1}},"id":{"id":2}}"#,
      #"{"":1,"id":2}"#, #"{"id":1}"#, #"{"nämé":1,"n":2}"#, #"{"nämé":1,"nämê":2}"#,
      #"{"id" :1 , "name":2,"names" :3}"#,
    ]
    let together = try #require(read("[" + records.joined(separator: ",") + "]"))
    #expect(together.elements == records.map { read($0) })
    #expect(together.elements[3]["name"] == .number("4"))
    #expect(together.elements[3]["na\"me"] == .number("5"))
    #expect(together.elements[4]["name"]?["name"]?["id"] == .number("1"))
  }

  @Test("more names than are remembered")
  func manyNames() throws {
    let members = (0..<10_000).map { "\"name \($0)\":\($0)" }.joined(separator: ",")
    let tree = try #require(read("[{\(members)},{\(members)}]"))
    #expect(tree.elements.map(\.members.count) == [10_000, 10_000])
    #expect(tree.elements[1]["name 9999"] == .number("9999"))
  }
}
