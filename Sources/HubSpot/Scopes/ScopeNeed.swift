/// Something that a token has to be allowed to do, and the scopes of which any one is enough, as HubSpot's descriptions of
/// the API list them. Of object types that are not in the table nothing is said, so that nothing is demanded for them.
public enum ScopeNeed: Sendable, Hashable {
  /// Lists, searches and reads records.
  case reading(ObjectType)
  /// Creates, updates and archives records.
  case writing(ObjectType)
  /// Reads which records of one type are linked to those of another.
  case readingLinks(ObjectType, ObjectType)
  case writingLinks(ObjectType, ObjectType)
  case creatingProperties(ObjectType)

  /// What a program about line items needs.
  public static let lineItems: [ScopeNeed] = [.reading(.lineItems), .writing(.lineItems)]

  /// Any one of these is enough; nil when nothing is known.
  public var alternatives: [String]? {
    switch self {
    case .reading(let type): ScopeNeed.row(type).map { $0.reading + $0.older }
    case .writing(let type): ScopeNeed.row(type).map { $0.writing + $0.older }
    case .readingLinks(let from, let to):
      ScopeNeed.both(from, to).map { rows in rows.flatMap { $0.reading + $0.writing + $0.older } }
    case .writingLinks(let from, let to):
      ScopeNeed.both(from, to).map { rows in rows.flatMap { $0.writing + $0.older } }
    // There is no `crm.schemas` scope for writing the properties of line items and products.
    case .creatingProperties(let type): ScopeNeed.row(type).flatMap { $0.older.isEmpty ? nil : $0.older }
    }
  }

  /// Whether a token with these scopes can do it; one of which nothing is known is taken for able.
  public func isMet(by scopes: Set<String>) -> Bool { alternatives.map { $0.contains(where: scopes.contains) } ?? true }

  /// Those that a token lacks, in their order.
  public static func missing(_ needs: [ScopeNeed], in scopes: [String]) -> [ScopeNeed] {
    let scopes = Set(scopes)
    return needs.filter { !$0.isMet(by: scopes) }
  }

  /// `crm.objects.line_items.read or e-commerce`
  public var words: String {
    var seen: Set<String> = []
    return (alternatives ?? []).filter { seen.insert($0).inserted }.joined(separator: " or ")
  }

  private struct Row {
    var reading: [String]
    var writing: [String]
    /// The scope that covered them before each had its own.
    var older: [String]
  }

  private static func both(_ one: ObjectType, _ other: ObjectType) -> [Row]? {
    guard let one = row(one), let other = row(other) else { return nil }
    return [one, other]
  }

  private static func row(_ type: ObjectType) -> Row? {
    switch type {
    case .lineItems: row("line_items", older: true)
    case .products: row("products", older: true)
    case .quotes: row("quotes", older: true)
    case .deals: row("deals", older: false)
    default: nil
    }
  }

  private static func row(_ name: String, older: Bool) -> Row {
    Row(
      reading: ["crm.objects.\(name).read"], writing: ["crm.objects.\(name).write"],
      older: older ? ["e-commerce"] : [])
  }
}
