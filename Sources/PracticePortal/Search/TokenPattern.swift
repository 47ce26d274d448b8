/// The pattern of CONTAINS_TOKEN.
///
/// HubSpot does not document its tokeniser. Practice-portal rule: lower-case; split on everything that is not a letter
/// or a digit; a pattern without `*` must equal a token or the whole value; with `*` it is a glob, tried on each token
/// and on the whole value.
struct TokenPattern: Equatable, Sendable {
  private var pattern: [Unicode.Scalar]
  private var isGlob: Bool

  init(_ text: String) {
    pattern = Array(text.lowercased().unicodeScalars)
    isGlob = pattern.contains("*")
  }

  /// The longest piece that every match must contain, for a cheap first test.
  var literal: String {
    var longest = String.UnicodeScalarView()
    for piece in pattern.split(separator: "*") where piece.count > longest.count {
      longest = String.UnicodeScalarView(piece)
    }
    return String(longest)
  }

  func matches(_ value: String) -> Bool {
    let whole = Array(value.lowercased().unicodeScalars)
    if accepts(whole[...]) { return true }
    return whole.split(whereSeparator: { !$0.properties.isAlphabetic && $0.properties.numericType == nil })
      .contains(where: accepts)
  }

  private func accepts(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
    isGlob ? Self.glob(pattern, text) : text.elementsEqual(pattern)
  }

  /// Greedy glob with one point of return, linear in practice and quadratic at worst.
  private static func glob(_ pattern: [Unicode.Scalar], _ text: ArraySlice<Unicode.Scalar>) -> Bool {
    var inPattern = 0
    var inText = text.startIndex
    var star: (pattern: Int, text: Int)?
    while inText < text.endIndex {
      if inPattern < pattern.count, pattern[inPattern] == "*" {
        star = (inPattern, inText)
        inPattern += 1
      } else if inPattern < pattern.count, pattern[inPattern] == text[inText] {
        inPattern += 1
        inText += 1
      } else if let back = star {
        star = (back.pattern, back.text + 1)
        inPattern = back.pattern + 1
        inText = back.text + 1
      } else {
        return false
      }
    }
    return pattern[inPattern...].allSatisfy { $0 == "*" }
  }
}
