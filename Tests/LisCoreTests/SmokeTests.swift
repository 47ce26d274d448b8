import Testing

@testable import LisCore

@Suite struct SmokeTests {
  /// 1 + 2 + … + 10 by a numeric loop.
  @Test func loops() throws {
    let machine = Machine()
    let code = Assembler(machine: machine, name: "main", source: 0)
    let body = code.label()
    let bottom = code.label()
    code.emit(.loadWhole, 0, immediate: 0)
    code.emit(.loadWhole, 1, immediate: 1)
    code.emit(.loadWhole, 2, immediate: 10)
    code.rangeLoop(.rangePrepare, 1, to: bottom)
    code.place(body)
    code.emit(.add, 0, 0, 1)
    code.place(bottom)
    code.rangeLoop(.rangeStep, 1, to: body)
    code.emit(.halt, 0)
    let main = code.finish(parameters: 0, required: 0)
    #expect(try machine.run(main).int == 55)
  }
}
