import Testing

@testable import HubSpot

@Suite("Paths of the versions")
struct PathTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let path: @Sendable (PathBuilder) -> String
    let v3: String
    let dated: String
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(
      name: "objects", path: { $0.objects(.lineItems) }, v3: "/crm/v3/objects/line_items",
      dated: "/crm/objects/{v}/line_items"),
    Row(
      name: "object", path: { $0.object(.deals, id: "901") }, v3: "/crm/v3/objects/deals/901",
      dated: "/crm/objects/{v}/deals/901"),
    Row(
      name: "search", path: { $0.search(.quotes) }, v3: "/crm/v3/objects/quotes/search",
      dated: "/crm/objects/{v}/quotes/search"),
    Row(
      name: "batch", path: { $0.batch(.products, .upsert) }, v3: "/crm/v3/objects/products/batch/upsert",
      dated: "/crm/objects/{v}/products/batch/upsert"),
    Row(
      name: "associations of a record", path: { $0.associations(of: .deals, id: "901", to: .lineItems) },
      v3: "/crm/v4/objects/deals/901/associations/line_items",
      dated: "/crm/objects/{v}/deals/901/associations/line_items"),
    Row(
      name: "default association",
      path: { $0.defaultAssociation(of: .lineItems, id: "1", to: .deals, otherID: "2") },
      v3: "/crm/v4/objects/line_items/1/associations/default/deals/2",
      dated: "/crm/objects/{v}/line_items/1/associations/default/deals/2"),
    Row(
      name: "association batch", path: { $0.associationBatch(from: .deals, to: .lineItems, .read) },
      v3: "/crm/v4/associations/deals/line_items/batch/read",
      dated: "/crm/associations/{v}/deals/line_items/batch/read"),
    Row(
      name: "association default batch",
      path: { $0.associationBatch(from: .deals, to: .lineItems, .associateDefault) },
      v3: "/crm/v4/associations/deals/line_items/batch/associate/default",
      dated: "/crm/associations/{v}/deals/line_items/batch/associate/default"),
    Row(
      name: "labels", path: { $0.associationLabels(from: .deals, to: .lineItems) },
      v3: "/crm/v4/associations/deals/line_items/labels",
      dated: "/crm/associations/{v}/deals/line_items/labels"),
    Row(
      name: "properties", path: { $0.properties(.lineItems) }, v3: "/crm/v3/properties/line_items",
      dated: "/crm/properties/{v}/line_items"),
    Row(
      name: "property", path: { $0.property(.lineItems, name: "erp_key") },
      v3: "/crm/v3/properties/line_items/erp_key", dated: "/crm/properties/{v}/line_items/erp_key"),
    Row(
      name: "account", path: { $0.accountDetails() }, v3: "/account-info/v3/details", dated: "/account-info/{v}/details"
    ),
  ]

  @Test("in every version", arguments: rows)
  func paths(_ row: Row) {
    #expect(row.path(PathBuilder(version: .v3)) == row.v3)
    for version in [APIVersion.march2026, .september2026] {
      let parts = row.dated.split(separator: "{v}", omittingEmptySubsequences: false)
      #expect(row.path(PathBuilder(version: version)) == parts.joined(separator: version.name))
    }
  }

  @Test("versions by name")
  func versions() {
    #expect(APIVersion.all.map(\.name) == ["2026-09", "2026-03", "v3"])
    #expect(APIVersion.standard.name == "2026-09")
    #expect(APIVersion(name: "2026-03") == .march2026)
    #expect(APIVersion(name: "v1") == nil)
  }

  @Test(
    "ids are one segment whatever they hold",
    arguments: [
      ("a/b", "a%2Fb"), ("..", "%2E%2E"), (".", "%2E"), ("a b?c#d", "a%20b%3Fc%23d"), ("é", "%C3%A9"),
      ("a%2Fb", "a%252Fb"), ("x-._~9", "x-._~9"),
    ])
  func segments(_ id: String, _ segment: String) {
    #expect(PathBuilder(version: .v3).object(.deals, id: id) == "/crm/v3/objects/deals/" + segment)
  }

  @Test("object types by any of their names", arguments: ["line_items", "line_item", "0-8"])
  func objectTypes(_ name: String) throws {
    #expect(try ObjectType(name) == .lineItems)
  }

  @Test("custom object types")
  func customTypes() throws {
    #expect(try ObjectType("p123_car").name == "p123_car")
    #expect(try ObjectType("2-345").singularName == nil)
    for bad in ["", "line items", "a/b", "..", "é", String(repeating: "a", count: 101)] {
      #expect(throws: ObjectType.Problem.invalidName(bad)) { try ObjectType(bad) }
    }
  }
}
