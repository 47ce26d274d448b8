import Glibc

/// Equality is total: any two values are equal or not. Order exists among numbers, among texts, among dates and
/// datetimes, among durations of one kind and among bools' refusal: see `order`.
extension Machine {
  /// Numbers compare by value and not by digits, texts by code points, records in any key order, an invalid value
  /// equals only itself. Nested values are compared with a list of work instead of recursion, since a program can nest
  /// deeper than the machine's own stack.
  @inline(never) func areEqual(_ x: Value, _ y: Value) -> Bool {
    if x.bits == y.bits { return true }
    if x.isConstant || y.isConstant || (x.has(Tag.short) && y.has(Tag.short)) { return false }
    return equalOthers(x, y)
  }

  @inline(never) private func equalOthers(_ x: Value, _ y: Value) -> Bool {
    if let verdict = flatEqual(x, y) { return verdict }
    var work = [(x, y)]
    // Parts that stand in many places of both values are compared once: a value of n cells can hold 2ⁿ parts.
    var met: Set<Pair> = []
    var count = 0
    while let (x, y) = work.popLast() {
      // Shared parts can unfold without end. The flag also keeps natives from running, so nothing comes of this answer.
      if stop.isStopped { return false }
      if let verdict = flatEqual(x, y) {
        if !verdict { return false }
        continue
      }
      count += 1
      // Small values have no time to lose on remembering.
      if count > Machine.pairsComparedPlainly, !met.insert(Pair(left: x.bits, right: y.bits)).inserted { continue }
      if !goesOn(after: 4) || !spread(x, y, &work) { return false }
    }
    return true
  }

  private struct Pair: Hashable {
    var left: UInt64
    var right: UInt64
  }

  private static let pairsComparedPlainly = 256

  /// The answer for values without parts; nil when parts have to be looked at.
  private func flatEqual(_ x: Value, _ y: Value) -> Bool? {
    if x.bits == y.bits { return true }
    if bothNumbers(x, y), let (left, right) = atOneScale(x, y) { return left == right }
    if let left = x.decimal, let right = y.decimal { return left == right }
    if x.has(Tag.text), y.has(Tag.text) {
      guard x.header.pointee.extra == y.header.pointee.extra else { return false }
      return x.withText { left in
        y.withText { right in
          memcmp(left.baseAddress.unsafelyUnwrapped, right.baseAddress.unsafelyUnwrapped, left.count) == 0
        }
      }
    }
    if x.has(Tag.list) || x.has(Tag.record) {
      if x.tag == y.tag { return nil }
      if y.isStream { cannotCompareStream(x, y) }
      return false
    }
    if x.isStream, y.has(Tag.list) { cannotCompareStream(x, y) }
    if let left = x.range, let right = y.range {
      return areEqual(left.lower, right.lower) && areEqual(left.upper, right.upper)
    }
    if let left = x.duration, let right = y.duration { return left == right }
    // A function that holds nothing of its surroundings is the same wherever its name is written.
    if x.has(Tag.function), y.has(Tag.function) {
      return x.header.pointee.extra == 0 && x.function.pointee.code == y.function.pointee.code
    }
    if let left = moment(x, y), let right = moment(y, x) { return left == right }
    if x.isStream, y.isStream { cannotCompareStream(x, y) }
    return false
  }

  /// The rows of a stream are known only to who reads it; that it is unequal must not be the answer.
  @inline(never) private func cannotCompareStream(_ x: Value, _ y: Value) {
    abandon(.cannot(verb: "compare", x.type, y.type))
  }

  private func spread(_ x: Value, _ y: Value, _ work: inout [(Value, Value)]) -> Bool {
    if x.has(Tag.list) {
      guard x.list.pointee.count == y.list.pointee.count else { return false }
      let count = x.list.pointee.count
      let (left, right) = (x.list.pointee.buffer.pointee.items, y.list.pointee.buffer.pointee.items)
      for index in 0..<count {
        if let verdict = flatEqual(left[index], right[index]) {
          if !verdict || !goesOn(after: 1) { return false }
        } else {
          work.append((left[index], right[index]))
        }
      }
      return true
    }
    let left = heap.shapes.shapes[Int(x.header.pointee.extra)]
    let right = heap.shapes.shapes[Int(y.header.pointee.extra)]
    guard left.count == right.count else { return false }
    for (slot, name) in left.names.enumerated() {
      guard let other = right.slots[name] else { return false }
      work.append((x.slots[slot], y.slots[other]))
    }
    return true
  }

  /// A date beside a datetime counts as the start of that day in the run's zone.
  private func moment(_ value: Value, _ other: Value) -> Int? {
    if let instant = value.instant { return instant.milliseconds }
    if let date = value.civilDate { return other.instant == nil ? nil : startOfDay(date) }
    return nil
  }

  /// What a date or datetime is equal by: milliseconds since 1970.
  func moment(of value: Value) -> Int? {
    value.instant?.milliseconds ?? value.civilDate.map(startOfDay)
  }

  /// A day at the very edge of the calendar may begin outside of it in a far zone; it then begins as in UTC.
  private func startOfDay(_ date: CivilDate) -> Int {
    (try? zone.startOfDay(date).milliseconds) ?? Int(date.daysSinceEpoch) * 86_400_000
  }

  /// The first moment of the next day, in milliseconds since 1970.
  public func endOfDay(_ date: CivilDate) -> Int {
    let next = CivilDate(daysSinceEpoch: Int(date.daysSinceEpoch) + 1)
    return next.map(startOfDay) ?? startOfDay(date) + 86_400_000
  }

  /// -1, 0 or 1; nil when the two have no order (`pending` is set then, unless one is null).
  @inline(never) func order(_ x: Value, _ y: Value) -> Int? {
    if bothNumbers(x, y), let (left, right) = atOneScale(x, y) { return left < right ? -1 : left == right ? 0 : 1 }
    if let left = x.decimal, let right = y.decimal { return left.compare(right) }
    if x.isText, y.isText { return orderTexts(x, y) }
    if let left = x.civilDate, let right = y.civilDate { return left < right ? -1 : left == right ? 0 : 1 }
    if let left = moment(x, y), let right = moment(y, x) { return left < right ? -1 : left == right ? 0 : 1 }
    if let left = x.duration, let right = y.duration {
      do { return try left.compare(right) } catch {
        pending = .time(error)
        return nil
      }
    }
    if !x.isNull && !y.isNull { cannot("compare", x, y.type) }
    return nil
  }

  private func orderTexts(_ x: Value, _ y: Value) -> Int {
    x.withText { left in
      y.withText { right in
        let shared = min(left.count, right.count)
        if shared > 0, let a = left.baseAddress, let b = right.baseAddress {
          let verdict = memcmp(a, b, shared)
          if verdict != 0 { return verdict < 0 ? -1 : 1 }
        }
        return left.count < right.count ? -1 : left.count == right.count ? 0 : 1
      }
    }
  }

  /// For sorting: any two values have an order; null and what cannot be compared come last.
  public func sortOrder(_ x: Value, _ y: Value) throws -> Int { try orderForSorting(x, y) }

  func orderForSorting(_ x: Value, _ y: Value) throws(FaultKind) -> Int {
    if x.isNull || y.isNull { return x.isNull == y.isNull ? 0 : x.isNull ? 1 : -1 }
    if let left = x.bool, let right = y.bool { return left == right ? 0 : left ? 1 : -1 }
    if let verdict = order(x, y) { return verdict }
    defer { pending = nil }
    throw pending ?? .cannot(verb: "compare", x.type, y.type)
  }

  public func equal(_ x: Value, _ y: Value) -> Bool { areEqual(x, y) }

  // MARK: Slow paths of the loop

  @inline(never) func orderSlowly(_ x: Value, _ y: Value, orEqual: Bool, _ target: UnsafeMutablePointer<Value>) -> Bool
  {
    if x.isNull || y.isNull {
      target.pointee = .null
      return true
    }
    guard let verdict = order(x, y) else { return false }
    target.pointee = Value(orEqual ? verdict <= 0 : verdict < 0)
    return true
  }

  /// 1 true, 0 false, -1 fault. A null side makes the comparison null: false for `where`, a fault for `if`.
  @inline(never) func orderVerdict(_ x: Value, _ y: Value, orEqual: Bool, lenient: UInt8) -> Int {
    if bothNumbers(x, y), let (left, right) = atOneScale(x, y) {
      return left < right || orEqual && left == right ? 1 : 0
    }
    return otherVerdict(x, y, orEqual: orEqual, lenient: lenient)
  }

  @inline(never) private func otherVerdict(_ x: Value, _ y: Value, orEqual: Bool, lenient: UInt8) -> Int {
    if x.isNull || y.isNull {
      if lenient == 1 { return 0 }
      notABool(.null)
      return -1
    }
    guard let verdict = order(x, y) else { return -1 }
    return (orEqual ? verdict <= 0 : verdict < 0) ? 1 : 0
  }

  @inline(never) func kleene(_ isAnd: Bool, _ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    for value in [x, y] where !value.isBool && !value.isNull {
      notABool(value)
      return false
    }
    let decisive = isAnd ? Tag.false : Tag.true
    if x.bits == decisive || y.bits == decisive {
      target.pointee = Value(raw: decisive)
    } else {
      target.pointee = x.isNull || y.isNull ? .null : Value(isAnd)
    }
    return true
  }
}
