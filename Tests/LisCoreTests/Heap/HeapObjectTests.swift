import Testing

@testable import LisCore

@Suite struct HeapObjectTests {
  private final class Counter { var released = 0 }

  /// Lets go of a kept value and makes new ones when it is released, as a cursor of a host may.
  private final class Owner {
    let counter: Counter
    let keeper: Machine.Keeper
    weak var machine: Machine?

    init(_ counter: Counter, _ machine: Machine) {
      self.counter = counter
      self.machine = machine
      keeper = machine.keep(machine.makeText("a value that an object keeps"))
    }

    deinit {
      counter.released += 1
      _ = machine?.makeOpaque(Counter())
    }
  }

  @Test func objectsAreReleasedWhenSwept() throws {
    let machine = Machine()
    let counter = Counter()
    let make = machine.addNative("make") { machine, _ in machine.makeOpaque(Owner(counter, machine)) }
    let main = function(machine, "main") { code in
      code.count(0, 1, 50) { code.callNative(make, window: 10, count: 0, into: 2) }
      code.emit(.loadNull, 10)
      code.emit(.loadNull, 2)
      code.collectNow(window: 20)
      code.emit(.halt, 2)
    }
    machine.collectsAlways = true
    _ = try machine.run(main)
    #expect(counter.released == 50)
  }

  @Test func objectsAndKeepersOutliveNothing() throws {
    let counter = Counter()
    var keeper: Machine.Keeper?
    do {
      let machine = Machine()
      _ = machine.makeOpaque(Owner(counter, machine))
      keeper = machine.keep(machine.makeText("kept longer than the machine lives"))
    }
    #expect(counter.released == 1)
    #expect(keeper != nil)
    keeper = nil
  }

  @Test func keptValuesAreFoundAgain() throws {
    let machine = Machine()
    machine.collectsAlways = true
    var keepers = (0..<100).map { machine.keep(machine.makeText("kept value number \($0)")) }
    keepers.removeSubrange(20..<60)
    _ = try HeapProgram.all[2].run(on: machine)
    keepers += (100..<150).map { machine.keep(machine.makeText("kept value number \($0)")) }
    _ = try HeapProgram.all[2].run(on: machine)
    let expected = (Array(0..<20) + Array(60..<150)).map { "kept value number \($0)" }
    #expect(keepers.map { $0.value.string ?? "" } == expected)
    #expect(machine.kept.count < 120)
  }

  @Test func takeReadsNoPageTooMany() throws {
    for (count, pages) in [(0, 0), (1, 1), (5, 1), (6, 2), (10, 2), (100, 4)] {
      let machine = Machine()
      let source = PagedNumbers(pages: 4, pageRows: 5)
      let value = machine.makeSource(source)
      let main = function(machine, "main") { code in
        code.load(value, into: 0)
        code.loadNumber(Decimal(count), into: 1)
        code.readAll(0, [(.take, 1)], into: 2)
        code.emit(.halt, 2)
      }
      #expect(try machine.run(main).itemCount == min(count, 20))
      #expect(source.delivered == pages)
      #expect(source.opened == (count == 0 ? 0 : 1))
    }
  }

  /// Rows that are told apart by address stay distinct although their cells could be used again.
  @Test func distinctKeepsWhatItKnowsByAddress() throws {
    let machine = Machine()
    machine.collectsAlways = true
    let make = machine.addNative("make") { machine, _ in machine.makeInvalid("twelve", type: "number") }
    let maker = function(machine, "maker", parameters: 1) { code in
      code.callNative(make, window: 5, count: 0, into: 1)
      code.emit(.return, 1)
    }
    let main = function(machine, "main") { code in
      code.emit(.loadWhole, 10, immediate: 1)
      code.emit(.loadWhole, 11, immediate: 30)
      code.emit(.range, 0, 10, 11)
      code.closure(of: maker, captures: [], into: 1)
      code.emit(.loadNull, 2)
      // Counting them and not holding them: each is garbage when the next one is made.
      code.emit(.loadWhole, 40, immediate: StageKind.map.rawValue)
      code.emit(.move, 41, 1)
      code.emit(.loadWhole, 42, immediate: StageKind.distinct.rawValue)
      code.emit(.move, 43, 2)
      code.newList(from: 40, count: 4, into: 44)
      code.emit(.newStream, 45, 0, 44)
      code.emit(.loadWhole, 3, immediate: 0)
      code.each(45, into: 50, window: 60) { code.emit(.addWhole, 3, 3, immediate: 1) }
      code.emit(.halt, 3)
    }
    #expect(try machine.run(main).int == 30)
  }
}
