/// How to read all results of a search, past the 10,000 that one search can page to.
///
/// Every page asks for the ids behind the last one. Pages by offset would skip and repeat records that begin or cease to
/// match meanwhile, and end at the cap; a cursor on the time of change would loop when many records share a stamp.
/// This is the bookkeeping alone, without requests, so that callers with sinks of their own can use it.
public struct KeysetSearch: Sendable {
  private let search: SearchRequest
  /// The last id seen.
  public private(set) var last: String?
  /// Only after a page without results that is not the last one.
  private var after: String?
  private var emptyPages = 0
  /// Matches as the first page counted them. Not to be taken as exact when it is 10,000.
  public private(set) var total: Int?
  public private(set) var isDone = false

  /// - Parameter search: its sort and cursor are replaced; without groups every record of the type is read.
  public init(_ search: SearchRequest) {
    self.search = search
  }

  /// The filter for ids behind one, which every group of a search has to have room for.
  public static func bound(_ id: String) -> Filter { Filter("hs_object_id", .greaterThan(id)) }

  /// The next page to ask for; nil at the end.
  public var next: SearchRequest? {
    if isDone { return nil }
    var request = search
    request.sort = .byID
    request.after = after
    if let last {
      let groups = search.filterGroups.isEmpty ? [FilterGroup([])] : search.filterGroups
      request.filterGroups = groups.map { FilterGroup($0.filters + [KeysetSearch.bound(last)]) }
    }
    return request
  }

  /// Takes a page in.
  /// - Parameters:
  ///   - ids: of the page's records, in its order.
  ///   - cursor: the page's `paging.next.after`.
  ///   - total: the page's count of matches, which are those behind the ids before it.
  public mutating func take(ids: [String], cursor: String?, total count: Int?) throws(HubSpotError) {
    for id in ids {
      // Ascending ids prove progress; anything else is a server that repeats itself or ignores the sort.
      if let last, !RecordOrder.isLess(last, id) { throw .serverLoop(objectType: search.type.name, at: id) }
      last = id
    }
    if total == nil { total = count }
    guard ids.isEmpty else {
      (after, emptyPages) = (nil, 0)
      // Without a cursor this is the last page, unless the server's own count says that there are more.
      isDone = cursor == nil && ids.count >= count ?? 0
      return
    }
    guard let cursor else {
      isDone = true
      return
    }
    // What the index still holds and is gone already may leave a page empty in the middle.
    emptyPages += 1
    guard let offset = Int(cursor), offset > after.flatMap({ Int($0) }) ?? 0,
      emptyPages <= PageChain.emptyPagesLimit, offset <= SearchLimits.hubSpot.reachableResults - search.limit
    else {
      throw .serverLoop(objectType: search.type.name, at: last ?? cursor)
    }
    after = cursor
  }
}

/// The order of record ids: by their number, of any length. Ids that are no numbers follow, by their text.
public enum RecordOrder {
  public static func isLess(_ left: String, _ right: String) -> Bool {
    switch (isNumber(left), isNumber(right)) {
    case (true, true):
      let (a, b) = (significant(left), significant(right))
      return a.utf8.count != b.utf8.count ? a.utf8.count < b.utf8.count : a < b
    case (true, false): return true
    case (false, true): return false
    case (false, false): return left < right
    }
  }

  private static func isNumber(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func significant(_ id: String) -> Substring { id.drop { $0 == "0" } }
}
