/// Follows the cursors of a list from page to page, and notices a server that leads nowhere.
///
/// Cursors are opaque, so that none of them tells by itself how far it leads. Three things do: a cursor that came
/// before, a page that begins with the record another page began with, and page after page without any record.
public struct PageChain: Sendable {
  /// How many pages without a record may follow each other. One may be empty because its records were deleted
  /// meanwhile; nobody has seen many.
  public static let emptyPagesLimit = 40

  /// The cursor of the next page to ask for; nil for the first one.
  public private(set) var after: String?
  /// Whether the last page has been taken in.
  public private(set) var isDone = false
  private var cursors: Set<String> = []
  private var firsts: Set<String> = []
  private var emptyPages = 0

  /// - Parameter after: the cursor to begin with; nil for the beginning of the list.
  public init(after: String? = nil) {
    self.after = after
    if let after { cursors.insert(after) }
  }

  /// Takes a page in. False when the server repeats itself or its pages never end: reading on would not end either.
  /// - Parameters:
  ///   - first: the id of the page's first record; nil when it has none.
  ///   - cursor: the page's `paging.next.after`; nil on the last page.
  public mutating func take(first: String?, cursor: String?) -> Bool {
    guard let cursor else {
      after = nil
      isDone = true
      return true
    }
    guard cursors.insert(cursor).inserted else { return false }
    if let first {
      emptyPages = 0
      guard firsts.insert(first).inserted else { return false }
    } else {
      emptyPages += 1
      guard emptyPages <= PageChain.emptyPagesLimit else { return false }
    }
    after = cursor
    return true
  }
}
