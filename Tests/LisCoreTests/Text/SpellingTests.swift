import Testing

@testable import LisCore

/// Values as text.
@Suite struct SpellingTests {
  private func numbers(_ machine: Machine, _ count: Int) -> Value {
    let list = machine.heap.list(capacity: count)
    for number in 0..<count { machine.heap.push(list.list, Value(small: number)) }
    return list
  }

  @Test func whatHasNoPartsIsWholeAlthoughTheRunIsToEnd() {
    let machine = Machine()
    machine.stop.stop()
    #expect(machine.text(of: Value(small: 12_345)) == "12345")
    #expect(machine.text(of: machine.makeText("a text")) == "a text")
    #expect(machine.text(of: .null) == "null")
    #expect(!machine.isAbandoned)
  }

  @Test func aListIsLeftAtTheFirstLookAfterTheStop() {
    let machine = Machine()
    let list = numbers(machine, 200_000)
    let last = machine.looks + 2
    machine.onLook = { if $0 == last { machine.stop.stop() } }
    let text = machine.text(of: list)
    #expect(machine.isAbandoned && machine.looks == last)
    // Two looks are 2 × 65,536 units, of which an item takes 16; what was left out is not even marked as such.
    #expect(text.utf8.count < 100_000, "\(text.utf8.count) bytes")
  }

  @Test func aListThatIsTooLongIsShownInPart() {
    var limits = MachineLimits()
    limits.textBytes = 100
    let machine = Machine(limits: limits)
    let text = machine.text(of: numbers(machine, 100_000))
    #expect(text.hasPrefix("[0, 1, 2, ") && text.hasSuffix("…]"))
    #expect(text.utf8.count < 120, "\(text)")
  }
}
