/// Builds the code of one function. Registers are numbered from 0; the assembler turns them into byte offsets, resolves
/// jumps, and keeps the place of each instruction in the source text.
public final class Assembler {
  /// A place in the code that jumps can name before it exists.
  public struct Label: Sendable { let index: Int }

  /// What a function can have too much of. All of them come from enormous functions.
  public enum Problem: Error, Sendable { case tooManyRegisters, jumpTooLong, tooManyConstants }

  public let machine: Machine
  public let id: FunctionID
  private let name: String
  private let source: Int
  private var code: [Instruction] = []
  private var places: [CodePlace] = []
  private var handlers: [(first: Label, end: Label, target: Label, register: Int)] = []
  private var labels: [Int] = []
  private var patches: [(at: Int, label: Label)] = []
  private var here = (lower: 0, upper: 0)
  /// The register with the row that the following instructions are about, so that a fault can name it.
  public var row: Int?
  private var rowHere: Int?
  /// The first thing that went wrong; `finish` leaves the function unusable then.
  public private(set) var problem: Problem?

  /// Reserves a number for the function, so that calls to it can be assembled before its code is.
  public init(machine: Machine, name: String, source: Int) {
    self.machine = machine
    self.name = name
    self.source = source
    // Past the limit every further function takes the last place and is left unusable.
    let isOneTooMany = machine.functions.count >= Machine.functionLimit
    id = FunctionID(index: isOneTooMany ? Machine.functionLimit - 1 : machine.functions.count)
    if isOneTooMany {
      problem = .tooManyConstants
    } else {
      machine.functions.append(FunctionInfo(name: name, source: source, places: [], handlers: []))
    }
  }

  /// What the following instructions belong to.
  public func at(_ lower: Int, _ upper: Int) {
    if here.lower != lower || here.upper != upper || row != rowHere || places.isEmpty {
      here = (lower, upper)
      rowHere = row
      if places.last?.offset == code.count { places.removeLast() }
      places.append(CodePlace(offset: code.count, lower: lower, upper: upper, row: row.map { UInt16($0 * 8) }))
    }
  }

  /// A count or small operand that has one byte.
  private func small(_ x: Int) -> Int {
    if x > 255 { problem = problem ?? .tooManyRegisters }
    return x
  }

  private func offset(_ register: Int) -> Int {
    if register * 8 >= Machine.frameBytes - 64 { problem = problem ?? .tooManyRegisters }
    return register * 8
  }

  // MARK: Instructions

  public func emit(_ operation: Operation, x: Int = 0, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) {
    code.append(Instruction(operation, x: small(x), offset(a), offset(b), offset(c)))
  }

  /// The last operand is a number and not a register.
  public func emit(_ operation: Operation, x: Int = 0, _ a: Int, _ b: Int, immediate: Int) {
    code.append(Instruction(operation, x: small(x), offset(a), offset(b), immediate))
  }

  public func emit(_ operation: Operation, x: Int = 0, _ a: Int, immediate: Int) {
    code.append(Instruction(operation, x: small(x), offset(a), immediate))
  }

  public func emit(_ operation: Operation, _ a: Int, wide: Int) {
    code.append(Instruction(operation, offset(a), wide: wide))
  }

  public func loadText(_ text: String, into a: Int) { emit(.loadConstant, a, wide: machine.textConstant(text)) }

  public func loadNumber(_ number: Decimal, into a: Int) {
    let value = machine.heap.decimal(number)
    if value.isWhole, value.payload >= -32768, value.payload <= 32767 {
      emit(.loadWhole, a, immediate: value.payload)
    } else {
      emit(.loadConstant, a, wide: machine.constant(value))
    }
  }

  public func load(_ value: Value, into a: Int) {
    switch value.bits {
    case Tag.null: emit(.loadNull, a)
    case Tag.true: emit(.loadTrue, a)
    case Tag.false: emit(.loadFalse, a)
    default: emit(.loadConstant, a, wide: machine.constant(value))
    }
  }

  /// A constant operand's number, if there is room for it in an operand.
  public func constantOperand(_ number: Decimal) -> Int? {
    let index = machine.constant(machine.heap.decimal(number))
    return index <= 0xffff ? index : nil
  }

  public func getField(_ name: String, of b: Int, into a: Int) {
    emit(.getField, a, b)
    code.append(Instruction(word: UInt64(machine.heap.shapes.name(name))))
    code.append(Instruction(word: UInt64(UInt32.max)))
  }

  /// The registers from `start` hold the values of `fields`, which are all different.
  public func newRecord(_ fields: [String], from start: Int, into a: Int) {
    let shape = machine.heap.shapes.shape(fields.map { machine.heap.shapes.name($0) })
    if fields.count > 255 { problem = problem ?? .tooManyRegisters }
    emit(.newRecord, x: fields.count, a, start)
    code.append(Instruction(word: UInt64(shape.id)))
  }

  /// The record in `record`, or an empty one for null, with the values of `fields` from `start` on.
  public func changeRecord(_ record: Int, fields: [String], from start: Int, into a: Int) {
    let shape = machine.heap.shapes.shape(fields.map { machine.heap.shapes.name($0) })
    emit(.change, x: fields.count, a, record, start)
    code.append(Instruction(word: UInt64(shape.id)))
  }

  public func newList(from start: Int, count: Int, into a: Int) { emit(.newList, a, start, immediate: count) }

  public func closure(of function: FunctionID, captures: [Capture], into a: Int) {
    code.append(Instruction(.closure, x: captures.count, offset(a), function.index))
    if captures.count > 255 { problem = problem ?? .tooManyRegisters }
    for capture in captures {
      switch capture {
      case .register(let register): code.append(Instruction(.move, x: 1, 0, offset(register)))
      case .capture(let index): code.append(Instruction(.move, x: 0, 0, index))
      }
    }
  }

  public enum Capture: Hashable, Sendable {
    case register(Int)
    case capture(Int)
  }

  public func call(_ function: FunctionID, window: Int, into b: Int) {
    emit(.call, window, b)
    code.append(Instruction(word: UInt64(UInt(bitPattern: machine.blocks + function.index))))
  }

  /// - Parameter window: above `function`: the register has to keep the function alive while it runs.
  public func callValue(_ function: Int, window: Int, count: Int, into b: Int) {
    assert(function < window, "the callee would overwrite the only reference to itself")
    emit(.callValue, x: count, window, b, function)
    code.append(Instruction(word: 0))
  }

  public func callNative(_ native: Int, window: Int, count: Int, into b: Int) {
    emit(.callNative, x: count, window, b, immediate: native)
  }

  /// Makes what stands in `register` readable by `step`; it uses the next two registers and a call window.
  public func open(_ register: Int, window: Int) {
    code.append(Instruction(.open, offset(register), 3))
    callValue(register + 1, window: window, count: 0, into: register + 2)
    code.append(Instruction(.open, x: 1, offset(register), 0))
  }

  /// The bottom of a loop over what `open` made: the next item into `item` and back to `body`, or on to `exit`.
  public func step(_ register: Int, into item: Int, window: Int, body: Label, exit: Label) {
    patches.append((code.count, body))
    emit(.step, register, item, immediate: 0)
    jump(.jump, 0, to: exit)
    emit(.move, window, register)
    emit(.call, window, item)
    code.append(Instruction(word: UInt64(UInt(bitPattern: machine.advance))))
    jump(.jumpIfEnd, item, to: exit)
    jump(.loop, 0, to: body)
  }

  // MARK: Labels and jumps

  public func label() -> Label {
    labels.append(-1)
    return Label(index: labels.count - 1)
  }

  public func place(_ label: Label) { labels[label.index] = code.count }

  public func jump(_ operation: Operation, _ a: Int = 0, to label: Label) {
    patches.append((code.count, label))
    emit(operation, a, wide: 0)
  }

  /// A compare-and-jump of two registers. `lenient`: null counts as false instead of being a fault.
  public func jump(_ operation: Operation, _ a: Int, _ b: Int, lenient: Bool, to label: Label) {
    patches.append((code.count, label))
    emit(operation, x: lenient ? 1 : 0, a, b, immediate: 0)
  }

  /// A compare-and-jump of a register and a small whole number.
  public func jump(_ operation: Operation, _ a: Int, whole: Int, lenient: Bool, to label: Label) {
    patches.append((code.count, label))
    code.append(Instruction(operation, x: lenient ? 1 : 0, offset(a), whole, 0))
  }

  public func jumpUnlessEqual(_ a: Int, whole: Int, to label: Label) {
    jump(.jumpUnlessEqualWhole, a, whole: whole, lenient: true, to: label)
  }

  /// The loop over a numeric range whose bounds stand in `register` and the next one.
  public func rangeLoop(_ operation: Operation, _ register: Int, to label: Label) {
    patches.append((code.count, label))
    emit(operation, register, immediate: 0)
  }

  public func handler(from first: Label, to end: Label, target: Label, register: Int) {
    handlers.append((first, end, target, register))
  }

  // MARK: The end

  public func finish(parameters: Int, required: Int) -> FunctionID {
    for patch in patches { resolve(patch.at, labels[patch.label.index] - patch.at - 1) }
    _ = small(parameters)
    if problem != nil { makeUnusable() }
    install(parameters, required)
    machine.functions[id.index].places = places
    machine.functions[id.index].handlers = handlers.map {
      Handler(
        first: labels[$0.first.index], end: labels[$0.end.index], target: labels[$0.target.index],
        register: offset($0.register))
    }
    return id
  }

  private func install(_ parameters: Int, _ required: Int) {
    if machine.blocks[id.index].loaded { machine.blocks[id.index].code.deallocate() }
    let memory = UnsafeMutablePointer<Instruction>.allocate(capacity: max(code.count, 1))
    memory.initialize(from: code, count: code.count)
    machine.blocks[id.index] = CodeBlock(
      code: memory, length: Int32(code.count), parameters: UInt8(truncatingIfNeeded: parameters),
      required: UInt8(truncatingIfNeeded: required), loaded: true, id: Int32(id.index))
  }

  /// Code with cut operands would read and write anywhere; running the function is a fault instead.
  private func makeUnusable() {
    code = [Instruction(.loadNull), Instruction(.fail)]
    places = []
    handlers = []
  }

  private func resolve(_ at: Int, _ distance: Int) {
    let low = distance & 0xffff
    switch code[at].operation {
    case .jump, .loop, .jumpUnless, .jumpUnlessTrue, .jumpIfFalse, .jumpIfTrue, .jumpIfNull, .jumpUnlessNull,
      .jumpIfGiven, .jumpIfEnd, .jumpIfList, .jumpUnlessStream:
      code[at].b = UInt16(low)
      code[at].c = UInt16(distance >> 16 & 0xffff)
    case .rangePrepare, .rangeStep:
      code[at].b = UInt16(low)
      if distance != Int(Int16(truncatingIfNeeded: distance)) { problem = problem ?? .jumpTooLong }
    default:
      code[at].c = UInt16(low)
      if distance != Int(Int16(truncatingIfNeeded: distance)) { problem = problem ?? .jumpTooLong }
    }
  }
}
