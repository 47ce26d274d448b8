/// The loop. Rules that keep it fast: operands are read through the instruction pointer inside each case; fast paths
/// stand inline and everything else is a function that is never inlined; no closures, arrays, strings, thrown errors
/// or class properties besides the heap's allocation fields.

@inline(__always) func register(_ base: Raw, _ offset: UInt16) -> UnsafeMutablePointer<Value> {
  (base + Int(offset)).assumingMemoryBound(to: Value.self)
}
/// Copies slots of a record two at a time, so that of an odd number one word more is copied: cells are a multiple of 16
/// bytes long, and so there is room for it; what is read is a register or a slot, or the room behind them.
@inline(__always) func copyInPairs(
  _ from: UnsafeMutablePointer<Value>, _ to: UnsafeMutablePointer<Value>, _ count: Int
) {
  var source = Raw(from)
  var target = Raw(to)
  let end = target + count &* 8
  while target < end {
    target.storeBytes(of: source.loadUnaligned(as: SIMD2<UInt64>.self), as: SIMD2<UInt64>.self)
    source += 16
    target += 16
  }
}
@inline(__always) func signed(_ operand: UInt16) -> Int { Int(Int16(bitPattern: operand)) }

extension Machine {
  /// A collection lowers the limit above which a call has to ask for registers.
  @inline(__always) func safepoint(_ base: Raw, _ limit: inout Raw) {
    if _slowPath(heap.allocated > heap.threshold) {
      collect(base)
      limit = soft
    }
  }

  /// Runs a function without parameters to its end. The result is valid until the machine next runs.
  public func run(_ function: FunctionID) throws(Fault) -> Value {
    // A native that runs code would overwrite the registers of the code that called it.
    guard !isRunning else { throw Fault(.host(MachineProblem.runInsideRun)) }
    isRunning = true
    defer { isRunning = false }
    workLeft = Machine.workBetweenLooks
    abandoned = nil
    var result = Value.null
    let fault = execute(blocks + function.index, &result)
    // What the ended run held is free at the next collection, so that the next run starts with a clean slate.
    if stop.reason == .memory { stop.reset() }
    if let fault { throw fault }
    if let kind = takeAbandoned() { throw Fault(kind) }
    return result
  }

  private func execute(_ entry: UnsafeMutablePointer<CodeBlock>, _ result: inout Value) -> Fault? {
    var pc = entry.pointee.code
    var base = stack
    var frame = frames
    var captures: UnsafeMutablePointer<Value>?
    let heap = self.heap
    let constants = self.constants
    let globals = self.globals
    let stopFlag = stop.flag
    var limit = soft
    let lastFrame = frames + limits.depth
    let mostItems = limits.items
    pending = nil
    running: while true {
      loop: while true {
        let i = pc
        switch i.pointee.operation {
        case .move:
          register(base, i.pointee.a).pointee = register(base, i.pointee.b).pointee
          pc = i + 1
        case .loadConstant:
          register(base, i.pointee.a).pointee = constants[i.pointee.wide]
          pc = i + 1
        case .loadWhole:
          register(base, i.pointee.a).pointee = Value(small: signed(i.pointee.b))
          pc = i + 1
        case .loadNull:
          register(base, i.pointee.a).pointee = .null
          pc = i + 1
        case .loadTrue:
          register(base, i.pointee.a).pointee = Value(raw: Tag.true)
          pc = i + 1
        case .loadFalse:
          register(base, i.pointee.a).pointee = Value(raw: Tag.false)
          pc = i + 1
        case .loadAbsent:
          register(base, i.pointee.a).pointee = Value(raw: Tag.end)
          pc = i + 1
        case .getGlobal:
          let value = globals[i.pointee.wide]
          if _slowPath(value.isEnd) {
            unset(i.pointee.wide)
            break loop
          }
          register(base, i.pointee.a).pointee = value
          pc = i + 1
        case .setGlobal:
          globals[i.pointee.wide] = register(base, i.pointee.a).pointee
          pc = i + 1
        case .newVariable:
          register(base, i.pointee.a).pointee = heap.variable(register(base, i.pointee.b).pointee)
          safepoint(base, &limit)
          pc = i + 1
        case .getVariable:
          let value = register(base, i.pointee.b).pointee.cell.assumingMemoryBound(to: VariableCell.self).pointee.value
          if _slowPath(value.isEnd) {
            unset(-1)
            break loop
          }
          register(base, i.pointee.a).pointee = value
          pc = i + 1
        case .setVariable:
          register(base, i.pointee.a).pointee.cell.assumingMemoryBound(to: VariableCell.self).pointee.value =
            register(base, i.pointee.b).pointee
          pc = i + 1
        case .getCapture:
          register(base, i.pointee.a).pointee = captures.unsafelyUnwrapped[Int(i.pointee.b)]
          pc = i + 1

        case .add:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if _fastPath(sameScale(x, y)) {
            let (sum, over) = x.word.addingReportingOverflow(y.word & ~0xff)
            if _fastPath(!over) {
              register(base, i.pointee.a).pointee = Value(word: sum)
              pc = i + 1
              continue loop
            }
          }
          if _slowPath(!addSlowly(x, y, register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .subtract:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if _fastPath(sameScale(x, y)) {
            let (difference, over) = x.word.subtractingReportingOverflow(y.word & ~0xff)
            if _fastPath(!over) {
              register(base, i.pointee.a).pointee = Value(word: difference)
              pc = i + 1
              continue loop
            }
          }
          if _slowPath(!subtractSlowly(x, y, register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .multiply:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if _fastPath(bothNumbers(x, y)) {
            let (product, over) = (x.word & ~0xff).multipliedReportingOverflow(by: y.payload)
            if _fastPath(!over) {
              let scale = (x.bits & 0xff) &+ (y.bits & 0xff)
              if _fastPath(scale <= 31 << 3) {
                register(base, i.pointee.a).pointee = Value(raw: UInt64(bitPattern: Int64(product)) | scale)
                pc = i + 1
                continue loop
              }
            }
          }
          if _slowPath(!multiplySlowly(x, y, register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .divide:
          if !divideSlowly(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          safepoint(base, &limit)
          pc = i + 1
        case .remainder:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if _fastPath(x.isWhole && y.isWhole && y.bits != 0) {
            register(base, i.pointee.a).pointee = Value(small: x.payload % y.payload)
            pc = i + 1
            continue loop
          }
          if _slowPath(!remainderSlowly(x, y, register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .addWhole:
          let x = register(base, i.pointee.b).pointee
          if _fastPath(x.isWhole) {
            let (sum, over) = x.word.addingReportingOverflow(signed(i.pointee.c) << 8)
            if _fastPath(!over) {
              register(base, i.pointee.a).pointee = Value(word: sum)
              pc = i + 1
              continue loop
            }
          }
          if _slowPath(!addSlowly(x, Value(small: signed(i.pointee.c)), register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .multiplyWhole:
          let x = register(base, i.pointee.b).pointee
          if _fastPath(x.isNumber) {
            let (product, over) = (x.word & ~0xff).multipliedReportingOverflow(by: signed(i.pointee.c))
            if _fastPath(!over) {
              register(base, i.pointee.a).pointee = Value(raw: UInt64(bitPattern: Int64(product)) | (x.bits & 0xff))
              pc = i + 1
              continue loop
            }
          }
          if _slowPath(!multiplySlowly(x, Value(small: signed(i.pointee.c)), register(base, i.pointee.a))) {
            break loop
          }
          safepoint(base, &limit)
          pc = i + 1
        case .remainderWhole:
          let x = register(base, i.pointee.b).pointee
          let modulus = signed(i.pointee.c)
          if _fastPath(x.isWhole && modulus > 0) {
            let value = x.payload
            // A 32-bit division takes a fraction of the time of a 64-bit one.
            let rest =
              value >= 0 && value <= 0xffff_ffff
              ? Int(UInt32(truncatingIfNeeded: value) % UInt32(truncatingIfNeeded: modulus)) : value % modulus
            register(base, i.pointee.a).pointee = Value(small: rest)
            pc = i + 1
            continue loop
          }
          if _slowPath(!remainderSlowly(x, Value(small: modulus), register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .addConstant:
          let x = register(base, i.pointee.b).pointee
          let y = constants[Int(i.pointee.c)]
          if _fastPath(sameScale(x, y)) {
            let (sum, over) = x.word.addingReportingOverflow(y.word & ~0xff)
            if _fastPath(!over) {
              register(base, i.pointee.a).pointee = Value(word: sum)
              pc = i + 1
              continue loop
            }
          }
          if _slowPath(!addSlowly(x, y, register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .subtractConstant:
          let x = register(base, i.pointee.b).pointee
          let y = constants[Int(i.pointee.c)]
          if _fastPath(sameScale(x, y)) {
            let (difference, over) = x.word.subtractingReportingOverflow(y.word & ~0xff)
            if _fastPath(!over) {
              register(base, i.pointee.a).pointee = Value(word: difference)
              pc = i + 1
              continue loop
            }
          }
          if _slowPath(!subtractSlowly(x, y, register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .multiplyConstant:
          let x = register(base, i.pointee.b).pointee
          let y = constants[Int(i.pointee.c)]
          if _fastPath(bothNumbers(x, y)) {
            let (product, over) = (x.word & ~0xff).multipliedReportingOverflow(by: y.payload)
            if _fastPath(!over) {
              let scale = (x.bits & 0xff) &+ (y.bits & 0xff)
              if _fastPath(scale <= 31 << 3) {
                register(base, i.pointee.a).pointee = Value(raw: UInt64(bitPattern: Int64(product)) | scale)
                pc = i + 1
                continue loop
              }
            }
          }
          if _slowPath(!multiplySlowly(x, y, register(base, i.pointee.a))) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .negate:
          if !negateSlowly(register(base, i.pointee.b).pointee, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
          pc = i + 1

        case .less:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if _fastPath(sameScale(x, y)) {
            register(base, i.pointee.a).pointee = Value(x.word < y.word)
            pc = i + 1
            continue loop
          }
          if !orderSlowly(x, y, orEqual: false, register(base, i.pointee.a)) { break loop }
          pc = i + 1
        case .lessOrEqual:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if _fastPath(sameScale(x, y)) {
            register(base, i.pointee.a).pointee = Value(x.word <= y.word)
            pc = i + 1
            continue loop
          }
          if !orderSlowly(x, y, orEqual: true, register(base, i.pointee.a)) { break loop }
          pc = i + 1
        case .equal:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if _fastPath(x.bits == y.bits || sameScale(x, y)) {
            register(base, i.pointee.a).pointee = Value(x.bits == y.bits)
            pc = i + 1
            continue loop
          }
          register(base, i.pointee.a).pointee = Value(areEqual(x, y))
          // Without an answer there is no work left.
          if _slowPath(workLeft <= 0) { break loop }
          pc = i + 1
        case .notEqual:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if _fastPath(x.bits == y.bits || sameScale(x, y)) {
            register(base, i.pointee.a).pointee = Value(x.bits != y.bits)
            pc = i + 1
            continue loop
          }
          register(base, i.pointee.a).pointee = Value(!areEqual(x, y))
          if _slowPath(workLeft <= 0) { break loop }
          pc = i + 1
        case .test:
          if !testSlowly(
            i.pointee.x, register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee,
            register(base, i.pointee.a)) || workLeft <= 0
          {
            break loop
          }
          pc = i + 1
        case .not:
          let x = register(base, i.pointee.b).pointee
          if x.isBool {
            register(base, i.pointee.a).pointee = Value(x.bits == Tag.false)
          } else if x.isNull {
            register(base, i.pointee.a).pointee = .null
          } else {
            notABool(x)
            break loop
          }
          pc = i + 1
        case .and:
          if !kleene(
            true, register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          pc = i + 1
        case .or:
          if !kleene(
            false, register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee,
            register(base, i.pointee.a))
          {
            break loop
          }
          pc = i + 1
        case .range:
          if !makeRange(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          safepoint(base, &limit)
          pc = i + 1

        case .jump:
          pc = i + 1 + i.pointee.wide
        case .loop:
          pc = i + i.pointee.wide
          if _slowPath(stopFlag.pointee.load(ordering: .relaxed) != 0) {
            noteStop()
            break loop
          }
          pc += 1
        case .jumpUnless:
          let x = register(base, i.pointee.a).pointee
          if x.bits == Tag.false {
            pc = i + 1 + i.pointee.wide
          } else if x.bits == Tag.true {
            pc = i + 1
          } else {
            notABool(x)
            break loop
          }
        case .jumpUnlessTrue:
          let x = register(base, i.pointee.a).pointee
          if x.bits == Tag.true {
            pc = i + 1
          } else if x.bits == Tag.false || x.isNull {
            pc = i + 1 + i.pointee.wide
          } else {
            notABool(x)
            break loop
          }
        case .jumpIfFalse:
          let x = register(base, i.pointee.a).pointee
          if x.bits == Tag.false {
            pc = i + 1 + i.pointee.wide
          } else if x.bits == Tag.true || x.isNull {
            pc = i + 1
          } else {
            notABool(x)
            break loop
          }
        case .jumpIfTrue:
          let x = register(base, i.pointee.a).pointee
          if x.bits == Tag.true {
            pc = i + 1 + i.pointee.wide
          } else if x.bits == Tag.false || x.isNull {
            pc = i + 1
          } else {
            notABool(x)
            break loop
          }
        case .jumpIfNull:
          pc = register(base, i.pointee.a).pointee.isNull ? i + 1 + i.pointee.wide : i + 1
        case .jumpUnlessNull:
          pc = register(base, i.pointee.a).pointee.isNull ? i + 1 : i + 1 + i.pointee.wide
        case .jumpIfGiven:
          pc = register(base, i.pointee.a).pointee.isEnd ? i + 1 : i + 1 + i.pointee.wide
        case .jumpIfEnd:
          pc = register(base, i.pointee.a).pointee.isEnd ? i + 1 + i.pointee.wide : i + 1
        case .jumpIfList:
          pc = register(base, i.pointee.a).pointee.has(Tag.list) ? i + 1 + i.pointee.wide : i + 1
        case .jumpUnlessStream:
          pc = register(base, i.pointee.a).pointee.isStream ? i + 1 : i + 1 + i.pointee.wide
        case .jumpUnlessLess:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if _fastPath(sameScale(x, y)) {
            if x.word < y.word {
              pc = i + 1
            } else {
              pc = i + 1 + signed(i.pointee.c)
            }
            continue loop
          }
          let verdict = orderVerdict(x, y, orEqual: false, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          pc = verdict == 0 ? i + 1 + signed(i.pointee.c) : i + 1
        case .jumpUnlessLessOrEqual:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if _fastPath(sameScale(x, y)) {
            if x.word <= y.word {
              pc = i + 1
            } else {
              pc = i + 1 + signed(i.pointee.c)
            }
            continue loop
          }
          let verdict = orderVerdict(x, y, orEqual: true, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          pc = verdict == 0 ? i + 1 + signed(i.pointee.c) : i + 1
        case .jumpUnlessEqual:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if _fastPath(x.bits == y.bits || sameScale(x, y)) {
            pc = x.bits == y.bits ? i + 1 : i + 1 + signed(i.pointee.c)
            continue loop
          }
          let isEqual = areEqual(x, y)
          if _slowPath(workLeft <= 0) { break loop }
          pc = isEqual ? i + 1 : i + 1 + signed(i.pointee.c)
        case .jumpIfEqual:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if _fastPath(x.bits == y.bits || sameScale(x, y)) {
            pc = x.bits == y.bits ? i + 1 + signed(i.pointee.c) : i + 1
            continue loop
          }
          let isEqual = areEqual(x, y)
          if _slowPath(workLeft <= 0) { break loop }
          pc = isEqual ? i + 1 + signed(i.pointee.c) : i + 1
        case .jumpUnlessLessWhole:
          let x = register(base, i.pointee.a).pointee
          if _fastPath(x.isWhole) {
            if x.word < signed(i.pointee.b) << 8 {
              pc = i + 1
            } else {
              pc = i + 1 + signed(i.pointee.c)
            }
            continue loop
          }
          let verdict = orderVerdict(x, Value(small: signed(i.pointee.b)), orEqual: false, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          pc = verdict == 0 ? i + 1 + signed(i.pointee.c) : i + 1
        case .jumpUnlessLessOrEqualWhole:
          let x = register(base, i.pointee.a).pointee
          if _fastPath(x.isWhole) {
            if x.word <= signed(i.pointee.b) << 8 {
              pc = i + 1
            } else {
              pc = i + 1 + signed(i.pointee.c)
            }
            continue loop
          }
          let verdict = orderVerdict(x, Value(small: signed(i.pointee.b)), orEqual: true, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          pc = verdict == 0 ? i + 1 + signed(i.pointee.c) : i + 1
        case .jumpUnlessGreaterWhole:
          let x = register(base, i.pointee.a).pointee
          if _fastPath(x.isWhole) {
            if x.word > signed(i.pointee.b) << 8 {
              pc = i + 1
            } else {
              pc = i + 1 + signed(i.pointee.c)
            }
            continue loop
          }
          let verdict = orderVerdict(Value(small: signed(i.pointee.b)), x, orEqual: false, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          pc = verdict == 0 ? i + 1 + signed(i.pointee.c) : i + 1
        case .jumpUnlessGreaterOrEqualWhole:
          let x = register(base, i.pointee.a).pointee
          if _fastPath(x.isWhole) {
            if x.word >= signed(i.pointee.b) << 8 {
              pc = i + 1
            } else {
              pc = i + 1 + signed(i.pointee.c)
            }
            continue loop
          }
          let verdict = orderVerdict(Value(small: signed(i.pointee.b)), x, orEqual: true, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          pc = verdict == 0 ? i + 1 + signed(i.pointee.c) : i + 1
        case .jumpUnlessEqualWhole:
          let x = register(base, i.pointee.a).pointee
          let y = Value(small: signed(i.pointee.b))
          if x.bits == y.bits || (!x.isWhole && areEqual(x, y)) {
            pc = i + 1
          } else {
            pc = i + 1 + signed(i.pointee.c)
          }

        case .rangePrepare:
          let x = register(base, i.pointee.a)
          let (before, over) = x[0].word.subtractingReportingOverflow(256)
          if (x[0].bits | x[1].bits) & 0xff != 0 || over {
            if !prepareRange(x) { break loop }
          } else {
            x[0] = Value(word: before)
          }
          pc = i + 1 + signed(i.pointee.b)
        case .rangeStep:
          let x = register(base, i.pointee.a)
          if x[0].word < x[1].word {
            x[0] = Value(word: x[0].word &+ 256)
            pc = i + signed(i.pointee.b)
            if _slowPath(stopFlag.pointee.load(ordering: .relaxed) != 0) {
              noteStop()
              break loop
            }
            pc += 1
          } else {
            pc = i + 1
          }
        case .open:
          let x = register(base, i.pointee.a)
          if _fastPath(x[0].has(Tag.list) && i.pointee.x == 0) {
            x[1] = Value(small: 0)
            pc = i + 1 + Int(i.pointee.b)
            continue loop
          }
          let verdict = openSlowly(x, second: i.pointee.x == 1)
          if verdict < 0 { break loop }
          pc = verdict == 1 ? i + 1 + Int(i.pointee.b) : i + 1
          safepoint(base, &limit)
        case .step:
          let x = register(base, i.pointee.a)
          if _fastPath(x[0].has(Tag.list)) {
            let position = x[1].payload
            let list = x[0].list
            if _fastPath(position < list.pointee.count) {
              register(base, i.pointee.b).pointee = list.pointee.buffer.pointee.items[position]
              x[1] = Value(word: x[1].word &+ 256)
              pc = i + signed(i.pointee.c)
              if _slowPath(stopFlag.pointee.load(ordering: .relaxed) != 0) {
                noteStop()
                break loop
              }
              pc += 1
            } else {
              pc = i + 1
            }
          } else {
            let cursor = x[0].cell.assumingMemoryBound(to: CursorCell.self)
            let page = cursor.pointee.page
            if cursor.pointee.stages.isNull && page.has(Tag.list)
              && cursor.pointee.position < page.list.pointee.count
            {
              register(base, i.pointee.b).pointee = page.list.pointee.buffer.pointee.items[cursor.pointee.position]
              cursor.pointee.position &+= 1
              pc = i + signed(i.pointee.c)
              if _slowPath(stopFlag.pointee.load(ordering: .relaxed) != 0) {
                noteStop()
                break loop
              }
              pc += 1
            } else {
              pc = i + 2
            }
          }
        case .pull:
          if !pull(register(base, i.pointee.b).pointee, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .stage:
          stage(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          pc = i + 1
        case .count:
          if !count(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          safepoint(base, &limit)
          pc = i + 1

        case .getField:
          let x = register(base, i.pointee.b).pointee
          if _fastPath(x.has(Tag.record)) {
            let shape = x.record.pointee.header.extra
            // The cache word behind the name: shape, then byte offset of the slot.
            let cache = UnsafeMutableRawPointer(i + 2).assumingMemoryBound(to: FieldCache.self)
            if _fastPath(shape == cache.pointee.shape) {
              register(base, i.pointee.a).pointee =
                (x.cell(Tag.record) + Int(cache.pointee.offset)).assumingMemoryBound(to: Value.self).pointee
              pc = i + 3
              continue loop
            }
            if _slowPath(!getField(x, i + 1, cache, register(base, i.pointee.a))) { break loop }
            pc = i + 3
            safepoint(base, &limit)
          } else {
            if _slowPath(!getFieldElsewhere(x, i + 1, register(base, i.pointee.a))) { break loop }
            pc = i + 3
            safepoint(base, &limit)
          }
        case .newRecord:
          let count = Int(i.pointee.x)
          let shape = UnsafeMutableRawPointer(i + 1).load(as: UInt64.self)
          let record = heap.record(shape: UInt32(truncatingIfNeeded: shape), count: count)
          let from = register(base, i.pointee.b)
          let to = (Raw(record) + RecordCell.slotsOffset).assumingMemoryBound(to: Value.self)
          copyInPairs(from, to, count)
          register(base, i.pointee.a).pointee = Value(cell: record, Tag.record)
          pc = i + 2
          safepoint(base, &limit)
        case .merge:
          if !merge(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          safepoint(base, &limit)
          pc = i + 1
        case .change:
          let shape = UnsafeMutableRawPointer(i + 1).load(as: UInt64.self)
          if !change(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c), UInt32(truncatingIfNeeded: shape),
            Int(i.pointee.x), register(base, i.pointee.a))
          {
            break loop
          }
          pc = i + 2
          safepoint(base, &limit)
        case .newList:
          let list = heap.list(capacity: Int(i.pointee.c))
          let from = register(base, i.pointee.b)
          var index = 0
          while index < Int(i.pointee.c) {
            heap.push(list.list, from[index])
            index &+= 1
          }
          register(base, i.pointee.a).pointee = list
          safepoint(base, &limit)
          pc = i + 1
        case .push:
          let list = register(base, i.pointee.a).pointee.list
          let buffer = list.pointee.buffer
          let filled = buffer.pointee.filled
          if _slowPath(filled == buffer.pointee.capacity) {
            if !makeRoom(buffer) { break loop }
            safepoint(base, &limit)
          }
          buffer.pointee.items[filled] = register(base, i.pointee.b).pointee
          buffer.pointee.filled = filled &+ 1
          list.pointee.count = filled &+ 1
          pc = i + 1
        case .append:
          let x = register(base, i.pointee.b).pointee
          if _fastPath(x.has(Tag.list)) {
            if !append(x, register(base, i.pointee.c).pointee, register(base, i.pointee.a), isOwned: false) {
              break loop
            }
            pc = i.pointee.x == 1 ? i + 2 + i[1].wide : i + 1
            safepoint(base, &limit)
          } else if i.pointee.x == 1 {
            pc = i + 2
          } else if x.isNull {
            register(base, i.pointee.a).pointee = .null
            pc = i + 1
          } else {
            cannot("join", x, .list)
            break loop
          }
        case .lengthen:
          let x = register(base, i.pointee.a).pointee
          if _fastPath(x.has(Tag.list)) {
            let list = x.list
            let count = list.pointee.count
            let buffer = list.pointee.buffer
            if _fastPath(
              list.pointee.header.isOwned != 0 && buffer.pointee.filled == count && count < buffer.pointee.capacity
                && count < mostItems)
            {
              buffer.pointee.items[count] = register(base, i.pointee.b).pointee
              buffer.pointee.filled = count &+ 1
              list.pointee.count = count &+ 1
            } else {
              if !append(x, register(base, i.pointee.b).pointee, register(base, i.pointee.a), isOwned: true) {
                break loop
              }
              safepoint(base, &limit)
            }
            // The usual ways on are constants: the processor foresees which one it is, and need not wait until the
            // operand has been read to know where the next instruction is.
            if _fastPath(i.pointee.c == Instruction.usualDetour) {
              pc = i + 1 + Instruction.usualDetour
            } else if i.pointee.c == 1 {
              pc = i + 2
            } else {
              pc = i + 1 + signed(i.pointee.c)
            }
          } else {
            pc = i + 1
          }
        case .share:
          let x = register(base, i.pointee.a).pointee
          if _fastPath(x.has(Tag.list)) { x.list.pointee.header.isOwned = 0 }
          pc = i + 1
        case .sum:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if _fastPath(sameScale(x, y)) {
            let (sum, over) = x.word.addingReportingOverflow(y.word & ~0xff)
            if _fastPath(!over) {
              register(base, i.pointee.a).pointee = Value(word: sum)
              pc = i + 1 + signed(i.pointee.c)
              continue loop
            }
          }
          pc = i + 1
        case .index:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if x.has(Tag.list) && y.isWhole && UInt(bitPattern: y.payload) < UInt(bitPattern: x.list.pointee.count) {
            register(base, i.pointee.a).pointee = x.list.pointee.buffer.pointee.items[y.payload]
            pc = i + 1
            continue loop
          }
          if !indexSlowly(x, y, register(base, i.pointee.a)) { break loop }
          pc = i + 1
        case .join:
          if !join(register(base, i.pointee.b), Int(i.pointee.x), register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
          pc = i + 1
        case .newStream:
          makeStream(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          safepoint(base, &limit)
          pc = i + 1
        case .copyOrigin:
          copyOrigin(
            register(base, i.pointee.b).pointee, register(base, i.pointee.a).pointee, onlyFiles: i.pointee.x == 1)
          pc = i + 1

        case .closure:
          let count = Int(i.pointee.x)
          let cell = heap.allocate(
            FunctionCell.capturesOffset &+ count &* 8, .function, extra: UInt32(truncatingIfNeeded: count))
          cell.assumingMemoryBound(to: FunctionCell.self).pointee.code = blocks + Int(i.pointee.b)
          let to = (cell + FunctionCell.capturesOffset).assumingMemoryBound(to: Value.self)
          var index = 0
          while index < count {
            to[index] =
              i[index &+ 1].x == 1
              ? register(base, i[index &+ 1].b).pointee : captures.unsafelyUnwrapped[Int(i[index &+ 1].b)]
            index &+= 1
          }
          register(base, i.pointee.a).pointee = Value(cell: cell, Tag.function)
          pc = i + 1 + count
          safepoint(base, &limit)
        case .call:
          frame.pointee = Frame(pc: i + 1, base: base, captures: captures)
          frame += 1
          base += Int(i.pointee.a)
          if _slowPath(base > limit) {
            if !raise(base) {
              base -= Int(i.pointee.a)
              frame -= 1
              break loop
            }
            limit = soft
          }
          if _slowPath(frame > lastFrame || stopFlag.pointee.load(ordering: .relaxed) != 0) {
            refuseCall(frame > lastFrame)
            base -= Int(i.pointee.a)
            frame -= 1
            break loop
          }
          pc = UnsafeMutableRawPointer(i + 1).load(as: UnsafeMutablePointer<CodeBlock>.self).pointee.code
        case .callValue:
          let function = register(base, i.pointee.c).pointee
          if _slowPath(!function.has(Tag.function)) {
            notAFunction(function)
            break loop
          }
          let block = function.function.pointee.code
          if _slowPath(block.pointee.parameters != i.pointee.x) {
            if !fillArguments(register(base, i.pointee.a), Int(i.pointee.x), block) { break loop }
          }
          frame.pointee = Frame(pc: i + 1, base: base, captures: captures)
          frame += 1
          base += Int(i.pointee.a)
          captures = function.captures
          if _slowPath(base > limit) {
            if !raise(base) {
              base -= Int(i.pointee.a)
              frame -= 1
              captures = frame.pointee.captures
              break loop
            }
            limit = soft
          }
          if _slowPath(frame > lastFrame || stopFlag.pointee.load(ordering: .relaxed) != 0) {
            refuseCall(frame > lastFrame)
            base -= Int(i.pointee.a)
            frame -= 1
            captures = frame.pointee.captures
            break loop
          }
          pc = block.pointee.code
        case .callNative:
          if !callNative(Int(i.pointee.c), register(base, i.pointee.a), Int(i.pointee.x), register(base, i.pointee.b)) {
            break loop
          }
          safepoint(base, &limit)
          pc = i + 1
        case .return:
          let value = register(base, i.pointee.a).pointee
          frame -= 1
          let caller = frame.pointee
          base = caller.base
          captures = caller.captures
          // Both kinds of call carry one word after them.
          pc = caller.pc + 1
          register(base, caller.pc[-1].b).pointee = value
        case .fail:
          fail(i.pointee.x, register(base, i.pointee.a).pointee)
          break loop
        case .halt:
          result = register(base, i.pointee.a).pointee
          return nil
        }
      }
      if let target = unwind(pc + 1, base, captures, frame) {
        base = target.base
        captures = target.captures
        pc = target.pc
        frame = target.frame
        // The error is a new record, and what failed may have made values before it did.
        safepoint(base, &limit)
        continue running
      }
      return raised ?? Fault(.host(MachineProblem.faultWithoutReason))
    }
  }
}

struct FieldCache {
  var shape: UInt32
  var offset: UInt32
}
