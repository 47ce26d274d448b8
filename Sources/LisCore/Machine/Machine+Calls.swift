/// Calls of natives and of function values, and what happens after a fault.
extension Machine {
  @inline(never) func callNative(
    _ native: Int, _ window: UnsafeMutablePointer<Value>, _ count: Int, _ target: UnsafeMutablePointer<Value>
  ) -> Bool {
    // A comparison before this may have been abandoned; nothing may be done on the strength of its answer.
    if isAbandoned {
      pending = takeAbandoned()
      return false
    }
    do {
      target.pointee = try natives[native].body(self, Arguments(start: window, count: count))
      guard isAbandoned else { return true }
      pending = takeAbandoned()
      return false
    } catch {
      _ = host(error)
      return false
    }
  }

  /// Marks the arguments that a call through a value did not give; false when there are too few or too many.
  @inline(never) func fillArguments(
    _ window: UnsafeMutablePointer<Value>, _ given: Int, _ block: UnsafeMutablePointer<CodeBlock>
  ) -> Bool {
    let most = Int(block.pointee.parameters)
    let least = Int(block.pointee.required)
    if given < least || given > most {
      pending = .wrongArgumentCount(given: given, least: least, most: most)
      return false
    }
    for index in given..<most { window[index] = .end }
    return true
  }

  /// Numbers such as 3.00, or anything else a numeric `for` was given. The first number becomes the one before it, which
  /// must fit the word as well.
  @inline(never) func prepareRange(_ x: UnsafeMutablePointer<Value>) -> Bool {
    // A range with a missing end is null, and null has no items.
    if x[0].isNull || x[1].isNull {
      x[0] = Value(small: 0)
      x[1] = Value(small: 0)
      return true
    }
    guard let lower = x[0].int, let upper = x[1].int, lower > Int.min, Value.fitsWord(lower - 1),
      Value.fitsWord(lower), Value.fitsWord(upper)
    else {
      let isRange = x[0].type == x[1].type
      pending = .notReadable(isRange ? .range : x[0].int == nil ? x[0].type : x[1].type)
      return false
    }
    x[0] = Value(small: lower - 1)
    x[1] = Value(small: upper)
    return true
  }

  struct Continuation {
    var pc: UnsafeMutablePointer<Instruction>
    var base: Raw
    var captures: UnsafeMutablePointer<Value>?
    var frame: UnsafeMutablePointer<Frame>
  }

  /// Looks for the innermost `try` around a fault. With one, the frames above it are left and its register holds the
  /// error; without, `raised` holds the fault with the calls that led to it.
  @inline(never) func unwind(
    _ pc: UnsafeMutablePointer<Instruction>, _ base: Raw, _ captures: UnsafeMutablePointer<Value>?,
    _ frame: UnsafeMutablePointer<Frame>
  ) -> Continuation? {
    let kind = takeAbandoned() ?? pending ?? .host(MachineProblem.faultWithoutReason)
    pending = nil
    let fault = Fault(kind, trace: trace(pc, base, frame))
    var pc = pc
    var base = base
    var captures = captures
    var frame = frame
    // Being told to stop, or not to write, is not an error that a program may catch.
    if kind.endsRun {
      raised = fault
      return nil
    }
    while true {
      if let handler = handler(at: pc - 1) {
        register(base, UInt16(handler.register)).pointee = errorValue(fault)
        return Continuation(pc: handler.code, base: base, captures: captures, frame: frame)
      }
      guard frame > frames else {
        raised = fault
        return nil
      }
      frame -= 1
      pc = frame.pointee.pc
      base = frame.pointee.base
      captures = frame.pointee.captures
    }
  }

  private func handler(at pc: UnsafeMutablePointer<Instruction>) -> (
    code: UnsafeMutablePointer<Instruction>, register: Int
  )? {
    guard let block = block(containing: pc) else { return nil }
    let offset = pc - block.pointee.code
    // Inner handlers were added before the ones around them.
    guard
      let handler = functions[Int(block.pointee.id)].handlers.first(where: { $0.first <= offset && offset < $0.end })
    else { return nil }
    return (block.pointee.code + handler.target, handler.register)
  }

  private func block(containing pc: UnsafeMutablePointer<Instruction>) -> UnsafeMutablePointer<CodeBlock>? {
    for index in 0..<functions.count where blocks[index].loaded {
      let block = blocks + index
      if pc >= block.pointee.code, pc < block.pointee.code + Int(block.pointee.length) { return block }
    }
    return nil
  }

  /// Calls at each end of a long recursion.
  private static let tracedCalls = 8

  /// Innermost first; of long recursions only the calls at both ends.
  private func trace(
    _ pc: UnsafeMutablePointer<Instruction>, _ base: Raw, _ frame: UnsafeMutablePointer<Frame>
  ) -> [TraceEntry] {
    var entries: [TraceEntry] = []
    var isShortened = false
    var place: UnsafeMutablePointer<Instruction> = pc
    var registers = base
    var caller = frame
    while true {
      if let entry = entry(at: place - 1, registers) { entries.append(entry) }
      guard caller > frames else { return entries }
      // Of a deep recursion the innermost calls and the outermost ones, and how many lie between.
      let left = caller - frames
      if !isShortened, entries.count == Machine.tracedCalls, left > Machine.tracedCalls {
        entries[entries.count - 1].callsLeftOut = left - Machine.tracedCalls
        caller = frames + Machine.tracedCalls
        isShortened = true
      }
      caller -= 1
      place = caller.pointee.pc
      registers = caller.pointee.base
    }
  }

  /// How a record can be found again.
  private func name(of row: Value) -> RowName? {
    guard row.has(Tag.record) else { return nil }
    let id = field(row, "id")?.string
    let origin = source(of: row)
    if id == nil && origin == nil { return nil }
    return RowName(id: id, file: origin?.file, line: origin?.line)
  }

  private func entry(at pc: UnsafeMutablePointer<Instruction>, _ base: Raw) -> TraceEntry? {
    guard let block = block(containing: pc) else { return nil }
    let info = functions[Int(block.pointee.id)]
    guard info.source >= 0 else { return nil }
    let offset = pc - block.pointee.code
    let place = info.places.last { $0.offset <= offset } ?? info.places.first
    return TraceEntry(
      function: info.name, source: info.source, lower: place?.lower ?? 0, upper: place?.upper ?? 0,
      row: place?.row.flatMap { name(of: register(base, $0).pointee) })
  }

  /// What `catch` binds: `{ message, hint, code }`, in the words of the room that runs the program.
  private func errorValue(_ fault: Fault) -> Value {
    let words = describeFault?(fault) ?? FaultWords(message: "\(fault.kind)", hint: nil, code: "")
    return makeRecord([
      ("message", makeText(words.message)),
      ("hint", words.hint.map { makeText($0) } ?? .null),
      ("code", makeText(words.code)),
    ])
  }
}

/// A fault in words.
public struct FaultWords: Sendable {
  public var message: String
  public var hint: String?
  public var code: String

  public init(message: String, hint: String?, code: String) {
    self.message = message
    self.hint = hint
    self.code = code
  }
}

/// Slips of this room itself, reported instead of crashing.
enum MachineProblem: Error { case faultWithoutReason, runInsideRun }

extension Value {
  /// Whether a whole number fits the word.
  static func fitsWord(_ number: Int) -> Bool { (number << 8) >> 8 == number }
}
