/// What a search may ask for. HubSpot refuses anything beyond with a text that is not documented, so it is checked
/// before sending.
public struct SearchLimits: Sendable, Hashable {
  /// Groups in a search.
  public let filterGroups: Int
  /// Filters in a group.
  public let filtersPerGroup: Int
  /// Filters in all groups together.
  public let filtersInTotal: Int
  /// The free-text query, in characters.
  public let queryLength: Int
  /// The whole request body. HubSpot counts characters; bytes are counted here, which can only be more.
  public let bodyBytes: Int
  /// Records per page.
  public let pageSize: Int
  /// How many results of one search can be paged to, however many match.
  public let reachableResults: Int

  /// HubSpot's limits as of 2026.
  public static let hubSpot = SearchLimits(
    filterGroups: 5, filtersPerGroup: 6, filtersInTotal: 18, queryLength: 3_000, bodyBytes: 3_000, pageSize: 200,
    reachableResults: 10_000)
}
