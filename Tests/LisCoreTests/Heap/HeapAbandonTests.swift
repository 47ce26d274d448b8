import Testing

@testable import LisCore

/// A collection that is given up half way leaves a heap that the next one can work with.
@Suite struct HeapAbandonTests {
  /// A machine that keeps `count` records, and their text.
  private func filled(_ count: Int) -> (Machine, Machine.Keeper) {
    let machine = Machine()
    let form = machine.form(["id", "name"])
    let rows = (0..<count).map { number in
      machine.makeRecord(form, [machine.makeNumber(number), machine.makeText("record number \(number)")])
    }
    return (machine, machine.keep(machine.makeList(rows)))
  }

  @Test func anAbandonedCollectionChangesNothing() throws {
    let (machine, kept) = filled(2_000)
    machine.heap.cellsBetweenLooks = 100
    let before = machine.written(kept.value)
    machine.collect(machine.stack)
    let live = machine.liveBytes
    var looks = 0
    machine.heap.onLook = {
      looks += 1
      if looks % 2 == 1 { machine.stop.stop() }
    }
    for _ in 0..<40 {
      machine.collect(machine.stack)
      #expect(machine.stop.isStopped)
      machine.stop.reset()
      looks = 0
    }
    // None of them came to its end.
    #expect(machine.collections == 41)
    #expect(machine.heap.abandonedInARow == 40)
    machine.heap.onLook = nil
    machine.collect(machine.stack)
    #expect(machine.liveBytes == live)
    #expect(machine.written(kept.value) == before)
    #expect(try HeapProgram.all[0].run(on: machine) == HeapProgram.all[0].run(on: Machine()))
  }

  /// Marks are numbers of one byte: before they could repeat, a collection is carried through whatever was asked.
  @Test func marksNeverRepeat() throws {
    let (machine, kept) = filled(200)
    machine.heap.cellsBetweenLooks = 50
    let before = machine.written(kept.value)
    machine.collect(machine.stack)
    machine.heap.onLook = { machine.stop.stop() }
    var completed = 0
    for _ in 0..<700 {
      machine.collect(machine.stack)
      machine.stop.reset()
      if machine.heap.abandonedInARow == 0 { completed += 1 }
      #expect(machine.heap.abandonedInARow <= Heap.abandonedLimit)
    }
    #expect(completed == 3)
    #expect(machine.written(kept.value) == before)
  }

  /// Dead cells in blocks that the sweep left out are found later.
  @Test func anAbandonedSweepLosesNothing() throws {
    let machine = Machine()
    let rows = (0..<600_000).map { machine.makeText("text number \($0)") }
    let kept = machine.keep(machine.makeList([rows[0], rows[599_999]]))
    // Nothing of the marking takes long enough for a look, so that it is the sweep that sees the flag.
    machine.heap.onLook = nil
    let code = machine.written(kept.value)
    machine.heap.beforeSweep = { machine.stop.stop() }
    machine.collect(machine.stack)
    let partly = machine.liveBytes
    machine.heap.beforeSweep = nil
    machine.stop.reset()
    machine.collect(machine.stack)
    #expect(machine.written(kept.value) == code)
    #expect(machine.liveBytes < 4096, "\(machine.liveBytes) after \(partly)")
    let free = machine.heap.free[2].map { _ in true } ?? false
    #expect(free)
  }
}
