/// The names of members that a reader has met, and which came after which.
struct MemberNames {
  /// What was read last: the name before the next one, or the one whose value the next one begins. Nil at the start.
  var place: Int?

  private var texts: [String] = []
  /// The names' UTF-8, one after the other: name n ends where `ends[n]` says.
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// By place, of which the start is the first: the name that came next.
  private var followers: [Int] = [-1]
  private var numbers: [String: Int] = [:]
  /// A reply with more names than any has is read without remembering them.
  private static let limit = 4096

  /// The name that came next the last time, if it stands at a place and a quotation mark follows.
  mutating func expected(at start: Int, in document: [UInt8]) -> (text: String, length: Int)? {
    let number = followers[place.map { $0 + 1 } ?? 0]
    guard number >= 0 else { return nil }
    let first = number == 0 ? 0 : ends[number - 1]
    let length = ends[number] - first
    guard start + length < document.count, document[start + length] == UInt8(ascii: "\"") else { return nil }
    for index in 0..<length where document[start + index] != bytes[first + index] { return nil }
    place = number
    return (texts[number], length)
  }

  /// A name that was not the expected one.
  mutating func note(_ name: String) {
    let known = numbers[name]
    guard known != nil || texts.count < MemberNames.limit else { return }
    // Names with escapes are written otherwise than they read; comparing bytes never finds those, which is all right.
    let number = known ?? texts.count
    if known == nil {
      texts.append(name)
      bytes += Array(name.utf8)
      ends.append(bytes.count)
      followers.append(-1)
      numbers[name] = number
    }
    followers[place.map { $0 + 1 } ?? 0] = number
    place = number
  }
}
