import Glibc

/// Sizes that end in a clean fault instead of a crash.
public struct MachineLimits: Sendable {
  /// Calls inside calls.
  public var depth = 20_000
  /// Bytes of one text.
  public var textBytes = 64 << 20
  /// Items of one list.
  public var items = 20_000_000
  /// Bytes of all values together that the program holds on to.
  public var heapBytes = 2 << 30
  /// Different forms of records, which is to say lists of field names in an order.
  public var shapes = 1 << 19
  /// Seconds that one run may take; nil for no limit. Whoever runs the machine keeps the time.
  public var seconds: Double?

  public init() {}
}

/// Arguments of a native function.
public struct Arguments {
  let start: UnsafeMutablePointer<Value>
  public let count: Int

  /// The argument at `index`; null when it was not given.
  public subscript(index: Int) -> Value {
    guard index >= 0, index < count else { return .null }
    return start[index].isEnd ? .null : start[index]
  }

  /// Whether the caller gave it.
  public func has(_ index: Int) -> Bool { index >= 0 && index < count && !start[index].isEnd }
}

/// A function written in Swift. It may make values freely; it must not run lis code.
public typealias Native = (Machine, Arguments) throws -> Value

/// Registers, frames, constants and globals of one program, and the loop that runs it (`Machine+Loop.swift`).
///
/// A machine belongs to one thread at a time. Values it makes are good as long as it lives, and are kept over a
/// collection only when a register, constant, global or `keep` reaches them.
public final class Machine {
  public let stop: StopFlag
  public let limits: MachineLimits
  /// The zone that dates and times are compared and shown in.
  public var zone: TimeZoneRules = .utc
  let heap = Heap()

  // Registers. `soft` is a limit that no frame has started above since the last collection; the next one wipes stale
  // registers up to it.
  let stack: Raw
  let stackBytes = 32 << 20
  var soft: Raw
  let frames: UnsafeMutablePointer<Frame>
  /// Frames in use when a native was called; natives do not run code, so this is 0 outside of `run`.
  static let slack = 64 << 10
  /// Bytes of the largest frame. The compiler spills to globals or refuses before it reaches them.
  public static let frameBytes = 8 << 10

  let blocks: UnsafeMutablePointer<CodeBlock>
  public static let functionLimit = 1 << 16
  public internal(set) var functions: [FunctionInfo] = []
  var constants: UnsafeMutablePointer<Value>
  var constantCount = 0
  var constantCapacity = 256
  var constantIndex: [UInt64: Int] = [:]
  var textConstants: [ExactText: Int] = [:]
  var globals: UnsafeMutablePointer<Value>
  public internal(set) var globalNames: [String] = []
  var globalCapacity = 256
  /// In memory of their own: an array of a class's would be held and released at each call.
  var natives: UnsafeMutablePointer<NativeFunction>
  var nativeCount = 0
  var nativeCapacity = 256
  /// Values that Swift code holds over safepoints.
  let kept = KeptValues()
  /// Files and portals that rows came from, by `Origin.source` less one.
  var sources: [SourceOfRows] = []
  /// Answers of `lacksColumn`: nearly always about rows of one form and file.
  var lastWhole: WholeRows?

  var isRunning = false
  /// Units of work until the stop flag is looked at: see `work`.
  var workLeft = Machine.workBetweenLooks
  /// How often natives have looked at the stop flag.
  public internal(set) var looks = 0
  /// Called at each look, on the machine's thread. For tests.
  public var onLook: ((Int) -> Void)?
  /// Why the values being computed will be thrown away.
  var abandoned: FaultKind?
  /// Set by a slow path that returns false.
  var pending: FaultKind?
  /// The fault that ended the last run.
  var raised: Fault?
  /// Puts a fault into words for `catch`; set by the room that knows the words.
  public var describeFault: ((Fault) -> FaultWords)?
  let slotCache: UnsafeMutablePointer<SlotEntry>
  /// 1, 10, 100 … for as long as they fit an Int. Not a global, which would be read through a once-check each time.
  let powers: UnsafeMutablePointer<Int>
  static let powerCount = 19
  let mergePlans: UnsafeMutablePointer<MergePlan>
  var advance: UnsafeMutablePointer<CodeBlock>
  /// Names that field access treats on its own.
  let sourceName: Int
  /// Regular expressions that were used, by their text.
  var patterns: [ExactText: Pattern] = [:]

  public init(limits: MachineLimits = MachineLimits(), stop: StopFlag = StopFlag()) {
    self.limits = limits
    self.stop = stop
    // Zeroed by the system page by page when first touched: a start costs nothing for registers never used.
    stack = Machine.zeroed(stackBytes)
    soft = stack + Machine.slack
    frames = .allocate(capacity: limits.depth + 8)
    blocks = Machine.zeroed(Machine.functionLimit * MemoryLayout<CodeBlock>.stride)
      .assumingMemoryBound(to: CodeBlock.self)
    constants = .allocate(capacity: constantCapacity)
    globals = .allocate(capacity: globalCapacity)
    natives = .allocate(capacity: nativeCapacity)
    slotCache = .allocate(capacity: SlotEntry.count)
    slotCache.initialize(repeating: SlotEntry(shape: .max, name: 0, offset: 0), count: SlotEntry.count)
    powers = .allocate(capacity: Machine.powerCount)
    powers[0] = 1
    for exponent in 1..<Machine.powerCount { powers[exponent] = powers[exponent - 1] * 10 }
    mergePlans = .allocate(capacity: MergePlan.count)
    for index in 0..<MergePlan.count { (mergePlans + index).initialize(to: MergePlan()) }
    advance = blocks
    sourceName = heap.shapes.name("source")
    advance = blocks + loadAdvance().index
  }

  deinit {
    for index in 0..<functions.count where blocks[index].loaded { blocks[index].code.deallocate() }
    free(stack)
    free(Raw(blocks))
    frames.deallocate()
    constants.deallocate()
    globals.deallocate()
    natives.deinitialize(count: nativeCount)
    natives.deallocate()
    slotCache.deallocate()
    for index in 0..<MergePlan.count { mergePlans[index].places.deallocate() }
    mergePlans.deallocate()
    powers.deallocate()
  }

  private static func zeroed(_ bytes: Int) -> Raw {
    guard let memory = calloc(1, bytes) else { Heap.outOfMemory(bytes) }
    return memory
  }

  /// A collection at every safepoint with freed cells poisoned, so that a missed root shows itself. For tests.
  public var collectsAlways: Bool {
    get { heap.stressed }
    set { heap.stressed = newValue }
  }

  public var collections: Int { heap.collections }
  /// Bytes that survived the last collection.
  public var liveBytes: Int { heap.live }
  /// The most bytes that ever survived a collection.
  public var largestLiveBytes: Int { heap.largestLive }
  /// Different forms of records that were met.
  public var shapeCount: Int { heap.shapes.shapes.count }

  // MARK: Constants, globals, natives

  func constant(_ value: Value) -> Int {
    if let index = constantIndex[value.bits] { return index }
    if constantCount == constantCapacity { constants = Machine.grown(constants, &constantCapacity) }
    constants[constantCount] = value
    constantIndex[value.bits] = constantCount
    constantCount += 1
    return constantCount - 1
  }

  func textConstant(_ text: String) -> Int {
    if let index = textConstants[ExactText(text)] { return index }
    let index = constant(heap.text(text))
    textConstants[ExactText(text)] = index
    return index
  }

  /// A global that has no value yet.
  public func declareGlobal(_ name: String) -> Int {
    if globalNames.count == globalCapacity { globals = Machine.grown(globals, &globalCapacity) }
    globals[globalNames.count] = .end
    globalNames.append(name)
    return globalNames.count - 1
  }

  public func global(_ index: Int) -> Value? { globals[index].isEnd ? nil : globals[index] }
  public func setGlobal(_ index: Int, _ value: Value) { globals[index] = value }

  private static func grown(_ old: UnsafeMutablePointer<Value>, _ capacity: inout Int) -> UnsafeMutablePointer<Value> {
    let larger = UnsafeMutablePointer<Value>.allocate(capacity: capacity * 2)
    larger.update(from: old, count: capacity)
    old.deallocate()
    capacity *= 2
    return larger
  }

  public func addNative(_ name: String, _ body: @escaping Native) -> Int {
    if nativeCount == nativeCapacity {
      let larger = UnsafeMutablePointer<NativeFunction>.allocate(capacity: nativeCapacity * 2)
      larger.moveInitialize(from: natives, count: nativeCount)
      natives.deallocate()
      natives = larger
      nativeCapacity *= 2
    }
    (natives + nativeCount).initialize(to: NativeFunction(body: body))
    nativeCount += 1
    return nativeCount - 1
  }

  /// Keeps a value alive until the keeper is released.
  public func keep(_ value: Value) -> Keeper { Keeper(kept, value) }

  /// A value that Swift code holds on to. It may be released at any time, also after the machine.
  public final class Keeper {
    private let kept: KeptValues
    private let index: Int

    init(_ kept: KeptValues, _ value: Value) {
      self.kept = kept
      index = kept.add(value)
    }

    public var value: Value {
      get { kept[index] }
      set { kept[index] = newValue }
    }

    deinit { kept.remove(index) }
  }

  // MARK: Collection

  /// Called by the loop alone, between two instructions.
  @inline(never) func collect(_ base: Raw) {
    heap.stop = stop.flag
    let isComplete = heap.collect(
      stack: stack.assumingMemoryBound(to: Value.self),
      top: (base + Machine.frameBytes).assumingMemoryBound(to: Value.self),
      highest: (soft + Machine.frameBytes).assumingMemoryBound(to: Value.self),
      roots: [
        UnsafeMutableBufferPointer(start: constants, count: constantCount),
        UnsafeMutableBufferPointer(start: globals, count: globalNames.count),
        UnsafeMutableBufferPointer(start: kept.values, count: kept.count),
      ])
    guard isComplete else { return }
    if heap.live > limits.heapBytes { stop.stop(.memory) }
    heap.holdThreshold(below: limits.heapBytes)
    // Everything above has been wiped; after one deep recursion the next collections need not wipe it again.
    soft = min(base + Machine.slack, stack + stackBytes - Machine.slack)
  }

  /// Raises the soft limit when a frame is about to start above it; false when the stack is used up.
  @inline(never) func raise(_ base: Raw) -> Bool {
    let end = stack + stackBytes - Machine.slack
    if base > end {
      pending = .tooDeep(limit: limits.depth)
      return false
    }
    soft = min(base + Machine.slack, end)
    return true
  }
}

/// A native by itself: inside of a generic container a closure is called through a second function.
struct NativeFunction {
  let body: Native
}

struct Frame {
  var pc: UnsafeMutablePointer<Instruction>
  var base: Raw
  var captures: UnsafeMutablePointer<Value>?
}

/// Second level of the field cache: shape and name to slot. `absent` remembers that there is no such field.
struct SlotEntry {
  var shape: UInt32
  var name: UInt32
  var offset: UInt32

  static let count = 1024
  static let absent: UInt32 = .max
}

/// How a record of one shape merges with one of another: the shape that comes out, and for each slot of the right record
/// its place in it.
struct MergePlan {
  var left: UInt32 = .max
  var right: UInt32 = .max
  var shape: UInt32 = 0
  var count: UInt32 = 0
  var leftCount: UInt32 = 0
  var rightCount: UInt32 = 0
  /// The result is about what the right record is about.
  var isOfRight = false
  var places = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)

  static let count = 128
}
