/// What to search for. The index lags behind writes by seconds, so a search never tells whether a record just written
/// exists.
public struct SearchRequest: Sendable, Hashable {
  /// The type of the records.
  public var type: ObjectType
  /// Nothing for every record of the type.
  public var filterGroups: [FilterGroup]
  /// Nil for HubSpot's own order, oldest first.
  public var sort: SearchSort?
  /// The properties to read; the id alone when empty.
  public var properties: [String]
  /// Records per page, 1 to 200.
  public var limit: Int
  /// How far into the results the page starts: the cursor of an earlier page, or nil for the first.
  public var after: String?
  /// Free text over a fixed set of properties per object type. Line items are not in HubSpot's list of them.
  public var query: String?

  public init(
    type: ObjectType, filterGroups: [FilterGroup] = [], sort: SearchSort? = nil, properties: [String],
    limit: Int = SearchLimits.hubSpot.pageSize, after: String? = nil, query: String? = nil
  ) {
    self.type = type
    self.filterGroups = filterGroups
    self.sort = sort
    self.properties = properties
    self.limit = limit
    self.after = after
    self.query = query
  }

  /// The request body, which is what its length limit is about.
  public var body: [UInt8] {
    JSONWriter.object { writer in
      if !filterGroups.isEmpty {
        writer.key("filterGroups")
        writer.array(filterGroups) { writer, group in
          writer.object { writer in
            writer.key("filters")
            writer.array(group.filters) { writer, filter in filter.write(&writer) }
          }
        }
      }
      writer.member("query", optional: query)
      if let sort {
        writer.key("sorts")
        writer.array([sort]) { writer, sort in
          writer.object { writer in
            writer.member("propertyName", sort.property)
            writer.member("direction", sort.direction.rawValue)
          }
        }
      }
      writer.member("properties", texts: requestedProperties(properties))
      writer.member("limit", limit)
      writer.member("after", optional: after)
    }
  }

  /// Whether the request is within the limits; the first rule it breaks otherwise.
  public func problem(_ limits: SearchLimits = .hubSpot) -> InvalidRequest? {
    filterProblem(limits) ?? pageProblem(limits) ?? lengthProblem(limits)
  }

  private func filterProblem(_ limits: SearchLimits) -> InvalidRequest? {
    if filterGroups.count > limits.filterGroups {
      return .tooManyFilterGroups(count: filterGroups.count, limit: limits.filterGroups)
    }
    for group in filterGroups {
      if group.filters.isEmpty { return .emptyFilterGroup }
      if group.filters.count > limits.filtersPerGroup {
        return .tooManyFiltersInGroup(count: group.filters.count, limit: limits.filtersPerGroup)
      }
      for filter in group.filters where filter.condition.values == [] {
        return .emptyValueList(property: filter.property)
      }
    }
    let total = filterGroups.reduce(0) { $0 + $1.filters.count }
    return total > limits.filtersInTotal ? .tooManyFilters(count: total, limit: limits.filtersInTotal) : nil
  }

  private func pageProblem(_ limits: SearchLimits) -> InvalidRequest? {
    guard (1...limits.pageSize).contains(limit) else { return .invalidPageSize(limit, limit: limits.pageSize) }
    let start = after.flatMap { Int($0) } ?? 0
    // Whether a page that straddles the end is refused is not established, so it is kept within.
    guard start > limits.reachableResults - limit else { return nil }
    return .searchWindowExceeded(after: start, pageSize: limit, limit: limits.reachableResults)
  }

  private func lengthProblem(_ limits: SearchLimits) -> InvalidRequest? {
    if let query, query.count > limits.queryLength {
      return .queryTextTooLong(count: query.count, limit: limits.queryLength)
    }
    let bytes = body.count
    return bytes > limits.bodyBytes ? .searchBodyTooLong(bytes: bytes, limit: limits.bodyBytes) : nil
  }
}

/// Searching.
extension HubSpotClient {
  /// Reads one page of a search.
  public func searchPage(_ request: SearchRequest) async throws(HubSpotError) -> ObjectPage {
    try await search(request, into: ReadBody(ObjectPage.self))
  }

  /// Reads one page of a search into the caller's own values.
  public func search<Sink: BodySink>(
    _ request: SearchRequest, into sink: Sink
  ) async throws(HubSpotError) -> Sink.Output {
    if let problem = request.problem() { throw .invalidRequest(problem) }
    return try await perform(Call(.search, .post, paths.search(request.type), body: request.body), into: sink)
  }
}
