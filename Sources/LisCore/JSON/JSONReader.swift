import Glibc

/// Why a text is not JSON (RFC 8259), and where.
public struct JSONFault: Error, Sendable, Hashable {
  public enum Reason: Sendable, Hashable {
    case expectedValue, expectedKey, expectedColon, expectedCommaOrEnd
    case unterminatedText, controlCharacter, badEscape, loneSurrogate, badUTF8, badNumber
    case numberTooLarge, tooDeep(limit: Int), duplicateKey(String), tooManyFields(limit: Int), trailing, empty
    /// More different forms of objects than a machine takes.
    case tooManyForms(limit: Int)
    /// The run has to end.
    case stopped
  }
  public var reason: Reason
  /// Byte offset from the start of the text.
  public var offset: Int
}

/// Reads JSON straight into values: no tree in between, no key copied or hashed when an object looks like the one
/// before it.
///
/// What makes it fast: each shape bets on the key that followed last time, so a key costs one `memcmp`; texts are
/// scanned eight bytes at a time; the same words, OR-ed, tell whether UTF-8 has to be checked at all; short texts
/// live in the value.
public struct JSONReader {
  private let machine: Machine
  /// Levels of lists and objects.
  public var depthLimit = JSONReader.usualDepthLimit
  public static let usualDepthLimit = 64
  /// Fields of one object. Shapes are for records; huge dictionaries would fill the shape table.
  public static let fieldLimit = 4096

  public init(machine: Machine) { self.machine = machine }

  /// One value with nothing but white space around it.
  public func read(_ bytes: [UInt8]) throws(JSONFault) -> Value {
    try read(bytes[...])
  }

  /// - Throws: `JSONFault` with an offset from the start of the slice.
  public func read(_ bytes: ArraySlice<UInt8>) throws(JSONFault) -> Value {
    let result: Result<Value, JSONFault> = bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return .failure(JSONFault(reason: .empty, offset: 0)) }
      var scanner = JSONScanner(start: start, count: buffer.count, machine: machine, depthLimit: depthLimit)
      defer { scanner.release() }
      if let value = scanner.whole(start, start + buffer.count) { return .success(value) }
      return .failure(
        JSONFault(reason: scanner.reason ?? .expectedValue, offset: (scanner.failedAt ?? scanner.p) - start))
    }
    return try result.get()
  }
}

struct JSONScanner {
  var p: UnsafePointer<UInt8>
  private var end: UnsafePointer<UInt8>
  private let machine: Machine
  private let heap: Heap
  /// What the heap had given out when the reading began.
  private let allocated: Int
  /// Where to ask next whether the run goes on.
  private var nextLook: UnsafePointer<UInt8>
  private static let bytesBetweenLooks = 1 << 18
  private static let bytesOfNewForm = 1 << 8
  private let depthLimit: Int
  /// Values of the lists and objects that are being read.
  private var stack: UnsafeMutablePointer<Value>
  private var used = 0
  private var capacity = 256
  private var high: UInt64 = 0
  /// By depth, so that objects inside a large one do not make it forget its names.
  private var names: [NamesOfShape] = []
  private(set) var reason: JSONFault.Reason?
  private(set) var failedAt: UnsafePointer<UInt8>?

  init(start: UnsafePointer<UInt8>, count: Int, machine: Machine, depthLimit: Int) {
    p = start
    end = start + count
    self.machine = machine
    heap = machine.heap
    allocated = machine.heap.allocated
    nextLook = start + JSONScanner.bytesBetweenLooks
    self.depthLimit = depthLimit
    stack = .allocate(capacity: capacity)
  }

  func release() { stack.deallocate() }

  /// One value with nothing but white space around it, in a stretch of the text that the scanner was made for.
  mutating func whole(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Value? {
    p = start
    self.end = end
    used = 0
    skipSpace()
    // Also without a byte: an empty array of Swift has an address all the same.
    if p == end { fail(.empty) }
    guard let value = value(0) else { return nil }
    skipSpace()
    if p == end { return value }
    fail(.trailing)
    return nil
  }

  /// Asked by lists and objects for each of their parts.
  @inline(__always) private mutating func goesOn() -> Bool { p < nextLook || look() }

  @inline(never) private mutating func look() -> Bool {
    nextLook = p + JSONScanner.bytesBetweenLooks
    do throws(FaultKind) { try machine.holdMemory(since: allocated) } catch { machine.abandon(error) }
    if machine.goesOn(after: JSONScanner.bytesBetweenLooks / 4) { return true }
    fail(.stopped)
    return false
  }

  mutating func fail(_ reason: JSONFault.Reason) {
    if self.reason == nil {
      self.reason = reason
      failedAt = p
    }
  }

  @inline(__always) mutating func skipSpace() {
    while p < end, p.pointee <= 32, p.pointee == 32 || p.pointee == 10 || p.pointee == 13 || p.pointee == 9 { p += 1 }
  }

  @inline(__always) private mutating func push(_ value: Value) {
    if used == capacity { grow() }
    stack[used] = value
    used &+= 1
  }

  @inline(never) private mutating func grow() {
    let larger = UnsafeMutablePointer<Value>.allocate(capacity: capacity * 2)
    larger.update(from: stack, count: used)
    stack.deallocate()
    stack = larger
    capacity *= 2
  }

  mutating func value(_ depth: Int) -> Value? {
    guard p < end else {
      fail(.expectedValue)
      return nil
    }
    switch p.pointee {
    case UInt8(ascii: "\""):
      p += 1
      return text()
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return list(depth)
    case UInt8(ascii: "t"): return word("true", 4, Value(true))
    case UInt8(ascii: "f"): return word("false", 5, Value(false))
    case UInt8(ascii: "n"): return word("null", 4, .null)
    default: return number()
    }
  }

  private mutating func word(_ text: StaticString, _ count: Int, _ value: Value) -> Value? {
    if end - p >= count, memcmp(p, text.utf8Start, count) == 0 {
      p += count
      return value
    }
    fail(.expectedValue)
    return nil
  }

  private mutating func object(_ depth: Int) -> Value? {
    guard depth < depthLimit else {
      fail(.tooDeep(limit: depthLimit))
      return nil
    }
    p += 1
    skipSpace()
    let base = used
    var shape = 0
    if p < end, p.pointee == UInt8(ascii: "}") {
      p += 1
      return Value(cell: heap.record(shape: 0, count: 0), Tag.record)
    }
    while true {
      skipSpace()
      guard p < end, p.pointee == UInt8(ascii: "\"") else {
        fail(.expectedKey)
        return nil
      }
      p += 1
      let bet = heap.shapes.bets + shape &* KeyBet.perShape
      if bet.pointee.holds(p, end) {
        p += bet.pointee.count
        shape = Int(bet.pointee.child)
      } else {
        guard let next = key(shape, depth) else { return nil }
        shape = next
      }
      skipSpace()
      guard p < end, p.pointee == UInt8(ascii: ":") else {
        fail(.expectedColon)
        return nil
      }
      p += 1
      skipSpace()
      guard goesOn(), let value = value(depth &+ 1) else { return nil }
      push(value)
      skipSpace()
      guard p < end else {
        fail(.expectedCommaOrEnd)
        return nil
      }
      if p.pointee == UInt8(ascii: ",") {
        p += 1
      } else if p.pointee == UInt8(ascii: "}") {
        p += 1
        break
      } else {
        fail(.expectedCommaOrEnd)
        return nil
      }
    }
    let count = used &- base
    let record = heap.record(shape: UInt32(truncatingIfNeeded: shape), count: count)
    let value = Value(cell: record, Tag.record)
    value.slots.update(from: stack + base, count: count)
    used = base
    return value
  }

  /// A key that was not the one expected here: one of the others that followed lately, or looked up and bet on.
  @inline(never) private mutating func key(_ shape: Int, _ depth: Int) -> Int? {
    let bets = heap.shapes.bets + shape * KeyBet.perShape
    for place in 1..<KeyBet.perShape where bets[place].holds(p, end) {
      let found = bets[place]
      p += found.count
      // One place forward, so that the commonest key comes first in time.
      bets[place] = bets[place - 1]
      bets[place - 1] = found
      return Int(found.child)
    }
    let start = p
    guard let value = text() else { return nil }
    // A new form takes as long as so many bytes of those that are known.
    nextLook -= JSONScanner.bytesOfNewForm
    let name = value.string ?? ""
    let parent = heap.shapes.shapes[shape]
    guard parent.count < JSONReader.fieldLimit else {
      fail(.tooManyFields(limit: JSONReader.fieldLimit))
      return nil
    }
    guard heap.shapes.shapes.count < machine.limits.shapes else {
      fail(.tooManyForms(limit: machine.limits.shapes))
      return nil
    }
    while names.count <= depth { names.append(NamesOfShape()) }
    guard
      let child = heap.shapes.child(of: parent, adding: heap.shapes.name(name), remembering: &names[depth])
    else {
      p = start
      fail(.duplicateKey(name))
      return nil
    }
    // Only a key without escapes can be recognised by its bytes; the closing quote is part of the comparison.
    let count = p - start
    if count == value.textCount + 1 {
      heap.shapes.bet(UnsafeBufferPointer(start: start, count: count), from: shape, to: child.id)
    }
    return Int(child.id)
  }

  private mutating func list(_ depth: Int) -> Value? {
    guard depth < depthLimit else {
      fail(.tooDeep(limit: depthLimit))
      return nil
    }
    p += 1
    skipSpace()
    let base = used
    if p < end, p.pointee == UInt8(ascii: "]") {
      p += 1
      return heap.list(capacity: 0)
    }
    while true {
      skipSpace()
      guard goesOn(), let value = value(depth &+ 1) else { return nil }
      push(value)
      skipSpace()
      guard p < end else {
        fail(.expectedCommaOrEnd)
        return nil
      }
      if p.pointee == UInt8(ascii: ",") {
        p += 1
      } else if p.pointee == UInt8(ascii: "]") {
        p += 1
        break
      } else {
        fail(.expectedCommaOrEnd)
        return nil
      }
    }
    let list = heap.list(UnsafeBufferPointer(start: stack + base, count: used &- base))
    used = base
    return list
  }

  // MARK: Texts

  /// To the next quote, backslash or control character, eight bytes at a time.
  @inline(__always) private mutating func scan() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    while end - p >= 8 {
      let word = UnsafeRawPointer(p).loadUnaligned(as: UInt64.self)
      let quote = word ^ 0x2222_2222_2222_2222
      let slash = word ^ 0x5c5c_5c5c_5c5c_5c5c
      let found =
        (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- 0x2020_2020_2020_2020) & ~word)) & tops
      if found != 0 {
        // Bytes behind the find do not belong to this text; they only cost an unneeded check.
        high |= word
        p += found.trailingZeroBitCount >> 3
        return
      }
      high |= word
      p += 8
    }
    while p < end, p.pointee != 34, p.pointee != 92, p.pointee >= 32 {
      high |= UInt64(p.pointee)
      p += 1
    }
  }

  /// `p` stands behind the opening quote.
  @inline(__always) private mutating func text() -> Value? {
    let start = p
    high = 0
    scan()
    guard p < end, p.pointee == 34 else { return difficultText(start) }
    let count = p - start
    if high & 0x8080_8080_8080_8080 != 0, !JSONScanner.isUTF8(start, count) {
      p = start
      fail(.badUTF8)
      return nil
    }
    p += 1
    return heap.readText(start, count, before: end)
  }

  @inline(never) private static func isUTF8(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    String(validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) != nil
  }

  /// A text with escapes, or one that is not right.
  @inline(never) private mutating func difficultText(_ start: UnsafePointer<UInt8>) -> Value? {
    var bytes = [UInt8](UnsafeBufferPointer(start: start, count: p - start))
    while true {
      guard p < end else {
        fail(.unterminatedText)
        return nil
      }
      if p.pointee == 34 { break }
      if p.pointee == 92 {
        guard escape(&bytes) else { return nil }
      } else if p.pointee < 32 {
        fail(.controlCharacter)
        return nil
      } else {
        let from = p
        scan()
        bytes.append(contentsOf: UnsafeBufferPointer(start: from, count: p - from))
      }
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      p = start
      fail(.badUTF8)
      return nil
    }
    p += 1
    return bytes.withUnsafeBufferPointer { heap.text($0) }
  }

  private mutating func escape(_ bytes: inout [UInt8]) -> Bool {
    guard end - p >= 2 else {
      fail(.unterminatedText)
      return false
    }
    switch p[1] {
    case UInt8(ascii: "n"): bytes.append(10)
    case UInt8(ascii: "t"): bytes.append(9)
    case UInt8(ascii: "r"): bytes.append(13)
    case UInt8(ascii: "b"): bytes.append(8)
    case UInt8(ascii: "f"): bytes.append(12)
    case 34, 92, 47: bytes.append(p[1])
    case UInt8(ascii: "u"): return unicodeEscape(&bytes)
    default:
      fail(.badEscape)
      return false
    }
    p += 2
    return true
  }

  private mutating func unicodeEscape(_ bytes: inout [UInt8]) -> Bool {
    guard var code = hex(p + 2) else {
      fail(.badEscape)
      return false
    }
    var length = 6
    if code >= 0xd800, code < 0xdc00 {
      guard end - p >= 12, p[6] == 92, p[7] == UInt8(ascii: "u"), let low = hex(p + 8), low >= 0xdc00, low < 0xe000
      else {
        fail(.loneSurrogate)
        return false
      }
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
      length = 12
    }
    guard let scalar = Unicode.Scalar(code) else {
      fail(.loneSurrogate)
      return false
    }
    bytes.append(contentsOf: String(Character(scalar)).utf8)
    p += length
    return true
  }

  private func hex(_ start: UnsafePointer<UInt8>) -> UInt32? {
    guard end - start >= 4 else { return nil }
    var code: UInt32 = 0
    for index in 0..<4 {
      switch start[index] {
      case 48...57: code = code << 4 | UInt32(start[index] - 48)
      case 65...70: code = code << 4 | UInt32(start[index] - 55)
      case 97...102: code = code << 4 | UInt32(start[index] - 87)
      default: return nil
      }
    }
    return code
  }

  // MARK: Numbers

  /// Exact, in the word when it fits; written digits are kept. Everything unusual goes the long way.
  @inline(__always) private mutating func number() -> Value? {
    let start = p
    var mantissa = 0
    var decimals = 0
    if p.pointee == UInt8(ascii: "-") { p += 1 }
    let first = p
    while p < end, p.pointee &- 48 <= 9 {
      mantissa = mantissa &* 10 &+ Int(p.pointee &- 48)
      p += 1
    }
    let whole = p - first
    if p < end, p.pointee == UInt8(ascii: ".") {
      p += 1
      let from = p
      while p < end, p.pointee &- 48 <= 9 {
        mantissa = mantissa &* 10 &+ Int(p.pointee &- 48)
        p += 1
      }
      decimals = p - from
      if decimals == 0 { return unusualNumber(start) }
    }
    if whole == 0 || whole &+ decimals > 16 || (whole > 1 && first.pointee == 48)
      || (p < end && (p.pointee | 32) == UInt8(ascii: "e"))
    {
      return unusualNumber(start)
    }
    let signed = start.pointee == UInt8(ascii: "-") ? -mantissa : mantissa
    return Value(raw: UInt64(bitPattern: Int64(signed << 8)) | UInt64(decimals) << 3)
  }

  @inline(never) private mutating func unusualNumber(_ start: UnsafePointer<UInt8>) -> Value? {
    p = start
    var stop = start
    while stop < end, (stop.pointee >= 48 && stop.pointee <= 57) || "+-.eE".utf8.contains(stop.pointee) { stop += 1 }
    let text = [UInt8](UnsafeBufferPointer(start: start, count: stop - start))
    if text.isEmpty {
      fail(.expectedValue)
      return nil
    }
    do {
      let decimal = try Decimal(parsing: text.span, as: .json)
      p = stop
      return heap.decimal(decimal)
    } catch {
      fail(JSONScanner.reason(error))
      return nil
    }
  }
}

extension JSONScanner {
  fileprivate static func reason(_ fault: NumberTextFault) -> JSONFault.Reason {
    switch fault {
    case .tooManyDigits, .tooManyDecimals: .numberTooLarge
    default: .badNumber
    }
  }
}
