/// A version of HubSpot's API, as data: everything the path builder has to know about it.
///
/// Dated versions ship in March and September and put the version after the area (`/crm/objects/2026-09/…`). The older
/// numbered generation puts it before (`/crm/v3/objects/…`) and speaks associations under a number of their own, `v4`.
public struct APIVersion: Sendable, Hashable {
  /// How the version is written in paths and configuration, for example `2026-09` or `v3`.
  public let name: String
  /// Whether the version stands after the area (dated) or before it (numbered).
  let isDated: Bool
  /// The version that the association routes are written with.
  let associationsName: String

  private init(dated name: String) {
    self.name = name
    self.isDated = true
    self.associationsName = name
  }

  private init(numbered name: String, associations: String) {
    self.name = name
    self.isDated = false
    self.associationsName = associations
  }

  /// Generally available since September 2026. Record writes are checked against the account's own rules.
  public static let september2026 = APIVersion(dated: "2026-09")
  /// Generally available since March 2026.
  public static let march2026 = APIVersion(dated: "2026-03")
  /// The numbered generation: objects and properties v3, associations v4. Unsupported from September 2027.
  public static let v3 = APIVersion(numbered: "v3", associations: "v4")

  /// Every version this library speaks, newest first.
  public static let all: [APIVersion] = [september2026, march2026, v3]

  /// The version used when a configuration names none.
  public static let standard = september2026

  /// Looks a version up by its name; nil for one that this library does not speak.
  public init?(name: String) {
    guard let found = APIVersion.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

extension APIVersion {
  /// Whether two records of a type can be merged. The 2026-09 guide has it for line items, and HubSpot's files have it for
  /// deals of the numbered generation; of everything else nothing is known, so it is not sent.
  public func merges(_ type: ObjectType) -> Bool {
    switch self {
    case .september2026: type == .lineItems || type == .deals
    case .v3: type == .deals
    default: false
    }
  }
}

extension APIVersion: CustomStringConvertible {
  public var description: String { name }
}
