import LisCore
import TestSupport
import Testing

@testable import LisFormats

/// An array divided into its elements, which must agree with the reader of the whole in what it takes and where it stops.
@Suite struct JSONElementsTests {
  enum Outcome: Equatable {
    case elements([String], lines: [Int])
    case fault(JSONFileFault)
  }

  static func reading(
    _ bytes: [UInt8], chunks sizes: [Int] = [], limit: Int = 1 << 20, machine: Machine = Machine()
  ) throws -> Outcome {
    var rest = bytes[...]
    var nextSize = 0
    var elements = JSONElements(limit: limit) {
      if rest.isEmpty { return nil }
      let size = sizes.isEmpty ? rest.count : sizes[nextSize % sizes.count]
      nextSize += 1
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
    var texts: [String] = []
    var lines: [Int] = []
    do {
      while let element = try elements.next() {
        do throws(JSONFault) { texts.append(machine.written(try JSONReader(machine: machine).read(element))) } catch {
          throw elements.fault(error)
        }
        lines.append(elements.elementLine)
      }
    } catch let fault as JSONFileFault {
      return .fault(fault)
    }
    return .elements(texts, lines: lines)
  }

  static let wellFormed: [(text: String, elements: [String], lines: [Int])] = [
    ("[]", [], []), (" [ ] \n", [], []), ("\u{feff}[1]", ["1"], [1]), ("[1,2]", ["1", "2"], [1, 1]),
    ("[\n1,\n2\n]\n", ["1", "2"], [2, 3]), ("[[1,[2]],{\"a\":[3,4]}]", ["[1, [2]]", "{ a: [3, 4] }"], [1, 1]),
    ("[\"],[\",\"\\\"]\",\"\\\\\"]", ["\"],[\"", "\"\\\"]\"", "\"\\\\\""], [1, 1, 1]),
    ("[{\"a\":\n1},\r\n{\"a\":\n\n2}, 3]", ["{ a: 1 }", "{ a: 2 }", "3"], [1, 3, 5]),
    ("[null , true]", ["null", "true"], [1, 1]),
    ("[\"é日😀\" ,\n\"{\"]", ["\"é日😀\"", "\"{\""], [1, 2]),
  ]

  static let malformed: [(text: String, line: Int, column: Int, problem: JSONFileFault.Problem)] = [
    ("", 1, 1, .json(.empty)), ("  \n ", 2, 2, .json(.empty)), ("{}", 1, 1, .noArray), ("\n 5", 2, 2, .noArray),
    ("[", 1, 2, .json(.expectedCommaOrEnd)), ("[1", 1, 3, .json(.expectedCommaOrEnd)),
    ("[1,", 1, 4, .json(.expectedValue)),
    ("[1,]", 1, 4, .json(.expectedValue)), ("[,1]", 1, 2, .json(.expectedValue)),
    ("[1,,2]", 1, 4, .json(.expectedValue)),
    ("[1 2]", 1, 4, .json(.expectedCommaOrEnd)), ("[1}", 1, 3, .json(.expectedCommaOrEnd)),
    ("[{]", 1, 3, .json(.expectedKey)),
    ("[{\"a\":1]", 1, 8, .json(.expectedCommaOrEnd)), ("[[1}]", 1, 4, .json(.expectedCommaOrEnd)),
    ("[1] x", 1, 5, .json(.trailing)), ("[] []", 1, 4, .json(.trailing)), ("[1]]", 1, 4, .json(.trailing)),
    ("[\"a]", 1, 5, .json(.unterminatedText)), ("[\n\"é\",\n  01]", 3, 3, .json(.badNumber)),
    ("[\"é\", x]", 1, 7, .json(.expectedValue)), ("[\"日\",{\"b\":\n ?}]", 2, 2, .json(.expectedValue)),
    ("[{\"a\":1,\"a\":2}]", 1, 10, .json(.duplicateKey("a"))), ("[1,\n\"\\ud800\"]", 2, 2, .json(.loneSurrogate)),
    ("[\"a\nb\"]", 1, 4, .json(.controlCharacter)), ("[nul]", 1, 2, .json(.expectedValue)),
  ]

  @Test(arguments: wellFormed) func divides(_ text: String, _ elements: [String], _ lines: [Int]) throws {
    #expect(try Self.reading(Array(text.utf8)) == .elements(elements, lines: lines))
  }

  @Test(arguments: malformed)
  func refuses(_ text: String, _ line: Int, _ column: Int, _ problem: JSONFileFault.Problem) throws {
    let fault = JSONFileFault(place: TextPlace(line: line, column: column), problem: problem)
    #expect(try Self.reading(Array(text.utf8)) == .fault(fault), "\(text)")
  }

  @Test func chunkBoundariesDoNotMatter() throws {
    let machine = Machine()
    for text in Self.wellFormed.map(\.text) + Self.malformed.map(\.text) {
      let bytes = Array(text.utf8)
      let whole = try Self.reading(bytes)
      #expect(try Self.reading(bytes, chunks: [1], machine: machine) == whole, "\(text)")
      for boundary in 0...bytes.count {
        #expect(
          try Self.reading(bytes, chunks: [boundary, bytes.count], machine: machine) == whole, "\(text) at \(boundary)")
      }
    }
  }

  @Test func anElementWithoutEndIsNotTakenInWhole() throws {
    let bytes = Array("[1,\n \"".utf8) + [UInt8](repeating: 0x61, count: 1000)
    let fault = JSONFileFault(place: TextPlace(line: 2, column: 2), problem: .elementTooLong(limit: 100))
    #expect(try Self.reading(bytes, chunks: [10], limit: 100) == .fault(fault))
  }

  /// Random arrays with random damage: taken or refused exactly as the whole is, with the same values.
  @Test func agreesWithTheReaderOfTheWhole() throws {
    var generator = SeededGenerator.announced("agreesWithTheReaderOfTheWhole")
    let pieces = ["1", "-2.5", "\"a\"", "\"]\"", "\"\\\"\"", "null", "{\"k\":[1]}", "[[]]", "{}", "\"é\"", "\n", " "]
    let damage = Array("[]{},:\"\\ \n01x".utf8)
    var taken = 0
    let machine = Machine()
    for _ in 0..<4000 {
      let items = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }
      var bytes = Array("[\(items.joined(separator: ","))]".utf8)
      if Bool.random(using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = damage.randomElement(using: &generator) ?? 0
      }
      let size = Int.random(in: 1...6, using: &generator)
      let outcome = try Self.reading(bytes, chunks: [size], machine: machine)
      do throws(JSONFault) {
        let whole = try JSONReader(machine: machine).read(bytes)
        guard let values = whole.items else { continue }
        taken += 1
        guard case .elements(let texts, _) = outcome else {
          Issue.record("refused: \(String(decoding: bytes, as: UTF8.self))")
          continue
        }
        #expect(texts == values.map { machine.written($0) })
      } catch {
        guard case .fault(let fault) = outcome else {
          Issue.record("taken: \(String(decoding: bytes, as: UTF8.self))")
          continue
        }
        if fault.problem != .noArray {
          #expect(
            fault.place == TextPlace(bytes[...], offset: error.offset), "\(String(decoding: bytes, as: UTF8.self))")
        }
      }
    }
    #expect(taken > 1000)
  }
}
