/// Somebody, or a queue, that records can belong to.
public struct Owner: Sendable, Hashable {
  /// What `hubspot_owner_id` holds.
  public let id: String
  /// `PERSON` or `QUEUE`.
  public let type: String?
  public let email: String?
  public let firstName: String?
  public let lastName: String?
  /// The user behind the owner; nil when there is none any more.
  public let userID: String?
  public let archived: Bool
}

extension Owner: Decodable {
  private enum Key: String, CodingKey { case id, type, email, firstName, lastName, userId, archived }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    id = try container.lenientText(.id)
    type = container.lenientTextIfPresent(.type)
    email = container.lenientTextIfPresent(.email)
    firstName = container.lenientTextIfPresent(.firstName)
    lastName = container.lenientTextIfPresent(.lastName)
    userID = container.lenientTextIfPresent(.userId)
    archived = container.ignoringForm(Bool.self, .archived) ?? false
  }
}

/// A page of owners.
public struct OwnerPage: Sendable, Hashable, Decodable {
  /// The most owners that a page has unless HubSpot takes more.
  public static let pageLimit = 100

  public let results: [Owner]
  /// The cursor of the next page; nil on the last.
  public let nextAfter: String?

  private enum Key: String, CodingKey { case results, paging }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    results = try container.decode([Owner].self, forKey: .results)
    nextAfter = try container.decodeIfPresent(Paging.self, forKey: .paging)?.next?.after.text
  }
}

extension HubSpotClient {
  /// Reads one page of the account's owners.
  /// - Parameters:
  ///   - email: the one owner with this address, if there is one.
  ///   - limit: owners per page, 1 to 100.
  ///   - archived: only those that are archived, instead of only those that are not.
  public func ownerPage(
    email: String? = nil, limit: Int = OwnerPage.pageLimit, after: String? = nil, archived: Bool = false
  ) async throws(HubSpotError) -> OwnerPage {
    guard (1...OwnerPage.pageLimit).contains(limit) else {
      throw .invalidRequest(.invalidPageSize(limit, limit: OwnerPage.pageLimit))
    }
    var query = [(name: "limit", parts: [String(limit)])]
    if let email { query.append((name: "email", parts: [email])) }
    if let after { query.append((name: "after", parts: [after])) }
    if archived { query.append((name: "archived", parts: ["true"])) }
    return try await perform(Call(.ownerList, .get, paths.owners(), query: query), into: JSONBody(OwnerPage.self))
  }

  /// What the id of an owner is the id of.
  public enum OwnerIDKind: String, Sendable { case owner = "id", user = "userId" }

  /// Reads one owner. One that does not exist is an `APIFailure` with `isNotFound`.
  public func owner(_ id: String, by kind: OwnerIDKind = .owner) async throws(HubSpotError) -> Owner {
    if id.isEmpty { throw .invalidRequest(.missingID(input: 0)) }
    let call = try Call(.ownerRead, .get, paths.owner(id), query: [(name: "idProperty", parts: [kind.rawValue])])
    return try await perform(call, into: JSONBody(Owner.self))
  }
}
