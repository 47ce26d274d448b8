/// Slow paths of arithmetic: numbers of different scale, numbers beyond the word, null, texts, lists, dates.
/// Each sets `pending` and returns false when the operation is a fault.
extension Machine {
  @inline(never) func addSlowly(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    bothNumbers(x, y) && mixedSum(x, y, negated: false, target) || addOthers(x, y, target)
  }

  // Sums of numbers with different decimals are frequent. They stay in a small function; the rest is one of its own.
  @inline(never) private func addOthers(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if let left = x.decimal, let right = y.decimal {
      return numeric(target) { () throws(ArithmeticFault) in try left.adding(right) }
    }
    if x.isNull || y.isNull { return absent(x, y, "add", target) }
    if x.isText, y.isText { return joinTexts(x, y, target) }
    if x.has(Tag.list), y.has(Tag.list) { return joinLists(x, y, target) }
    if let duration = y.duration { return shift(x, by: duration, "add", y, target) }
    if let duration = x.duration { return shift(y, by: duration, "add", x, target) }
    return cannot("add", x, y.type)
  }

  @inline(never) func subtractSlowly(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    bothNumbers(x, y) && mixedSum(x, y, negated: true, target) || subtractOthers(x, y, target)
  }

  @inline(never) private func subtractOthers(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if let left = x.decimal, let right = y.decimal {
      return numeric(target) { () throws(ArithmeticFault) in try left.subtracting(right) }
    }
    if x.isNull || y.isNull { return absent(x, y, "subtract", target) }
    if let left = x.civilDate, let right = y.civilDate {
      target.pointee = heap.duration(left.subtracting(right))
      return true
    }
    if let left = x.instant, let right = y.instant {
      target.pointee = heap.duration(left.subtracting(right))
      return true
    }
    if let duration = y.duration {
      do { return shift(x, by: try duration.negated(), "subtract", y, target) } catch {
        pending = .time(error)
        return false
      }
    }
    return cannot("subtract", x, y.type)
  }

  @inline(never) func multiplySlowly(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if let left = x.decimal, let right = y.decimal {
      return numeric(target) { () throws(ArithmeticFault) in try left.multiplied(by: right) }
    }
    if x.isNull || y.isNull { return absent(x, y, "multiply", target) }
    if let duration = x.duration ?? y.duration, let times = x.decimal ?? y.decimal {
      return timed(target) { () throws(TimeFault) in try duration.multiplied(by: times) }
    }
    return cannot("multiply", x, y.type)
  }

  @inline(never) func divideSlowly(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if let left = x.decimal, let right = y.decimal {
      return numeric(target) { () throws(ArithmeticFault) in try left.divided(by: right) }
    }
    if x.isNull || y.isNull { return absent(x, y, "divide", target) }
    if let duration = x.duration, let divisor = y.decimal {
      if divisor.isZero {
        pending = .arithmetic(.divisionByZero)
        return false
      }
      return timed(target) { () throws(TimeFault) in try duration.divided(by: divisor) }
    }
    return cannot("divide", x, y.type)
  }

  @inline(never) func remainderSlowly(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if let left = x.decimal, let right = y.decimal {
      return numeric(target) { () throws(ArithmeticFault) in try left.remainder(dividingBy: right) }
    }
    if x.isNull || y.isNull { return absent(x, y, "divide", target) }
    return cannot("divide", x, y.type)
  }

  @inline(never) func negateSlowly(_ x: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if let number = x.decimal {
      target.pointee = heap.decimal(number.negated)
    } else if let duration = x.duration {
      return timed(target) { () throws(TimeFault) in try duration.negated() }
    } else if x.isNull {
      target.pointee = .null
    } else {
      pending = .cannot(verb: "negate", x.type, nil)
      return false
    }
    return true
  }

  /// Sum of two numbers in words whose scales differ; false when it does not fit a word.
  @inline(__always)
  private func mixedSum(_ x: Value, _ y: Value, negated: Bool, _ target: UnsafeMutablePointer<Value>) -> Bool {
    guard let (left, right) = atOneScale(x, y) else { return false }
    let (sum, over) = negated ? left.subtractingReportingOverflow(right) : left.addingReportingOverflow(right)
    let word = sum << 8
    if over || word >> 8 != sum { return false }
    target.pointee = Value(raw: UInt64(bitPattern: Int64(word)) | (max(x.bits & 0xff, y.bits & 0xff)))
    return true
  }

  /// Mantissas of two numbers in words, the one with fewer decimals multiplied up; nil when that does not fit an Int.
  @inline(__always) func atOneScale(_ x: Value, _ y: Value) -> (left: Int, right: Int)? {
    let difference = x.scale &- y.scale
    guard difference.magnitude < Machine.powerCount else { return nil }
    let power = powers[Int(difference.magnitude)]
    if difference < 0 {
      let (left, over) = x.payload.multipliedReportingOverflow(by: power)
      return over ? nil : (left, y.payload)
    }
    let (right, over) = y.payload.multipliedReportingOverflow(by: power)
    return over ? nil : (x.payload, right)
  }

  private func numeric(
    _ target: UnsafeMutablePointer<Value>, _ compute: () throws(ArithmeticFault) -> Decimal
  ) -> Bool {
    do {
      target.pointee = heap.decimal(try compute())
      return true
    } catch {
      pending = .arithmetic(error)
      return false
    }
  }

  private func timed(
    _ target: UnsafeMutablePointer<Value>, _ compute: () throws(TimeFault) -> CalendarDuration
  ) -> Bool {
    do {
      target.pointee = heap.duration(try compute())
      return true
    } catch {
      pending = .time(error)
      return false
    }
  }

  /// Arithmetic with null is null, whatever the other side.
  private func absent(_ x: Value, _ y: Value, _ verb: String, _ target: UnsafeMutablePointer<Value>) -> Bool {
    let other = x.isNull ? y : x
    if other.has(Tag.record) || other.has(Tag.function) || other.isBool { return cannot(verb, x, y.type) }
    target.pointee = .null
    return true
  }

  /// Date, datetime or duration plus a duration.
  private func shift(
    _ x: Value, by duration: CalendarDuration, _ verb: String, _ y: Value, _ target: UnsafeMutablePointer<Value>
  ) -> Bool {
    do {
      if let date = x.civilDate {
        target.pointee = .date(try date.adding(duration))
      } else if let instant = x.instant {
        target.pointee = .datetime(try instant.adding(duration, in: zone))
      } else if let other = x.duration {
        target.pointee = heap.duration(try other.adding(duration))
      } else {
        return cannot(verb, x, y.type)
      }
      return true
    } catch {
      pending = .time(error)
      return false
    }
  }

  private func joinTexts(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    let pair = UnsafeMutablePointer<Value>.allocate(capacity: 2)
    defer { pair.deallocate() }
    pair[0] = x
    pair[1] = y
    return join(pair, 2, target)
  }

  private func joinLists(_ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if x.list.pointee.count + y.list.pointee.count > limits.items {
      tooManyItems()
      return false
    }
    target.pointee = heap.joining(x.list, y.list)
    return true
  }

  // MARK: Faults

  @discardableResult
  @inline(never) func cannot(_ verb: String, _ x: Value, _ y: ValueType) -> Bool {
    pending = .cannot(verb: verb, x.type, y)
    return false
  }

  @inline(never) func notABool(_ x: Value) { pending = .notABool(x.type) }
  @inline(never) func tooManyItems() { pending = .tooLarge(what: "list", limit: limits.items) }
  @inline(never) func notAFunction(_ x: Value) { pending = .notAFunction(x.type) }
  @inline(never) func unset(_ global: Int) {
    pending = .usedTooEarly(name: global >= 0 ? globalNames[global] : "")
  }
  @inline(never) func refuseCall(_ deep: Bool) {
    if deep { pending = .tooDeep(limit: limits.depth) } else { noteStop() }
  }
  @inline(never) func fail(_ which: UInt8, _ value: Value) {
    pending = which == 0 ? .noMatchingArm(text: text(of: value)) : .usedTooEarly(name: text(of: value))
  }
}
