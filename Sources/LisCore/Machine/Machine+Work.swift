/// How work outside of the loop stays interruptible. The loop looks at the stop flag at every backward jump and call; a
/// native on a large value says how much it does, and every `workBetweenLooks` units the flag is looked at.
///
/// ```
/// for item in items {
///   try machine.work(1)      // throws when the run has to end
///   …
/// }
/// ```
///
/// A unit is what takes a few nanoseconds: a byte that is scanned, an item that is copied; a hundred at most.
extension Machine {
  /// At a hundred nanoseconds for each this is a few milliseconds.
  static let workBetweenLooks = 1 << 16

  /// Whether the run goes on. When it does not, the caller returns at once with whatever it has: the loop takes the
  /// result for nothing and ends the run.
  @inline(__always) func goesOn(after units: Int) -> Bool {
    workLeft &-= units
    return workLeft > 0 || look()
  }

  /// `goesOn` for natives in other rooms.
  public func mayGoOn(after units: Int) -> Bool { goesOn(after: units) }

  /// `goesOn` for code that throws.
  public func work(_ units: Int) throws(FaultKind) {
    if !goesOn(after: units) { throw abandoned ?? .interrupted }
  }

  /// Ends the run, or the part of it that `try` surrounds, with a fault as soon as the native that runs returns.
  public func abandon(_ kind: FaultKind) {
    if abandoned == nil { abandoned = kind }
    workLeft = 0
  }

  /// Ends a native that alone has made more values than the program may keep: the heap itself is looked at only between
  /// instructions.
  /// - Parameter before: `heap.allocated` when the native began.
  @inline(__always) func holdMemory(since before: Int) throws(FaultKind) {
    if heap.allocated &- before > limits.heapBytes { throw .outOfMemory(limit: limits.heapBytes) }
  }

  /// Whether what is being computed will be thrown away, so that none of it may be shown or kept.
  public var isAbandoned: Bool { abandoned != nil }

  @inline(never) private func look() -> Bool {
    looks += 1
    onLook?(looks)
    if abandoned == nil, let reason = stop.reason { abandoned = FaultKind(reason, limits) }
    // Once abandoned, every further question is answered here, and with no.
    workLeft = abandoned == nil ? Machine.workBetweenLooks : 0
    return abandoned == nil
  }

  /// The fault for which work was abandoned, which is then no longer so.
  func takeAbandoned() -> FaultKind? {
    guard let kind = abandoned else { return nil }
    abandoned = nil
    workLeft = Machine.workBetweenLooks
    return kind
  }

  /// The loop has seen the stop flag.
  @inline(never) func noteStop() { pending = stop.reason.map { FaultKind($0, limits) } ?? .interrupted }
}

extension FaultKind {
  init(_ reason: StopFlag.Reason, _ limits: MachineLimits) {
    self =
      switch reason {
      case .interruption: .interrupted
      case .timeLimit: .outOfTime(seconds: limits.seconds ?? 0)
      case .memory: .outOfMemory(limit: limits.heapBytes)
      }
  }
}
