import Glibc

/// The comparisons on texts, lists and ranges that have no operation of their own.
extension Machine {
  @inline(never) func testSlowly(_ test: UInt8, _ x: Value, _ y: Value, _ target: UnsafeMutablePointer<Value>) -> Bool {
    guard let test = Test(rawValue: test) else { return cannot("compare", x, y.type) }
    switch test {
    case .isIn, .isNotIn: return membership(x, y, wanted: test == .isIn, target)
    case .fits:
      target.pointee = Value(fits(x, y))
      return true
    default: break
    }
    // Text operators give null for null.
    if x.isNull || y.isNull {
      target.pointee = .null
      return true
    }
    if test == .contains, x.has(Tag.list) {
      target.pointee = Value(list(x, holds: y))
      return true
    }
    guard x.isText, y.isText else { return cannot(Machine.verb(test), x, y.type) }
    if test == .matches { return matches(x, y, target) }
    target.pointee = Value(textTest(test, x, y))
    return true
  }

  private static func verb(_ test: Test) -> String {
    switch test {
    case .equalIgnoringCase: "compare with =~"
    case .isIn, .isNotIn, .fits: "look for"
    case .contains: "apply contains to"
    case .has: "apply has to"
    case .startsWith: "apply startswith to"
    case .endsWith: "apply endswith to"
    case .matches: "apply matches to"
    }
  }

  private func textTest(_ test: Test, _ x: Value, _ y: Value) -> Bool {
    switch test {
    case .equalIgnoringCase: return folded(x) == folded(y)
    case .has: return hasWord(folded(x), folded(y))
    case .startsWith: return Machine.text(x, holds: y, at: 0)
    case .endsWith: return Machine.text(x, holds: y, at: x.textCount - y.textCount)
    default: return y.textCount == 0 || TextSearch(y, self).first(in: x, from: 0, self) != nil
    }
  }

  /// For comparison without regard to case; no normal form.
  private func folded(_ value: Value) -> [Unicode.Scalar] {
    var folded: [Unicode.Scalar] = []
    folded.reserveCapacity(value.textCount)
    for scalar in (value.string ?? "").unicodeScalars {
      CaseFolding.append(scalar, to: &folded)
      if !goesOn(after: 2) { return [] }
    }
    return folded
  }

  /// Whether the words stand in the text with no letter or digit touching them.
  private func hasWord(_ text: [Unicode.Scalar], _ word: [Unicode.Scalar]) -> Bool {
    guard !word.isEmpty, word.count <= text.count else { return false }
    func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
    for start in 0...(text.count - word.count) {
      guard goesOn(after: 1) else { return false }
      guard text[start] == word[0] else { continue }
      let end = start + word.count
      // How far they agree is not known beforehand; where they begin alike it is seldom far.
      guard goesOn(after: word.count > 64 && text[start + 64] == word[64] ? word.count : 4) else { return false }
      guard text[start..<end].elementsEqual(word) else { continue }
      let free = start == 0 || !isWordPart(text[start - 1])
      if free && (end == text.count || !isWordPart(text[end])) { return true }
    }
    return false
  }

  private static func text(_ text: Value, holds part: Value, at place: Int) -> Bool {
    guard place >= 0, part.textCount <= text.textCount - place else { return false }
    return text.withText { bytes in
      part.withText { wanted in
        guard let start = bytes.baseAddress, let first = wanted.baseAddress else { return true }
        return memcmp(start + place, first, wanted.count) == 0
      }
    }
  }

  /// Without a copy of the list: `where` asks this for each row.
  private func list(_ list: Value, holds wanted: Value) -> Bool {
    let items = UnsafeBufferPointer(start: list.list.pointee.buffer.pointee.items, count: list.list.pointee.count)
    return items.contains { !goesOn(after: 1) || $0.bits == wanted.bits || areEqual($0, wanted) }
  }

  private func fits(_ x: Value, _ y: Value) -> Bool {
    guard let range = y.range, !x.isNull else { return false }
    if let verdict = holds(range, x) { return verdict }
    pending = nil
    return false
  }

  /// Whether a value lies in a range, both ends included; nil when it has no order with them. A date at the end means
  /// the whole day, so a datetime is in the range until the next day begins in the run's zone.
  private func holds(_ range: (lower: Value, upper: Value), _ x: Value) -> Bool? {
    if let instant = x.instant, let last = range.upper.civilDate {
      guard let low = order(range.lower, x) else { return nil }
      return low <= 0 && instant.milliseconds < endOfDay(last)
    }
    guard let low = order(range.lower, x), let high = order(x, range.upper) else { return nil }
    return low <= 0 && high <= 0
  }

  /// `in` uses the language's equality, so `null in [null]` is true; in a range both ends belong.
  private func membership(_ x: Value, _ y: Value, wanted: Bool, _ target: UnsafeMutablePointer<Value>) -> Bool {
    if y.isNull {
      target.pointee = .null
      return true
    }
    if y.has(Tag.list) {
      target.pointee = Value(list(y, holds: x) == wanted)
      return true
    }
    if let range = y.range {
      if x.isNull {
        target.pointee = .null
        return true
      }
      guard let verdict = holds(range, x) else { return false }
      target.pointee = Value(verdict == wanted)
      return true
    }
    if y.has(Tag.record), let name = x.string {
      let isThere = field(y, name) != nil
      if !isThere, isPartial(y) { return notRead(name) }
      target.pointee = Value(isThere == wanted)
      return true
    }
    if y.type == .stream {
      // A stream is read by code; the compiler turns `x in stream` into a list first.
      return cannot("look for", x, y.type)
    }
    return cannot("look for", x, y.type)
  }
}
