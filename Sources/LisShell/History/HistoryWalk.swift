/// A walk through the history while one entry is edited. The text that was being typed comes back at the near end.
struct HistoryWalk {
  private let entries: [String]
  /// Where the walk stands; `entries.count` is the text being typed.
  private var position: Int
  private var draft = ""
  private var search: (text: String, found: String)?

  init(_ entries: [String]) {
    self.entries = entries
    position = entries.count
  }

  /// The entry before, nil at the far end. `text` is what the editor holds.
  mutating func previous(from text: String) -> String? {
    guard position > 0 else { return nil }
    keepDraft(text)
    position -= 1
    return entries[position]
  }

  /// The entry after, or the draft; nil when the walk stands at the draft already.
  mutating func next() -> String? {
    guard position < entries.count else { return nil }
    position += 1
    return position == entries.count ? draft : entries[position]
  }

  /// The nearest entry before that contains the text typed, nil when there is none. Asked again with its own answer, it
  /// goes on to the one before that.
  mutating func previousContaining(_ text: String) -> String? {
    let wanted = search?.found == text ? search?.text ?? text : text
    guard let found = entries[..<position].lastIndex(where: { $0.contains(wanted) && $0 != text }) else { return nil }
    keepDraft(text)
    position = found
    search = (wanted, entries[found])
    return entries[found]
  }

  private mutating func keepDraft(_ text: String) {
    if position == entries.count { draft = text }
  }
}
