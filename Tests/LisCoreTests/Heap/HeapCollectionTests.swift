import Glibc
import Testing

@testable import LisCore

@Suite struct HeapCollectionTests {
  /// With a collection at every safepoint and freed cells poisoned, results are the same as without any.
  @Test(arguments: HeapProgram.all) func collectingAlwaysChangesNothing(_ program: HeapProgram) throws {
    let plain = Machine()
    let expected = try program.run(on: plain)
    #expect(plain.collections == 0)
    let stressed = Machine()
    stressed.collectsAlways = true
    #expect(try program.run(on: stressed) == expected)
    #expect(stressed.collections > 0)
    // Again on the same machine: registers, caches and constants of the first run are still there.
    #expect(try program.run(on: stressed) == expected)
  }

  @Test func programsComputeSomething() throws {
    let expected = [
      "every stage over a list": #"[[6, "captured text"], [8, "captured text"]"#,
      "ranges, records and null as sources": #"[[[9223372036854775802, "captured text"]"#,
      "pages of a native source, streams of streams, computed streams":
        "[[2, 4, 6, 8, 10, 12, 14, 16, 18, 20], [{ n: 1 }",
    ]
    for program in HeapProgram.all {
      guard let start = expected[program.name] else { continue }
      let result = try program.run(on: Machine())
      #expect(result.hasPrefix(start), "\(result)")
    }
  }

  @Test func aReachableFreedCellIsTrapped() async {
    await #expect(processExitsWith: .failure) {
      let machine = Machine()
      machine.collectsAlways = true
      let lost = machine.makeList([machine.makeText("a text that nobody keeps")])
      let give = machine.addNative("give") { _, _ in lost }
      let code = Assembler(machine: machine, name: "main", source: 0)
      code.newList(from: 0, count: 0, into: 0)
      code.callNative(give, window: 5, count: 0, into: 1)
      code.emit(.halt, 1)
      let main = code.finish(parameters: 0, required: 0)
      // Anything but the trap is a success of this process, and so a failure of the test.
      _ = try? machine.run(main)
      exit(EXIT_SUCCESS)
    }
  }

  @Test func freedCellsArePoisoned() throws {
    let machine = Machine()
    machine.collectsAlways = true
    let lost = machine.makeText("a text that nobody keeps")
    let main = function(machine, "main") { code in
      code.newList(from: 0, count: 0, into: 0)
      code.emit(.halt, 0)
    }
    _ = try machine.run(main)
    #expect(lost.header.pointee.kind == CellKind.free.rawValue)
    #expect(lost.cell.load(fromByteOffset: 16, as: UInt8.self) == Heap.poison)
  }

  @Test func memoryStaysFlat() throws {
    let machine = Machine()
    let main = function(machine, "main") { code in
      code.loadText("a text of more than seven bytes", into: 10)
      code.count(0, 1, 1_500_000) {
        code.emit(.move, 11, 10)
        code.emit(.move, 12, 0)
        code.emit(.join, x: 2, 3, 11)
        code.newList(from: 3, count: 1, into: 4)
        code.newRecord(["a", "b"], from: 3, into: 5)
      }
      code.emit(.halt, 0)
    }
    _ = try machine.run(main)
    #expect(machine.collections > 3)
    #expect(machine.liveBytes < 100_000)
    #expect(machine.heap.blocks.count * Heap.blockBytes < 3 * Heap.smallestThreshold)
  }

  /// The error of a `try` is made outside of any instruction.
  @Test func caughtFaultsAreCollected() throws {
    let machine = Machine()
    let main = function(machine, "main") { code in
      code.emit(.loadTrue, 5)
      code.count(0, 1, 60_000) {
        let first = code.label()
        let end = code.label()
        code.place(first)
        code.emit(.negate, 3, 5)
        code.place(end)
        code.handler(from: first, to: end, target: end, register: 4)
      }
      code.emit(.halt, 4)
    }
    machine.describeFault = { _ in
      FaultWords(message: String(repeating: "long ", count: 200), hint: nil, code: "cannot")
    }
    _ = try machine.run(main)
    #expect(machine.collections >= 1)
  }
}
