/// The loop. Rules that keep it fast: operands are read through the instruction pointer inside each case; fast paths
/// stand inline and everything else is a function that is never inlined; no closures, arrays, strings, thrown errors
/// or class properties besides the heap's allocation fields.

@inline(__always) func register(_ base: Raw, _ offset: UInt16) -> UnsafeMutablePointer<Value> {
  (base + Int(offset)).assumingMemoryBound(to: Value.self)
}
@inline(__always) func signed(_ operand: UInt16) -> Int { Int(Int16(bitPattern: operand)) }

extension Machine {
  /// A collection lowers the limit above which a call has to ask for registers.
  @inline(__always) func safepoint(_ base: Raw, _ limit: inout Raw) {
    if heap.allocated > heap.threshold {
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
    pending = nil
    running: while true {
      loop: while true {
        let i = pc
        pc += 1
        switch i.pointee.operation {
        case .move: register(base, i.pointee.a).pointee = register(base, i.pointee.b).pointee
        case .loadConstant: register(base, i.pointee.a).pointee = constants[i.pointee.wide]
        case .loadWhole: register(base, i.pointee.a).pointee = Value(small: signed(i.pointee.b))
        case .loadNull: register(base, i.pointee.a).pointee = .null
        case .loadTrue: register(base, i.pointee.a).pointee = Value(raw: Tag.true)
        case .loadFalse: register(base, i.pointee.a).pointee = Value(raw: Tag.false)
        case .loadAbsent: register(base, i.pointee.a).pointee = Value(raw: Tag.end)
        case .getGlobal:
          let value = globals[i.pointee.wide]
          if value.isEnd {
            unset(i.pointee.wide)
            break loop
          }
          register(base, i.pointee.a).pointee = value
        case .setGlobal: globals[i.pointee.wide] = register(base, i.pointee.a).pointee
        case .newVariable:
          register(base, i.pointee.a).pointee = heap.variable(register(base, i.pointee.b).pointee)
          safepoint(base, &limit)
        case .getVariable:
          let value = register(base, i.pointee.b).pointee.cell.assumingMemoryBound(to: VariableCell.self).pointee.value
          if value.isEnd {
            unset(-1)
            break loop
          }
          register(base, i.pointee.a).pointee = value
        case .setVariable:
          register(base, i.pointee.a).pointee.cell.assumingMemoryBound(to: VariableCell.self).pointee.value =
            register(base, i.pointee.b).pointee
        case .getCapture: register(base, i.pointee.a).pointee = captures.unsafelyUnwrapped[Int(i.pointee.b)]

        case .add:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if sameScale(x, y) {
            let (sum, over) = x.word.addingReportingOverflow(y.word & ~0xff)
            if !over {
              register(base, i.pointee.a).pointee = Value(word: sum)
              continue loop
            }
          }
          if !addSlowly(x, y, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .subtract:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if sameScale(x, y) {
            let (difference, over) = x.word.subtractingReportingOverflow(y.word & ~0xff)
            if !over {
              register(base, i.pointee.a).pointee = Value(word: difference)
              continue loop
            }
          }
          if !subtractSlowly(x, y, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .multiply:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if bothNumbers(x, y) {
            let (product, over) = (x.word & ~0xff).multipliedReportingOverflow(by: y.payload)
            let scale = (x.bits & 0xff) &+ (y.bits & 0xff)
            if !over && scale <= 31 << 3 {
              register(base, i.pointee.a).pointee = Value(raw: UInt64(bitPattern: Int64(product)) | scale)
              continue loop
            }
          }
          if !multiplySlowly(x, y, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .divide:
          if !divideSlowly(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          safepoint(base, &limit)
        case .remainder:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if x.isWhole && y.isWhole && y.bits != 0 {
            register(base, i.pointee.a).pointee = Value(small: x.payload % y.payload)
            continue loop
          }
          if !remainderSlowly(x, y, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .addWhole:
          let x = register(base, i.pointee.b).pointee
          if x.isWhole {
            let (sum, over) = x.word.addingReportingOverflow(signed(i.pointee.c) << 8)
            if !over {
              register(base, i.pointee.a).pointee = Value(word: sum)
              continue loop
            }
          }
          if !addSlowly(x, Value(small: signed(i.pointee.c)), register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .multiplyWhole:
          let x = register(base, i.pointee.b).pointee
          if x.isNumber {
            let (product, over) = (x.word & ~0xff).multipliedReportingOverflow(by: signed(i.pointee.c))
            if !over {
              register(base, i.pointee.a).pointee = Value(raw: UInt64(bitPattern: Int64(product)) | (x.bits & 0xff))
              continue loop
            }
          }
          if !multiplySlowly(x, Value(small: signed(i.pointee.c)), register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .remainderWhole:
          let x = register(base, i.pointee.b).pointee
          let modulus = signed(i.pointee.c)
          if x.isWhole && modulus > 0 {
            let value = x.payload
            // A 32-bit division takes a fraction of the time of a 64-bit one.
            let rest =
              value >= 0 && value <= 0xffff_ffff
              ? Int(UInt32(truncatingIfNeeded: value) % UInt32(truncatingIfNeeded: modulus)) : value % modulus
            register(base, i.pointee.a).pointee = Value(small: rest)
            continue loop
          }
          if !remainderSlowly(x, Value(small: modulus), register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .addConstant:
          let x = register(base, i.pointee.b).pointee
          let y = constants[Int(i.pointee.c)]
          if sameScale(x, y) {
            let (sum, over) = x.word.addingReportingOverflow(y.word & ~0xff)
            if !over {
              register(base, i.pointee.a).pointee = Value(word: sum)
              continue loop
            }
          }
          if !addSlowly(x, y, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .subtractConstant:
          let x = register(base, i.pointee.b).pointee
          let y = constants[Int(i.pointee.c)]
          if sameScale(x, y) {
            let (difference, over) = x.word.subtractingReportingOverflow(y.word & ~0xff)
            if !over {
              register(base, i.pointee.a).pointee = Value(word: difference)
              continue loop
            }
          }
          if !subtractSlowly(x, y, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .multiplyConstant:
          let x = register(base, i.pointee.b).pointee
          let y = constants[Int(i.pointee.c)]
          if bothNumbers(x, y) {
            let (product, over) = (x.word & ~0xff).multipliedReportingOverflow(by: y.payload)
            let scale = (x.bits & 0xff) &+ (y.bits & 0xff)
            if !over && scale <= 31 << 3 {
              register(base, i.pointee.a).pointee = Value(raw: UInt64(bitPattern: Int64(product)) | scale)
              continue loop
            }
          }
          if !multiplySlowly(x, y, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .negate:
          if !negateSlowly(register(base, i.pointee.b).pointee, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)

        case .less:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if sameScale(x, y) {
            register(base, i.pointee.a).pointee = Value(x.word < y.word)
            continue loop
          }
          if !orderSlowly(x, y, orEqual: false, register(base, i.pointee.a)) { break loop }
        case .lessOrEqual:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if sameScale(x, y) {
            register(base, i.pointee.a).pointee = Value(x.word <= y.word)
            continue loop
          }
          if !orderSlowly(x, y, orEqual: true, register(base, i.pointee.a)) { break loop }
        case .equal:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if sameScale(x, y) {
            register(base, i.pointee.a).pointee = Value(x.bits == y.bits)
            continue loop
          }
          register(base, i.pointee.a).pointee = Value(areEqual(x, y))
          // Without an answer there is no work left.
          if workLeft <= 0 { break loop }
        case .notEqual:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if sameScale(x, y) {
            register(base, i.pointee.a).pointee = Value(x.bits != y.bits)
            continue loop
          }
          register(base, i.pointee.a).pointee = Value(!areEqual(x, y))
          if workLeft <= 0 { break loop }
        case .test:
          if !testSlowly(
            i.pointee.x, register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee,
            register(base, i.pointee.a)) || workLeft <= 0
          {
            break loop
          }
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
        case .and, .or:
          if !kleene(
            i.pointee.operation == .and, register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee,
            register(base, i.pointee.a))
          {
            break loop
          }
        case .range:
          if !makeRange(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          safepoint(base, &limit)

        case .jump: pc += i.pointee.wide
        case .loop:
          pc += i.pointee.wide
          if stopFlag.pointee.load(ordering: .relaxed) != 0 {
            noteStop()
            break loop
          }
        case .jumpUnless:
          let x = register(base, i.pointee.a).pointee
          if x.bits == Tag.false {
            pc += i.pointee.wide
          } else if x.bits != Tag.true {
            notABool(x)
            break loop
          }
        case .jumpUnlessTrue:
          let x = register(base, i.pointee.a).pointee
          if x.bits != Tag.true {
            if x.bits != Tag.false && !x.isNull {
              notABool(x)
              break loop
            }
            pc += i.pointee.wide
          }
        case .jumpIfFalse:
          let x = register(base, i.pointee.a).pointee
          if x.bits == Tag.false {
            pc += i.pointee.wide
          } else if x.bits != Tag.true && !x.isNull {
            notABool(x)
            break loop
          }
        case .jumpIfTrue:
          let x = register(base, i.pointee.a).pointee
          if x.bits == Tag.true {
            pc += i.pointee.wide
          } else if x.bits != Tag.false && !x.isNull {
            notABool(x)
            break loop
          }
        case .jumpUnlessNull: if !register(base, i.pointee.a).pointee.isNull { pc += i.pointee.wide }
        case .jumpIfGiven: if !register(base, i.pointee.a).pointee.isEnd { pc += i.pointee.wide }
        case .jumpIfEnd: if register(base, i.pointee.a).pointee.isEnd { pc += i.pointee.wide }
        case .jumpIfList: if register(base, i.pointee.a).pointee.has(Tag.list) { pc += i.pointee.wide }
        case .jumpUnlessStream: if !register(base, i.pointee.a).pointee.isStream { pc += i.pointee.wide }
        case .jumpUnlessLess:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if sameScale(x, y) {
            if !(x.word < y.word) { pc += signed(i.pointee.c) }
            continue loop
          }
          let verdict = orderVerdict(x, y, orEqual: false, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          if verdict == 0 { pc += signed(i.pointee.c) }
        case .jumpUnlessLessOrEqual:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if sameScale(x, y) {
            if !(x.word <= y.word) { pc += signed(i.pointee.c) }
            continue loop
          }
          let verdict = orderVerdict(x, y, orEqual: true, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          if verdict == 0 { pc += signed(i.pointee.c) }
        case .jumpUnlessEqual:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if sameScale(x, y) {
            if x.bits != y.bits { pc += signed(i.pointee.c) }
            continue loop
          }
          let isEqual = areEqual(x, y)
          if workLeft <= 0 { break loop }
          if !isEqual { pc += signed(i.pointee.c) }
        case .jumpIfEqual:
          let x = register(base, i.pointee.a).pointee
          let y = register(base, i.pointee.b).pointee
          if sameScale(x, y) {
            if x.bits == y.bits { pc += signed(i.pointee.c) }
            continue loop
          }
          let isEqual = areEqual(x, y)
          if workLeft <= 0 { break loop }
          if isEqual { pc += signed(i.pointee.c) }
        case .jumpUnlessLessWhole:
          let x = register(base, i.pointee.a).pointee
          if x.isWhole {
            if !(x.word < signed(i.pointee.b) << 8) { pc += signed(i.pointee.c) }
            continue loop
          }
          let verdict = orderVerdict(x, Value(small: signed(i.pointee.b)), orEqual: false, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          if verdict == 0 { pc += signed(i.pointee.c) }
        case .jumpUnlessLessOrEqualWhole:
          let x = register(base, i.pointee.a).pointee
          if x.isWhole {
            if !(x.word <= signed(i.pointee.b) << 8) { pc += signed(i.pointee.c) }
            continue loop
          }
          let verdict = orderVerdict(x, Value(small: signed(i.pointee.b)), orEqual: true, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          if verdict == 0 { pc += signed(i.pointee.c) }
        case .jumpUnlessGreaterWhole:
          let x = register(base, i.pointee.a).pointee
          if x.isWhole {
            if !(x.word > signed(i.pointee.b) << 8) { pc += signed(i.pointee.c) }
            continue loop
          }
          let verdict = orderVerdict(Value(small: signed(i.pointee.b)), x, orEqual: false, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          if verdict == 0 { pc += signed(i.pointee.c) }
        case .jumpUnlessGreaterOrEqualWhole:
          let x = register(base, i.pointee.a).pointee
          if x.isWhole {
            if !(x.word >= signed(i.pointee.b) << 8) { pc += signed(i.pointee.c) }
            continue loop
          }
          let verdict = orderVerdict(Value(small: signed(i.pointee.b)), x, orEqual: true, lenient: i.pointee.x)
          if verdict < 0 { break loop }
          if verdict == 0 { pc += signed(i.pointee.c) }
        case .jumpUnlessEqualWhole:
          let x = register(base, i.pointee.a).pointee
          if x.isWhole {
            if x.word != signed(i.pointee.b) << 8 { pc += signed(i.pointee.c) }
          } else if !areEqual(x, Value(small: signed(i.pointee.b))) {
            pc += signed(i.pointee.c)
          }

        case .rangePrepare:
          let x = register(base, i.pointee.a)
          let (before, over) = x[0].word.subtractingReportingOverflow(256)
          if (x[0].bits | x[1].bits) & 0xff != 0 || over {
            if !prepareRange(x) { break loop }
          } else {
            x[0] = Value(word: before)
          }
          pc += signed(i.pointee.b)
        case .rangeStep:
          let x = register(base, i.pointee.a)
          let (next, over) = x[0].word.addingReportingOverflow(256)
          if !over && next <= x[1].word {
            x[0] = Value(word: next)
            pc += signed(i.pointee.b)
            if stopFlag.pointee.load(ordering: .relaxed) != 0 {
              noteStop()
              break loop
            }
          }
        case .open:
          let x = register(base, i.pointee.a)
          if x[0].has(Tag.list) && i.pointee.x == 0 {
            x[1] = Value(small: 0)
            pc += Int(i.pointee.b)
            continue loop
          }
          let verdict = openSlowly(x, second: i.pointee.x == 1)
          if verdict < 0 { break loop }
          if verdict == 1 { pc += Int(i.pointee.b) }
          safepoint(base, &limit)
        case .step:
          let x = register(base, i.pointee.a)
          if x[0].has(Tag.list) {
            let position = x[1].payload
            let list = x[0].list
            if position < list.pointee.count {
              register(base, i.pointee.b).pointee = list.pointee.buffer.pointee.items[position]
              x[1] = Value(small: position &+ 1)
              pc += signed(i.pointee.c)
              if stopFlag.pointee.load(ordering: .relaxed) != 0 {
                noteStop()
                break loop
              }
            }
          } else {
            let cursor = x[0].cell.assumingMemoryBound(to: CursorCell.self)
            let page = cursor.pointee.page
            if cursor.pointee.stages.isNull && page.has(Tag.list)
              && cursor.pointee.position < page.list.pointee.count
            {
              register(base, i.pointee.b).pointee = page.list.pointee.buffer.pointee.items[cursor.pointee.position]
              cursor.pointee.position &+= 1
              pc += signed(i.pointee.c)
              if stopFlag.pointee.load(ordering: .relaxed) != 0 {
                noteStop()
                break loop
              }
            } else {
              pc += 1
            }
          }
        case .pull:
          if !pull(register(base, i.pointee.b).pointee, register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .stage:
          stage(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
        case .count:
          if !count(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          safepoint(base, &limit)

        case .getField:
          let x = register(base, i.pointee.b).pointee
          if x.has(Tag.record) {
            let shape = x.header.pointee.extra
            // The cache word behind the name: shape, then byte offset of the slot.
            let cache = UnsafeMutableRawPointer(pc + 1).assumingMemoryBound(to: FieldCache.self)
            if shape == cache.pointee.shape {
              register(base, i.pointee.a).pointee =
                (x.cell + Int(cache.pointee.offset)).assumingMemoryBound(to: Value.self).pointee
              pc += 2
              continue loop
            }
            if !getField(x, pc, cache, register(base, i.pointee.a)) { break loop }
            pc += 2
            safepoint(base, &limit)
          } else {
            if !getFieldElsewhere(x, pc, register(base, i.pointee.a)) { break loop }
            pc += 2
            safepoint(base, &limit)
          }
        case .newRecord:
          let count = Int(i.pointee.x)
          let shape = UnsafeMutableRawPointer(pc).load(as: UInt64.self)
          let record = heap.record(shape: UInt32(truncatingIfNeeded: shape), count: count)
          let from = register(base, i.pointee.b)
          let to = (Raw(record) + RecordCell.slotsOffset).assumingMemoryBound(to: Value.self)
          var index = 0
          while index < count {
            to[index] = from[index]
            index &+= 1
          }
          register(base, i.pointee.a).pointee = Value(cell: record, Tag.record)
          pc += 1
          safepoint(base, &limit)
        case .merge:
          if !merge(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          {
            break loop
          }
          safepoint(base, &limit)
        case .change:
          let shape = UnsafeMutableRawPointer(pc).load(as: UInt64.self)
          if !change(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c), UInt32(truncatingIfNeeded: shape),
            Int(i.pointee.x), register(base, i.pointee.a))
          {
            break loop
          }
          pc += 1
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
        case .push:
          let list = register(base, i.pointee.a).pointee.list
          let buffer = list.pointee.buffer
          let filled = buffer.pointee.filled
          if filled == buffer.pointee.capacity {
            if !makeRoom(buffer) { break loop }
            safepoint(base, &limit)
          }
          buffer.pointee.items[filled] = register(base, i.pointee.b).pointee
          buffer.pointee.filled = filled &+ 1
          list.pointee.count = filled &+ 1
        case .append:
          let x = register(base, i.pointee.b).pointee
          if x.has(Tag.list) {
            if x.list.pointee.count >= limits.items {
              tooManyItems()
              break loop
            }
            register(base, i.pointee.a).pointee = heap.appending(register(base, i.pointee.c).pointee, to: x.list)
            if i.pointee.x == 1 { pc += 1 + pc.pointee.wide }
            safepoint(base, &limit)
          } else if i.pointee.x == 1 {
            pc += 1
          } else if x.isNull {
            register(base, i.pointee.a).pointee = .null
          } else {
            cannot("join", x, .list)
            break loop
          }
        case .index:
          let x = register(base, i.pointee.b).pointee
          let y = register(base, i.pointee.c).pointee
          if x.has(Tag.list) && y.isWhole && UInt(bitPattern: y.payload) < UInt(bitPattern: x.list.pointee.count) {
            register(base, i.pointee.a).pointee = x.list.pointee.buffer.pointee.items[y.payload]
            continue loop
          }
          if !indexSlowly(x, y, register(base, i.pointee.a)) { break loop }
        case .join:
          if !join(register(base, i.pointee.b), Int(i.pointee.x), register(base, i.pointee.a)) { break loop }
          safepoint(base, &limit)
        case .newStream:
          makeStream(
            register(base, i.pointee.b).pointee, register(base, i.pointee.c).pointee, register(base, i.pointee.a))
          safepoint(base, &limit)
        case .copyOrigin:
          copyOrigin(
            register(base, i.pointee.b).pointee, register(base, i.pointee.a).pointee, onlyFiles: i.pointee.x == 1)

        case .closure:
          let count = Int(i.pointee.x)
          let cell = heap.allocate(FunctionCell.capturesOffset &+ count &* 8, .function)
          cell.assumingMemoryBound(to: FunctionCell.self).pointee.code = blocks + Int(i.pointee.b)
          cell.assumingMemoryBound(to: Header.self).pointee.extra = UInt32(truncatingIfNeeded: count)
          let to = (cell + FunctionCell.capturesOffset).assumingMemoryBound(to: Value.self)
          var index = 0
          while index < count {
            to[index] =
              pc[index].x == 1
              ? register(base, pc[index].b).pointee : captures.unsafelyUnwrapped[Int(pc[index].b)]
            index &+= 1
          }
          register(base, i.pointee.a).pointee = Value(cell: cell, Tag.function)
          pc += count
          safepoint(base, &limit)
        case .call:
          frame.pointee = Frame(pc: pc, base: base, captures: captures)
          frame += 1
          base += Int(i.pointee.a)
          if base > limit {
            if !raise(base) {
              base -= Int(i.pointee.a)
              frame -= 1
              break loop
            }
            limit = soft
          }
          if frame > lastFrame || stopFlag.pointee.load(ordering: .relaxed) != 0 {
            refuseCall(frame > lastFrame)
            base -= Int(i.pointee.a)
            frame -= 1
            break loop
          }
          pc = UnsafeMutableRawPointer(pc).load(as: UnsafeMutablePointer<CodeBlock>.self).pointee.code
        case .callValue:
          let function = register(base, i.pointee.c).pointee
          if !function.has(Tag.function) {
            notAFunction(function)
            break loop
          }
          let block = function.function.pointee.code
          if block.pointee.parameters != i.pointee.x {
            if !fillArguments(register(base, i.pointee.a), Int(i.pointee.x), block) { break loop }
          }
          frame.pointee = Frame(pc: pc, base: base, captures: captures)
          frame += 1
          base += Int(i.pointee.a)
          captures = function.captures
          if base > limit {
            if !raise(base) {
              base -= Int(i.pointee.a)
              frame -= 1
              captures = frame.pointee.captures
              break loop
            }
            limit = soft
          }
          if frame > lastFrame || stopFlag.pointee.load(ordering: .relaxed) != 0 {
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
      if let target = unwind(pc, base, captures, frame) {
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
