import Testing

@testable import LisCore

/// The inline paths of arithmetic against exact decimals, at the edges of the 56-bit word.
@Suite struct ArithmeticEdgeTests {
  /// Runs one instruction on two values, through globals and through a constant operand.
  private final class Bench {
    let machine = Machine()
    let left: Int
    let right: Int
    private var functions: [Operation: FunctionID] = [:]

    init() {
      left = machine.declareGlobal("left")
      right = machine.declareGlobal("right")
    }

    func apply(_ operation: Operation, _ x: Decimal, _ y: Decimal) -> Result<Value, Fault> {
      machine.setGlobal(left, machine.makeNumber(x))
      machine.setGlobal(right, machine.makeNumber(y))
      let id =
        functions[operation]
        ?? function(machine, "\(operation)") { code in
          code.emit(.getGlobal, 0, wide: left)
          code.emit(.getGlobal, 1, wide: right)
          code.emit(operation, 2, 0, 1)
          code.emit(.halt, 2)
        }
      functions[operation] = id
      return Result { () throws(Fault) in try machine.run(id) }
    }

    func apply(_ operation: Operation, _ x: Decimal, immediate: Int) -> Result<Value, Fault> {
      machine.setGlobal(left, machine.makeNumber(x))
      let id = function(machine, "immediate") { code in
        code.emit(.getGlobal, 0, wide: left)
        code.emit(operation, 2, 0, immediate: immediate)
        code.emit(.halt, 2)
      }
      return Result { () throws(Fault) in try machine.run(id) }
    }
  }

  private static let wholes: [Int] = [
    0, 1, -1, 2, 7, -7, 10, 255, 256, 1 << 27, (1 << 28) + 1, -(1 << 28), (1 << 55) - 2, (1 << 55) - 1, -(1 << 55),
    1 - (1 << 55), 1 << 55, -(1 << 55) - 1, Int.max, Int.min, Int.min + 1, 36_028_797_018_963, 3_602_879_701_896_397,
  ]
  private static let scales = [0, 1, 2, 15, 16, 17, 30, 31, 32]

  private func expect(_ result: Result<Value, Fault>, _ expected: Decimal?, _ what: String) {
    let found = try? result.get().decimal
    #expect(found?.coefficient == expected?.coefficient && found?.scale == expected?.scale, "\(what): \(result)")
  }

  @Test func operationsAgreeWithExactDecimals() {
    let bench = Bench()
    for x in Self.wholes {
      for y in Self.wholes {
        for (first, second) in [(0, 0), (2, 2), (2, 0), (0, 17), (16, 15), (15, 17), (31, 31), (30, 1), (32, 2)] {
          let left = Decimal(mantissa: x, scale: first)
          let right = Decimal(mantissa: y, scale: second)
          let what = "\(x)e-\(first), \(y)e-\(second)"
          expect(bench.apply(.add, left, right), try? left.adding(right), what + " add")
          expect(bench.apply(.subtract, left, right), try? left.subtracting(right), what + " subtract")
          expect(bench.apply(.multiply, left, right), try? left.multiplied(by: right), what + " multiply")
          expect(bench.apply(.remainder, left, right), try? left.remainder(dividingBy: right), what + " remainder")
          #expect((try? bench.apply(.less, left, right).get().bool) == (left < right), "\(what) less")
          #expect((try? bench.apply(.lessOrEqual, left, right).get().bool) == (left <= right), "\(what) lessOrEqual")
          #expect((try? bench.apply(.equal, left, right).get().bool) == (left == right), "\(what) equal")
        }
      }
    }
  }

  @Test func immediatesAgreeWithExactDecimals() {
    let bench = Bench()
    for x in Self.wholes {
      for scale in [0, 2, 31] {
        for immediate in [0, 1, -1, 3, -3, 32767, -32768] {
          let left = Decimal(mantissa: x, scale: scale)
          let right = Decimal(immediate)
          let what = "\(x)e-\(scale), \(immediate)"
          expect(bench.apply(.addWhole, left, immediate: immediate), try? left.adding(right), what + " add")
          expect(
            bench.apply(.multiplyWhole, left, immediate: immediate), try? left.multiplied(by: right), what + " multiply"
          )
          expect(
            bench.apply(.remainderWhole, left, immediate: immediate), try? left.remainder(dividingBy: right),
            what + " remainder")
        }
      }
    }
  }

  @Test func negationAgreesWithExactDecimals() {
    let bench = Bench()
    for x in Self.wholes {
      for scale in Self.scales {
        let number = Decimal(mantissa: x, scale: scale)
        expect(bench.apply(.negate, number, .zero), number.negated, "\(x)e-\(scale)")
      }
    }
  }

  /// Equal numbers of one scale are one word or one cell: what fits the word is always in it.
  @Test func numbersThatFitTheWordAreInIt() throws {
    let bench = Bench()
    let large = Decimal((1 << 55) - 1)
    let beyond = try bench.apply(.add, large, .one).get()
    #expect(!beyond.isNumber)
    let back = try bench.apply(.subtract, beyond.decimal ?? .zero, .one).get()
    #expect(back.isNumber && back.int == (1 << 55) - 1)
  }

  /// Loops whose bounds lie at the ends of the word, where a step overflows.
  @Test(arguments: [
    ((1 << 55) - 3, (1 << 55) - 1, 3), ((1 << 55) - 1, (1 << 55) - 1, 1), (1 - (1 << 55), 3 - (1 << 55), 3),
    (5, 4, 0), ((1 << 55) - 1, 1 - (1 << 55), 0), (-3, 3, 7),
  ])
  func rangesEndWhereTheyShould(_ lower: Int, _ upper: Int, _ steps: Int) throws {
    let machine = Machine()
    let main = function(machine, "main") { code in
      code.emit(.loadWhole, 5, immediate: 0)
      code.count(0, lower, upper) { code.emit(.addWhole, 5, 5, immediate: 1) }
      code.emit(.halt, 5)
    }
    #expect(try machine.run(main).int == steps)
  }

  @Test(arguments: [Decimal(-(1 << 55)), Decimal(1 << 55), Decimal(mantissa: 15, scale: 1), Decimal(Int.min)])
  func rangesFromElsewhereAreFaults(_ lower: Decimal) {
    let machine = Machine()
    let main = function(machine, "main") { code in
      let bottom = code.label()
      code.loadNumber(lower, into: 0)
      code.emit(.loadWhole, 1, immediate: 5)
      code.rangeLoop(.rangePrepare, 0, to: bottom)
      code.place(bottom)
      code.emit(.halt, 0)
    }
    #expect(throws: Fault.self) { try machine.run(main) }
  }
}
