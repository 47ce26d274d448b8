/// Something that rows can be read from, again and again: `find`, a file. The machine asks for a cursor each time a
/// program reads the stream.
public protocol RowSource: AnyObject {
  func open(_ machine: Machine) throws -> any RowCursor
  /// How the source reads in messages and when a program prints the stream itself: `find line_items`.
  var title: String { get }
}

/// One reading of a `RowSource`.
public protocol RowCursor: AnyObject {
  /// The next rows as a list, never empty; nil at the end. May block.
  func nextPage(_ machine: Machine) throws -> Value?
}

extension Machine {
  public func makeSource(_ source: any RowSource) -> Value { heap.opaque(source) }

  /// The Swift object behind a value that `makeSource` or `makeOpaque` made.
  public func object(_ value: Value) -> AnyObject? { heap.object(value) }

  /// The Swift object that a stream reads, whatever its stages; nil where it is computed by the program.
  public func sourceObject(of value: Value) -> AnyObject? {
    guard value.isCell(.stream) else { return heap.object(value) }
    return heap.object(value.cell.assumingMemoryBound(to: StreamCell.self).pointee.source)
  }

  public func makeOpaque(_ object: AnyObject) -> Value { heap.opaque(object) }

  @inline(never) func makeStream(_ source: Value, _ stages: Value, _ target: UnsafeMutablePointer<Value>) {
    // A stream over a stream reads the first one's source and runs its stages before its own.
    if source.isCell(.stream) {
      let inner = source.cell.assumingMemoryBound(to: StreamCell.self).pointee
      let list = heap.list(capacity: (inner.stages.itemCount ?? 0) + (stages.itemCount ?? 0))
      for value in (inner.stages.items ?? []) + (stages.items ?? []) { heap.push(list.list, value) }
      target.pointee = heap.pair(.stream, inner.source, list)
    } else {
      target.pointee = heap.pair(.stream, source, stages)
    }
  }

  /// Turns what stands in `x[0]` into a list or a cursor.
  /// - Returns: 1 when it can be read, 0 when the function now in `x[1]` has to be called first (its result belongs
  ///   in `x[2]`, and this is then asked again as `second`), -1 for a fault.
  @inline(never) func openSlowly(_ x: UnsafeMutablePointer<Value>, second: Bool) -> Int {
    let value = x[0]
    if second { return openCursor(x, source: x[2], stages: stages(of: value)) }
    if value.isCell(.stream) {
      let stream = value.cell.assumingMemoryBound(to: StreamCell.self).pointee
      if stream.source.has(Tag.function) {
        x[1] = stream.source
        return 0
      }
      return openCursor(x, source: stream.source, stages: stream.stages)
    }
    return openCursor(x, source: value, stages: .null)
  }

  private func stages(of stream: Value) -> Value {
    stream.isCell(.stream) ? stream.cell.assumingMemoryBound(to: StreamCell.self).pointee.stages : .null
  }

  private func openCursor(_ x: UnsafeMutablePointer<Value>, source: Value, stages: Value) -> Int {
    let hasStages = (stages.itemCount ?? 0) > 0
    if source.has(Tag.list), !hasStages {
      x[0] = source
      x[1] = Value(small: 0)
      return 1
    }
    var reading = source
    if wantsNothing(stages) {
      // Opening a source may cost requests; nothing of it would be read.
      reading = heap.list(capacity: 0)
    } else if let object = heap.object(source) as? any RowSource {
      do { reading = heap.opaque(try object.open(self)) } catch { return host(error) }
    } else if source.has(Tag.record) {
      // A record in front of a stage is a stream of one.
      reading = heap.list(capacity: 1)
      heap.push(reading.list, source)
    } else if source.isNull {
      reading = heap.list(capacity: 1)
    } else if let range = source.range {
      guard range.lower.int != nil, range.upper.int != nil else {
        pending = .notReadable(.range)
        return -1
      }
    } else if source.isCell(.stream) {
      // What a computed stream gave is itself a stream: read that one.
      let inner = source.cell.assumingMemoryBound(to: StreamCell.self).pointee
      guard !inner.source.has(Tag.function) else {
        pending = .notReadable(.stream)
        return -1
      }
      let all = heap.list(capacity: 4)
      for stage in (inner.stages.items ?? []) + (stages.items ?? []) { heap.push(all.list, stage) }
      return openCursor(x, source: inner.source, stages: all)
    } else if !source.has(Tag.list) {
      pending = .notReadable(source.type)
      return -1
    }
    x[0] = heap.cursor(source: reading, stages: hasStages ? stages : .null, counts: counts(for: stages))
    x[1] = Value(small: 0)
    return 1
  }

  /// Whether a stage lets no row through whatever comes.
  private func wantsNothing(_ stages: Value) -> Bool {
    for index in stride(from: 0, to: (stages.itemCount ?? 0) - 1, by: 2)
    where stages.item(index)?.int == StageKind.take.rawValue {
      if let limit = stages.item(index + 1)?.int, limit <= 0 { return true }
    }
    return false
  }

  /// One word for each stage; the `distinct` ones get a set of what they have seen.
  private func counts(for stages: Value) -> Value {
    guard let items = stages.items, !items.isEmpty else { return .null }
    let list = heap.list(capacity: items.count / 2)
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      let isDistinct = items[index].int == StageKind.distinct.rawValue
      heap.push(list.list, isDistinct ? heap.opaque(SeenValues()) : Value(small: 0))
    }
    return list
  }

  /// The next row of a cursor before its stages.
  @inline(never) func pull(_ value: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if stop.isStopped {
      noteStop()
      return false
    }
    let cursor = value.cell.assumingMemoryBound(to: CursorCell.self)
    let source = cursor.pointee.source
    if source.has(Tag.list) {
      target.pointee = source.item(cursor.pointee.position) ?? .end
      cursor.pointee.position += 1
      return true
    }
    if let range = source.range, let lower = range.lower.int, let upper = range.upper.int {
      let (next, over) = lower.addingReportingOverflow(cursor.pointee.position)
      target.pointee = over || next > upper ? .end : makeNumber(next)
      cursor.pointee.position += 1
      return true
    }
    return pullPage(cursor, target)
  }

  private func pullPage(_ cursor: UnsafeMutablePointer<CursorCell>, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if let row = cursor.pointee.page.item(cursor.pointee.position) {
      cursor.pointee.position += 1
      target.pointee = row
      return true
    }
    guard let rows = heap.object(cursor.pointee.source) as? any RowCursor else {
      target.pointee = .end
      return true
    }
    do {
      guard let page = try rows.nextPage(self), let first = page.item(0) else {
        cursor.pointee.page = .null
        cursor.pointee.position = 0
        target.pointee = .end
        return true
      }
      cursor.pointee.page = page
      cursor.pointee.position = 1
      target.pointee = first
      return true
    } catch {
      return host(error) > 0
    }
  }

  @inline(never) func stage(_ value: Value, _ index: Value, _ target: UnsafeMutablePointer<Value>) {
    let stages = value.cell.assumingMemoryBound(to: CursorCell.self).pointee.stages
    target[0] = stages.item(index.payload * 2) ?? .null
    target[1] = stages.item(index.payload * 2 + 1) ?? .null
  }

  /// A stage that counts or remembers decides on a row. `target[0]` holds the row's key for `distinct` and becomes 0
  /// for keep, 1 for drop, 2 for the end of the stream.
  @inline(never) func count(_ value: Value, _ index: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    let cell = value.cell.assumingMemoryBound(to: CursorCell.self)
    let cursor = cell.pointee
    guard let kind = cursor.stages.item(index.payload * 2)?.int.flatMap(StageKind.init(rawValue:)),
      let argument = cursor.stages.item(index.payload * 2 + 1), cursor.counts.has(Tag.list)
    else { return false }
    let words = cursor.counts.list.pointee.buffer.pointee.items
    if kind == .distinct {
      let seen = heap.object(words[index.payload]) as? SeenValues
      target[0] = Value(small: seen?.insert(target[0], in: self) == true ? 0 : 1)
      return true
    }
    guard let limit = argument.int else {
      pending = .badArgument(
        function: kind == .take ? "take" : "skip", parameter: "count", expected: "a whole number", found: argument.type)
      return false
    }
    let before = words[index.payload].payload
    words[index.payload] = Value(small: before + 1)
    switch kind {
    case .take:
      target[0] = Value(small: before < limit ? 0 : 2)
      if before + 1 >= limit {
        // The last row: asking for the one after it could cost a page that nobody reads.
        cell.pointee.source = .null
        cell.pointee.page = .null
      }
    default: target[0] = Value(small: before < limit ? 1 : 0)
    }
    return true
  }

  func host(_ error: any Error) -> Int {
    if let kind = error as? FaultKind {
      pending = kind
    } else if let fault = error as? Fault {
      pending = fault.kind
    } else {
      pending = .host(error)
    }
    return -1
  }

  /// The routine that brings the next row of the cursor in register 0 through its stages, as bytecode: stages are
  /// functions of the language, and natives must not call those.
  func loadAdvance() -> FunctionID {
    let code = Assembler(machine: self, name: "rows", source: -1)
    let cursor = 0
    let row = 1
    let index = 2
    let kind = 3
    let function = 4
    let verdict = 5
    let window = 6
    let next = code.label()
    let leave = code.label()
    let again = code.label()
    let advanced = code.label()
    code.place(next)
    code.emit(.pull, row, cursor)
    code.jump(.jumpIfEnd, row, to: leave)
    code.emit(.loadWhole, index, immediate: 0)
    code.place(again)
    code.emit(.stage, kind, cursor, index)
    let active = code.label()
    code.jump(.jumpUnlessNull, kind, to: active)
    code.jump(.jump, 0, to: leave)
    code.place(active)
    let notFilter = code.label()
    code.jumpUnlessEqual(kind, whole: StageKind.filter.rawValue, to: notFilter)
    code.emit(.move, window, row)
    code.callValue(function, window: window, count: 1, into: verdict)
    code.jump(.jumpUnlessTrue, verdict, to: next)
    code.jump(.jump, 0, to: advanced)
    code.place(notFilter)
    let notMap = code.label()
    code.jumpUnlessEqual(kind, whole: StageKind.map.rawValue, to: notMap)
    code.emit(.move, window, row)
    code.callValue(function, window: window, count: 1, into: row)
    code.jump(.jump, 0, to: advanced)
    code.place(notMap)
    let counting = code.label()
    code.emit(.move, verdict, row)
    code.jumpUnlessEqual(kind, whole: StageKind.distinct.rawValue, to: counting)
    let keyed = code.label()
    code.jump(.jumpUnlessNull, function, to: keyed)
    code.jump(.jump, 0, to: counting)
    code.place(keyed)
    code.emit(.move, window, row)
    code.callValue(function, window: window, count: 1, into: verdict)
    code.place(counting)
    code.emit(.count, verdict, cursor, index)
    let notDropped = code.label()
    code.jumpUnlessEqual(verdict, whole: 1, to: notDropped)
    code.jump(.loop, 0, to: next)
    code.place(notDropped)
    let kept = code.label()
    code.jumpUnlessEqual(verdict, whole: 2, to: kept)
    code.emit(.loadAbsent, row)
    code.jump(.jump, 0, to: leave)
    code.place(kept)
    code.place(advanced)
    code.emit(.addWhole, index, index, immediate: 1)
    code.jump(.loop, 0, to: again)
    code.place(leave)
    code.emit(.return, row)
    return code.finish(parameters: 1, required: 1)
  }
}
