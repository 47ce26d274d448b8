import Testing

@testable import LisCore

/// What `distinct` remembers of values as large as they may be.
@Suite struct SeenValuesTests {
  private func largeText(_ machine: Machine) -> Value {
    machine.makeText(String(repeating: "abcdefgh", count: 2 << 20))
  }

  @Test func equalValuesAreMetOnce() {
    let machine = Machine()
    let seen = SeenValues()
    let text = largeText(machine)
    #expect(seen.insert(text, in: machine))
    #expect(!seen.insert(largeText(machine), in: machine))
    let other = machine.makeText(String(repeating: "abcdefgh", count: (2 << 20) - 1) + "abcdefgi")
    #expect(seen.insert(other, in: machine))
    #expect(!seen.insert(other, in: machine))
    #expect(seen.insert(machine.makeText(""), in: machine) && !seen.insert(machine.makeText(""), in: machine))
  }

  @Test func aLargeKeyIsALookAtTheStopFlagInEveryPiece() {
    let machine = Machine()
    let text = largeText(machine)
    let before = machine.looks
    _ = SeenValues().insert(text, in: machine)
    // One for the text as a whole; 16 MiB in pieces are sixteen times the work between two looks.
    #expect(machine.looks - before >= 10, "\(machine.looks - before)")
    let last = machine.looks + 5
    machine.onLook = { if $0 == last { machine.stop.stop() } }
    let seen = SeenValues()
    #expect(!seen.insert(text, in: machine))
    #expect(machine.isAbandoned && machine.looks <= last + 2)
  }
}
