/// Did you mean: the candidate a misspelt word is closest to.
public enum Spelling {
  /// The likeliest of `candidates` for `word`, or nil when none is near. `aliases` holds words people bring from
  /// elsewhere and is looked at first; its answer counts only if it is among the candidates.
  ///
  /// Differences of case, of `_` and `-`, and a missing `!` count little, so that `HsSku` finds `hs_sku`; a swap of two
  /// neighbours counts as one change (Damerau–Levenshtein, optimal string alignment). The bound grows with the length.
  public static func suggestion(
    for word: String, among candidates: some Sequence<String>, aliases: [String: String] = [:]
  ) -> String? {
    let wanted = Array(word.unicodeScalars.prefix(lengthLimit))
    guard !wanted.isEmpty else { return nil }
    let alias = aliases[word] ?? aliases[word.lowercasedASCII]
    let folded = fold(wanted)
    var best: (cost: Int, text: String)?
    for candidate in candidates where candidate != word {
      if candidate == alias { return candidate }
      let scalars = Array(candidate.unicodeScalars.prefix(lengthLimit))
      guard let cost = cost(wanted, folded, scalars) else { continue }
      if let known = best, (known.cost, known.text) <= (cost, candidate) { continue }
      best = (cost, candidate)
    }
    return best?.text
  }

  /// Longer words are compared by their beginning, so that hostile input costs nothing.
  private static let lengthLimit = 64

  /// In quarters of a change, so that small differences can be told apart; nil when too far away.
  private static func cost(
    _ wanted: [Unicode.Scalar], _ folded: [Unicode.Scalar], _ candidate: [Unicode.Scalar]
  ) -> Int? {
    let other = fold(candidate)
    let longest = max(folded.count, other.count)
    let bound = longest <= 1 ? 0 : longest <= 4 ? 1 : longest <= 8 ? 2 : 3
    guard abs(folded.count - other.count) <= bound else { return nil }
    let changes = distance(folded, other)
    // A word that shares nothing is no suggestion, however short it is.
    guard changes <= bound, changes < longest else { return nil }
    if folded.isEmpty { return nil }
    let differsOnlySlightly = changes == 0 && wanted != candidate
    return changes * 4 + (differsOnlySlightly ? 1 : 0) + (folded.first == other.first ? 0 : 1)
  }

  private static func fold(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    scalars.compactMap { scalar in
      if scalar == "_" || scalar == "-" || scalar == "!" || scalar == " " { return nil }
      return scalar.value >= 65 && scalar.value <= 90 ? Unicode.Scalar(scalar.value + 32) : scalar
    }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [row] + [Int](repeating: 0, count: right.count)
      for column in 1...right.count {
        let same = left[row - 1] == right[column - 1]
        var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          best = min(best, beforeLast[column - 2] + 1)
        }
        current[column] = best
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}

extension String {
  /// Only A–Z: what a name can hold.
  var lowercasedASCII: String {
    String(decoding: utf8.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }, as: UTF8.self)
  }
}
