/// Records page by page: nothing is asked for before somebody wants the next page, and no page is kept.
public struct ObjectPages: AsyncSequence, Sendable {
  public typealias Element = [CRMObject]
  public typealias Failure = HubSpotError

  fileprivate enum Way: Sendable {
    case list(ListRequest)
    case search(SearchRequest)
  }

  fileprivate let client: HubSpotClient
  fileprivate let way: Way

  public func makeAsyncIterator() -> Iterator {
    switch way {
    case .list(let request): Iterator(client: client, list: request)
    case .search(let request): Iterator(client: client, search: KeysetSearch(request))
    }
  }

  /// Asks for one page at a time.
  public struct Iterator: AsyncIteratorProtocol {
    private let client: HubSpotClient
    private var list: ListRequest?
    private var search: KeysetSearch?
    private var chain: PageChain

    fileprivate init(client: HubSpotClient, list: ListRequest? = nil, search: KeysetSearch? = nil) {
      self.client = client
      self.list = list
      self.search = search
      chain = PageChain(after: list?.after)
    }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(HubSpotError) -> [CRMObject]? {
      if let request = search?.next {
        let page = try await client.searchPage(request)
        try search?.take(ids: page.results.map(\.id), cursor: page.nextAfter, total: page.total)
        return page.results
      }
      guard var request = list else { return nil }
      let page = try await client.listPage(request)
      list = nil
      guard chain.take(first: page.results.first?.id, cursor: page.nextAfter) else {
        throw .serverLoop(objectType: request.type.name, at: page.nextAfter ?? "")
      }
      if !chain.isDone {
        request.after = chain.after
        list = request
      }
      return page.results
    }

    public mutating func next() async throws(HubSpotError) -> [CRMObject]? { try await next(isolation: nil) }
  }
}

extension HubSpotClient {
  /// All records of a list. It has no cap and does not lag behind writes; records made meanwhile may come or not.
  public func pages(_ request: ListRequest) -> ObjectPages { ObjectPages(client: self, way: .list(request)) }

  /// All results of a search by ascending id, however many; see `KeysetSearch`. Free text cannot be combined with it,
  /// since its order is not known.
  public func pages(_ request: SearchRequest) -> ObjectPages { ObjectPages(client: self, way: .search(request)) }
}
