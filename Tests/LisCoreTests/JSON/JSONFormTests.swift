import TestSupport
import Testing

@testable import LisCore

/// Objects of many different forms: every key that comes twice is found, and looking for it costs no more than reading.
@Suite struct JSONFormTests {
  private static func object(_ keys: some Sequence<String>) -> String {
    "{" + keys.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
  }

  private func fault(_ text: String, _ machine: Machine) -> JSONFault? {
    do throws(JSONFault) {
      _ = try JSONReader(machine: machine).read(Array(text.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test func aKeyThatComesTwiceIsFoundInObjectsOfAnySize() {
    var generator = SeededGenerator.announced("aKeyThatComesTwiceIsFound")
    let machine = Machine()
    for _ in 0..<400 {
      var keys = (0..<Int.random(in: 1...150, using: &generator)).map { "k\($0)" }.shuffled(using: &generator)
      #expect(fault(Self.object(keys), machine) == nil)
      let again = keys[Int.random(in: 0..<keys.count, using: &generator)]
      let place = Int.random(in: 0...keys.count, using: &generator)
      keys.insert(again, at: place)
      let found = fault("[" + Self.object(keys) + "]", machine)
      #expect(found?.reason == .duplicateKey(again), "\(keys)")
      // The second one is where it is, behind its quote.
      let second = keys.lastIndex(of: again) ?? 0
      #expect(found?.offset == 3 + keys[..<second].reduce(0) { $0 + $1.utf8.count + 5 })
    }
  }

  /// An object inside another one, with the same keys, neither hides a key from it nor adds one to it.
  @Test func objectsInsideOthersHaveKeysOfTheirOwn() {
    var generator = SeededGenerator.announced("objectsInsideOthers")
    let machine = Machine()
    for _ in 0..<100 {
      let keys = (0..<80).map { "k\($0)" }.shuffled(using: &generator)
      let inner = Self.object(keys.shuffled(using: &generator))
      let parts = keys.map { Bool.random(using: &generator) ? "\"\($0)\":1" : "\"\($0)\":\(inner)" }
      let open = "{" + parts.joined(separator: ",")
      #expect(fault(open + "}", machine) == nil)
      #expect(fault(open + ",\"\(keys[0])\":2}", machine)?.reason == .duplicateKey(keys[0]))
      let twice = "{\"a\":1,\(open.dropFirst()),\"b\":{\"x\":1,\"x\":2}}"
      #expect(fault(twice, machine)?.reason == .duplicateKey("x"))
    }
  }

  @Test func everyFormIsALookAtTheStopFlag() {
    let machine = Machine()
    let text = "[" + (0..<20_000).map { "{\"k\($0)\":1}" }.joined(separator: ",") + "]"
    #expect(fault(text, machine) == nil)
    // 300 kB of forms that are known would be one or two.
    #expect(machine.looks >= 15, "\(machine.looks)")
    let stopped = Machine()
    stopped.onLook = { if $0 == 3 { stopped.stop.stop() } }
    #expect(fault(text, stopped)?.reason == .stopped)
    #expect(stopped.shapeCount < 10_000)
  }
}
