/// Making and taking apart values from other rooms. What is made here stays alive until the next safepoint of the loop,
/// which is to say as long as the native that made it runs; `keep` holds it longer.
extension Machine {
  public func makeText(_ text: String) -> Value { heap.text(text) }

  /// Text from UTF-8 that is known to be valid.
  public func makeText(_ utf8: [UInt8]) -> Value { utf8.withUnsafeBufferPointer { heap.text($0) } }

  public func makeText(_ utf8: ArraySlice<UInt8>) -> Value { utf8.withUnsafeBufferPointer { heap.text($0) } }

  public func makeNumber(_ number: Int) -> Value {
    Value.fitsWord(number) ? Value(small: number) : heap.decimal(Decimal(number))
  }

  public func makeNumber(_ number: Decimal) -> Value { heap.decimal(number) }
  public func makeDate(_ date: CivilDate) -> Value { .date(date) }
  public func makeDatetime(_ instant: Instant) -> Value { .datetime(instant) }
  public func makeDuration(_ duration: CalendarDuration) -> Value { heap.duration(duration) }
  public func makeRange(_ lower: Value, _ upper: Value) -> Value { heap.pair(.range, lower, upper) }

  /// A property value whose text does not fit the property's type.
  public func makeInvalid(_ text: String, type: String) -> Value {
    heap.pair(.invalid, heap.text(text), heap.text(type))
  }

  public func makeList(_ values: [Value]) -> Value { values.withUnsafeBufferPointer { heap.list($0) } }

  /// A record; of fields given twice the last counts.
  public func makeRecord(_ fields: [(String, Value)]) -> Value {
    let names = fields.map { heap.shapes.name($0.0) }
    let shape = heap.shapes.shape(names)
    let record = Value(cell: heap.record(shape: shape.id, count: shape.count), Tag.record)
    for (index, name) in names.enumerated() {
      if let slot = shape.slots[name] { record.slots[slot] = fields[index].1 }
    }
    return record
  }

  /// The fields that many records share, looked up once.
  public struct Form {
    let shape: Shape
    /// Number of distinct fields.
    public var count: Int { shape.count }
  }

  /// - Parameter fields: names, all different.
  public func form(_ fields: [String]) -> Form { Form(shape: heap.shapes.shape(fields.map { heap.shapes.name($0) })) }

  /// A record of a form; missing values are null.
  public func makeRecord(_ form: Form, _ values: [Value], source: Int = 0, line: Int = 0) -> Value {
    let cell = heap.record(shape: form.shape.id, count: form.shape.count)
    let record = Value(cell: cell, Tag.record)
    for slot in 0..<form.shape.count { record.slots[slot] = slot < values.count ? values[slot] : .null }
    cell.pointee.origin = Origin(source: UInt32(truncatingIfNeeded: source), line: UInt32(truncatingIfNeeded: line))
    return record
  }

  /// A record of texts that stand in one stretch of valid UTF-8, as the cells of a row do.
  /// - Parameter ranges: where the text of each field stands.
  public func makeRecord(_ form: Form, utf8: [UInt8], ranges: [Range<Int>], source: Int, line: Int) -> Value {
    let count = form.shape.count
    precondition(ranges.count >= count)
    let cell = heap.record(shape: form.shape.id, count: count)
    cell.pointee.origin = Origin(source: UInt32(truncatingIfNeeded: source), line: UInt32(truncatingIfNeeded: line))
    let record = Value(cell: cell, Tag.record)
    let heap = self.heap
    utf8.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      for slot in 0..<count {
        let range = ranges[slot]
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        record.slots[slot] = heap.readText(base + range.lowerBound, range.count, before: base + bytes.count)
      }
    }
    return record
  }

  /// The sum of two numbers, when both are ordinary ones with the same decimals; nil says nothing.
  public func ordinarySum(_ x: Value, _ y: Value) -> Value? {
    guard sameScale(x, y) else { return nil }
    let (sum, over) = x.word.addingReportingOverflow(y.word & ~0xff)
    return over ? nil : Value(word: sum)
  }

  /// The number that a text is, when it is an ordinary one that fits a word; nil says nothing.
  public func ordinaryNumber(_ text: Value) -> Value? {
    text.withText { bytes in
      let negative = bytes.first == UInt8(ascii: "-")
      var index = negative ? 1 : 0
      guard bytes.count - index <= 17, index < bytes.count else { return nil }
      var mantissa = 0
      var point: Int?
      let first = index
      while index < bytes.count {
        let digit = bytes[index] &- 48
        if digit <= 9 {
          mantissa = mantissa &* 10 &+ Int(digit)
        } else if bytes[index] == UInt8(ascii: "."), point == nil, index > first, index + 1 < bytes.count {
          point = index
        } else {
          return nil
        }
        index += 1
      }
      guard bytes.count - first - (point == nil ? 0 : 1) <= 16 else { return nil }
      let scale = point.map { bytes.count - 1 - $0 } ?? 0
      return Value(raw: UInt64(bitPattern: Int64((negative ? -mantissa : mantissa) << 8)) | UInt64(scale) << 3)
    }
  }

  /// What a native gives to say that there is no value yet; programs never see it.
  public var absent: Value { .end }

  // MARK: Looking inside

  /// A field of a record; nil when it has none of that name or is no record.
  public func field(_ record: Value, _ name: String) -> Value? {
    guard record.has(Tag.record), let name = heap.shapes.known(name) else { return nil }
    return heap.shapes.shapes[Int(record.header.pointee.extra)].slots[name].map { record.slots[$0] }
  }

  /// Names and values in order; empty for anything that is no record.
  public func fields(_ record: Value) -> [(name: String, value: Value)] {
    guard record.has(Tag.record) else { return [] }
    let names = heap.shapes.shapes[Int(record.header.pointee.extra)].names
    return names.enumerated().map { (heap.shapes.names[$0.element], record.slots[$0.offset]) }
  }

  /// How many fields a record has; 0 for anything that is no record.
  public func fieldCount(_ record: Value) -> Int {
    guard record.has(Tag.record) else { return 0 }
    return heap.shapes.shapes[Int(record.header.pointee.extra)].count
  }

  public func fieldNames(_ record: Value) -> [String] {
    guard record.has(Tag.record) else { return [] }
    return heap.shapes.shapes[Int(record.header.pointee.extra)].names.map { heap.shapes.names[$0] }
  }

  // MARK: Origins

  /// A number under which rows can say that they came from this file or portal; from 1.
  /// - Parameter columns: the fields that every row has, where they are known beforehand. To read another field of such
  ///   a row is a fault.
  public func registerSource(_ name: String, columns: Form? = nil) -> Int {
    let shape = columns?.shape.id
    if let index = sources.firstIndex(where: { $0.name == name && $0.columns == shape }) { return index + 1 }
    sources.append(SourceOfRows(name: name, columns: shape))
    return sources.count
  }

  /// File and line of a row that came from a file.
  public func source(of record: Value) -> (file: String, line: Int)? {
    guard record.has(Tag.record) else { return nil }
    let origin = record.record.pointee.origin
    guard origin.isFile else { return nil }
    return (sources[Int(origin.source) - 1].name, Int(origin.line))
  }

  /// A record that knows which line of a file it came from; any other value stays what it is. The record must be new.
  public func withOrigin(_ value: Value, source: Int, line: Int) -> Value {
    if value.has(Tag.record) {
      value.record.pointee.origin = Origin(
        source: UInt32(truncatingIfNeeded: source), line: UInt32(truncatingIfNeeded: line))
    }
    return value
  }

  /// The registered number of the portal that a row was read from, or that the row it was made of was; nil for any
  /// other record.
  public func portalSource(of record: Value) -> Int? {
    guard record.has(Tag.record) else { return nil }
    let origin = record.record.pointee.origin
    return origin.source > 0 && !origin.isFile ? Int(origin.source) : nil
  }

  /// Whether a record is as it was read from a portal, so that its values are the portal's.
  public func isAsRead(_ record: Value) -> Bool {
    portalSource(of: record) != nil && record.record.pointee.origin.line == 0
  }

  /// Whether a record may lack properties that a portal's record has, because they were not read: a record as it was
  /// read, and one that such a record was spread into.
  public func isPartial(_ record: Value) -> Bool { record.has(Tag.record) && record.record.pointee.origin.isPartial }

  /// Items of anything that is a list in itself: lists, whole-number ranges of at most `limits.items`, one record.
  public func listItems(_ value: Value) -> [Value]? {
    if let items = value.items { return items }
    if let range = value.range, let lower = range.lower.int, let upper = range.upper.int {
      if lower > upper { return [] }
      let (steps, over) = upper.subtractingReportingOverflow(lower)
      if over || steps >= limits.items { return nil }
      var numbers: [Value] = []
      numbers.reserveCapacity(steps + 1)
      for number in lower...upper {
        numbers.append(makeNumber(number))
        if !goesOn(after: 1) { return [] }
      }
      return numbers
    }
    return value.type == .record ? [value] : nil
  }
}

/// A key with its hash, which is computed once and in pieces: keys of large values are themselves large.
private struct HashedKey: Hashable {
  let text: ExactText
  private let digest: Int
  private static let pieceBytes = 1 << 16

  /// nil when the run has to end.
  init?(_ key: String, _ machine: Machine) {
    var key = key
    var hasher = Hasher()
    let isWhole = key.withUTF8 { bytes in
      for start in stride(from: 0, to: bytes.count, by: HashedKey.pieceBytes) {
        let piece = bytes[start..<min(start + HashedKey.pieceBytes, bytes.count)]
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[piece.indices]))
        if !machine.goesOn(after: piece.count / 16) { return false }
      }
      return true
    }
    guard isWhole else { return nil }
    text = ExactText(key)
    digest = hasher.finalize()
  }

  static func == (left: HashedKey, right: HashedKey) -> Bool { left.digest == right.digest && left.text == right.text }
  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

/// Values a `distinct` stage has met.
final class SeenValues {
  private var keys: Set<HashedKey> = []
  /// What is told apart by its address must stay, or the address could come back as something else.
  private var keepers: [Machine.Keeper] = []

  /// Whether it was not there yet.
  func insert(_ value: Value, in machine: Machine) -> Bool {
    let (key, hasIdentity) = machine.keyAndIdentity(of: value)
    // A key that may not be whole, of a run that ends, must not stay.
    guard let hashed = HashedKey(key, machine), keys.insert(hashed).inserted else { return false }
    if hasIdentity { keepers.append(machine.keep(value)) }
    return true
  }
}

extension Machine {
  /// A text that two values share exactly when they are equal. Numbers lose their trailing zeros, records their order.
  /// Functions that hold something, streams, invalid values and what is nested too deep are told apart by address, so that their key is
  /// good only as long as they live.
  ///
  /// The key is whole even when the run is told to end meanwhile.
  public func key(of value: Value) -> String {
    var making = KeyMaking(room: limits.textBytes, mayBeAbandoned: false)
    return key(of: value, 0, &making)
  }

  /// As `key(of:)`, for work that ends with the run.
  func keyAndIdentity(of value: Value) -> (key: String, hasIdentity: Bool) {
    var making = KeyMaking(room: limits.textBytes, mayBeAbandoned: true)
    let key = key(of: value, 0, &making)
    return (key, making.hasIdentity)
  }

  private struct KeyMaking {
    var hasIdentity = false
    /// Bytes that the key may still grow by: a value with shared parts spells out to much more than it holds.
    var room: Int
    let mayBeAbandoned: Bool
  }

  private func key(of value: Value, _ depth: Int, _ making: inout KeyMaking) -> String {
    making.room -= 8 + value.textCount
    if making.mayBeAbandoned {
      guard goesOn(after: 64 + value.textCount) else { return "" }
      if making.room < 0 { abandon(.tooLarge(what: "value to compare", limit: limits.textBytes)) }
    }
    if let number = value.decimal { return "n\(number.reduced)" }
    if let string = value.string { return "s\(string.utf8.count):\(string)" }
    if let moment = moment(of: value) { return "t\(moment)" }
    if depth < 64, making.room >= 0 {
      if value.has(Tag.list) {
        var key = "["
        for index in 0..<value.list.pointee.count {
          key += self.key(of: value.list.pointee.buffer.pointee.items[index], depth + 1, &making) + ","
          if making.mayBeAbandoned, isAbandoned { return "" }
        }
        return key + "]"
      }
      if value.type == .record {
        var parts: [String] = []
        for field in fields(value) {
          parts.append("\(field.name.utf8.count):\(field.name)=" + key(of: field.value, depth + 1, &making))
          if making.mayBeAbandoned, isAbandoned { return "" }
        }
        return "{" + parts.sorted().joined(separator: ",") + "}"
      }
      if let range = value.range {
        return "r" + key(of: range.lower, depth + 1, &making) + key(of: range.upper, depth + 1, &making)
      }
    }
    switch value.type {
    case .null, .bool, .duration: return "\(value.type.rawValue):" + text(of: value)
    case .function where value.header.pointee.extra == 0: return "f\(UInt(bitPattern: value.function.pointee.code))"
    default:
      making.hasIdentity = true
      return "i\(value.bits)"
    }
  }
}
