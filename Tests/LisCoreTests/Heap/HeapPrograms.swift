@testable import LisCore

/// One program for each instruction that makes something on the heap.
extension HeapProgram {
  static let all = values + functions + streams

  static let values = [
    HeapProgram("numbers beyond the word") { code in
      let large = (1 << 55) - 1
      code.loadNumber(Decimal(large), into: 0)
      code.emit(.add, 1, 0, 0)
      code.emit(.multiply, 2, 0, 0)
      code.emit(.subtract, 3, 1, 2)
      code.emit(.divide, 4, 3, 0)
      code.emit(.remainder, 5, 2, 1)
      code.emit(.negate, 6, 3)
      code.emit(.addWhole, 7, 0, immediate: 1)
      code.emit(.multiplyWhole, 8, 0, immediate: -3)
      code.emit(.remainderWhole, 9, 2, immediate: 7)
      let constant = code.constantOperand(Decimal(large)) ?? 0
      code.emit(.addConstant, 10, 0, immediate: constant)
      code.emit(.subtractConstant, 11, 6, immediate: constant)
      code.emit(.multiplyConstant, 12, 7, immediate: constant)
      code.newList(from: 0, count: 13, into: 0)
      code.emit(.halt, 0)
    },
    HeapProgram("lists that share their memory") { code in
      code.newList(from: 0, count: 0, into: 0)
      code.newList(from: 0, count: 0, into: 1)
      code.count(2, 1, 40) {
        code.emit(.append, 4, 0, 2)
        code.emit(.negate, 5, 2)
        code.emit(.append, 6, 0, 5)
        code.emit(.append, 6, 6, 2)
        code.emit(.push, 1, 6)
        code.emit(.move, 0, 4)
      }
      code.emit(.add, 7, 0, 0)
      code.newList(from: 2, count: 1, into: 8)
      code.emit(.add, 8, 7, 8)
      code.newList(from: 0, count: 9, into: 0)
      code.emit(.halt, 0)
    },
    HeapProgram("records") { code in
      code.loadText("a rather long text", into: 0)
      code.loadText("short", into: 1)
      code.newRecord(["name", "kind"], from: 0, into: 2)
      code.newList(from: 0, count: 0, into: 3)
      code.count(4, 1, 30) {
        code.emit(.move, 6, 4)
        code.emit(.move, 7, 2)
        code.newRecord(["number", "before"], from: 6, into: 8)
        code.emit(.merge, 9, 2, 8)
        code.getField("before", of: 9, into: 10)
        code.getField("absent", of: 10, into: 11)
        code.getField("name", of: 10, into: 12)
        code.newRecord(["name"], from: 12, into: 13)
        code.emit(.merge, 2, 2, 13)
        code.emit(.push, 3, 9)
      }
      code.emit(.halt, 3)
    },
    HeapProgram("texts and ranges") { code in
      code.loadText("", into: 0)
      code.newList(from: 0, count: 0, into: 1)
      code.count(2, 1, 30) {
        code.emit(.move, 4, 0)
        code.loadText(", item ", into: 5)
        code.emit(.move, 6, 2)
        code.loadNumber(Decimal(mantissa: 125, scale: 2), into: 7)
        code.emit(.join, x: 4, 0, 4)
        code.emit(.add, 8, 0, 0)
        code.emit(.loadWhole, 9, immediate: 99)
        code.emit(.range, 10, 2, 9)
        code.emit(.push, 1, 8)
        code.emit(.push, 1, 10)
      }
      code.emit(.halt, 1)
    },
    HeapProgram("large cells") { code in
      code.newList(from: 0, count: 0, into: 0)
      code.loadText(String(repeating: "x", count: 2000), into: 1)
      code.count(2, 1, 10) {
        code.emit(.move, 4, 1)
        code.emit(.move, 5, 2)
        code.emit(.join, x: 2, 6, 4)
        code.emit(.push, 0, 6)
      }
      let names = (0..<200).map { "field\($0)" }
      for register in 10..<210 { code.emit(.loadWhole, register, immediate: register) }
      code.newRecord(names, from: 10, into: 7)
      code.getField("field150", of: 7, into: 8)
      code.emit(.push, 0, 8)
      code.emit(.push, 0, 7)
      code.emit(.halt, 0)
    },
  ]
}
