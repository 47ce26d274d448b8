import Glibc

/// Builtins on texts that may be tens of megabytes long: all of them take the text in pieces and can be stopped between
/// two. An argument that is no text is the caller's to refuse; it counts as empty here.
extension Machine {
  /// Bytes that are worked on between two questions whether to go on.
  private static let pieceBytes = 32 << 10

  /// The items as one text with a separator between them, each as interpolation shows it.
  public func joined(_ list: Value, separator: Value) throws(FaultKind) -> Value {
    let count = list.itemCount ?? 0
    let between = separator.isText ? separator : Value(raw: Tag.short)
    var total = between.textCount * max(0, count - 1)
    // A list of its own for the items' texts: the one given may be shared.
    let texts = heap.list(capacity: count)
    guard count > 0 else { return Value(raw: Tag.short) }
    let items = list.list.pointee.buffer.pointee.items
    for index in 0..<count {
      let item = items[index]
      let text = item.isText ? item : spelled(item)
      total += text.textCount
      heap.push(texts.list, text)
      try work(item.isText ? 1 : 16)
      if total > limits.textBytes { throw .tooLarge(what: "string", limit: limits.textBytes) }
    }
    let spelledItems = texts.list.pointee.buffer.pointee.items
    return try filled(total) { target throws(FaultKind) in
      var target = target
      let end = target + total
      for index in 0..<count {
        if index > 0 { between.write(to: &target, before: end) }
        try work(1 + spelledItems[index].textCount / 64)
        spelledItems[index].write(to: &target, before: end)
      }
    }
  }

  /// The parts of a text between separators, which are not empty, as a list.
  public func split(_ text: Value, _ separator: Value) throws(FaultKind) -> Value {
    let parts = heap.list(capacity: 4)
    var start = 0
    let before = heap.allocated
    try eachOccurrence(of: separator, in: text) { at throws(FaultKind) in
      try append(text, start..<at, to: parts)
      try holdMemory(since: before)
      start = at + separator.textCount
    }
    try append(text, start..<text.textCount, to: parts)
    return parts
  }

  private func append(_ text: Value, _ range: Range<Int>, to parts: Value) throws(FaultKind) {
    if parts.list.pointee.count >= limits.items { throw .tooLarge(what: "list", limit: limits.items) }
    heap.push(parts.list, text.withText { heap.text(UnsafeBufferPointer(rebasing: $0[range])) })
    try work(2 + range.count / 64)
  }

  /// The text with every occurrence of one text, which is not empty, replaced by another.
  public func replaced(_ text: Value, _ old: Value, by new: Value) throws(FaultKind) -> Value {
    var places: [Int] = []
    try eachOccurrence(of: old, in: text) { at throws(FaultKind) in places.append(at) }
    if places.isEmpty { return text }
    let (growth, over) = places.count.multipliedReportingOverflow(by: new.textCount - old.textCount)
    let total = text.textCount + growth
    if over || total > limits.textBytes { throw .tooLarge(what: "string", limit: limits.textBytes) }
    return try filled(total) { target throws(FaultKind) in
      var target = target
      var start = 0
      for place in places {
        Machine.copy(text, start..<place, to: &target)
        Machine.copy(new, to: &target)
        try work(2 + (place - start) / 64)
        start = place + old.textCount
      }
      Machine.copy(text, start..<text.textCount, to: &target)
    }
  }

  /// Calls `body` with the place of each occurrence, from left to right and without overlaps.
  private func eachOccurrence(
    of wanted: Value, in text: Value, _ body: (Int) throws(FaultKind) -> Void
  ) throws(FaultKind) {
    guard wanted.textCount > 0 else { return }
    let search = TextSearch(wanted, self)
    var start = 0
    while let at = search.first(in: text, from: start, self) {
      try body(at)
      start = at + wanted.textCount
    }
    // The search also ends when the run does.
    try work(0)
  }

  // MARK: Characters

  /// The text in lower or upper case, code point by code point.
  public func lowerCased(_ text: Value) throws(FaultKind) -> Value { try mapped(text) { $0.lowercased() } }
  public func upperCased(_ text: Value) throws(FaultKind) -> Value { try mapped(text) { $0.uppercased() } }

  private func mapped(_ text: Value, _ body: (String) -> String) throws(FaultKind) -> Value {
    var output: [UInt8] = []
    output.reserveCapacity(text.textCount)
    var start = 0
    while start < text.textCount {
      let end = pieceEnd(text, from: start)
      let piece = text.withText { String(decoding: UnsafeBufferPointer(rebasing: $0[start..<end]), as: UTF8.self) }
      output.append(contentsOf: body(piece).utf8)
      try work(end - start)
      if output.count > limits.textBytes { throw .tooLarge(what: "string", limit: limits.textBytes) }
      start = end
    }
    return output.withUnsafeBufferPointer { heap.text($0) }
  }

  /// Where a piece of whole code points ends that begins at `start`.
  private func pieceEnd(_ text: Value, from start: Int) -> Int {
    text.withText { bytes in
      var end = min(bytes.count, start + Machine.pieceBytes)
      while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
      return end
    }
  }

  /// Characters as people count them.
  public func characterCount(_ text: Value) throws(FaultKind) -> Int {
    var isSimple = true
    var start = 0
    while start < text.textCount, isSimple {
      let end = min(text.textCount, start + Machine.pieceBytes)
      // Of ASCII only CR and LF make one character together.
      isSimple = text.withText { bytes in
        var odd: UInt8 = 0
        for index in start..<end { odd |= bytes[index] & 0x80 | (bytes[index] == 13 ? 0x80 : 0) }
        return odd == 0
      }
      try work((end - start) / 16)
      start = end
    }
    if isSimple { return text.textCount }
    var count = 0
    for _ in text.string ?? "" {
      count += 1
      if count & 0x3ff == 0 { try work(0x4000) }
    }
    return count
  }

  /// The text without white space at its ends.
  public func trimmed(_ text: Value) throws(FaultKind) -> Value {
    // Nearly always there is little to trim.
    var rest = Substring(text.string ?? "")
    while rest.first?.isWhitespace == true {
      rest.removeFirst()
      try work(32)
    }
    while rest.last?.isWhitespace == true {
      rest.removeLast()
      try work(32)
    }
    return rest.utf8.count == text.textCount ? text : heap.text(String(rest))
  }

  // MARK: Making

  /// A text of `count` bytes that `body` fills.
  private func filled(
    _ count: Int, _ body: (UnsafeMutablePointer<UInt8>) throws(FaultKind) -> Void
  ) throws(FaultKind) -> Value {
    if count > Value.shortLimit {
      let (value, bytes) = heap.longText(count)
      try body(bytes)
      return value
    }
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 8)
    defer { bytes.deallocate() }
    try body(bytes)
    return .short(bytes, count)
  }

  private static func copy(_ text: Value, _ range: Range<Int>? = nil, to target: inout UnsafeMutablePointer<UInt8>) {
    target = text.withText { bytes in
      let part = UnsafeBufferPointer(rebasing: range.map { bytes[$0] } ?? bytes[...])
      if let start = part.baseAddress, part.count > 0 { memcpy(target, start, part.count) }
      return target + part.count
    }
  }
}
