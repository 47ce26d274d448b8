import Testing

@testable import PracticePortal

/// The numbered and the dated spelling of one path.
struct PathFamily: Sendable, CustomTestStringConvertible {
  var objects: String
  var associations: String
  var pipelines: String
  var owners: String
  var isDated: Bool
  var testDescription: String { objects }

  static let all =
    [
      PathFamily(
        objects: "/crm/v4/objects", associations: "/crm/v4/associations", pipelines: "/crm/v3/pipelines",
        owners: "/crm/v3/owners", isDated: false)
    ]
    + ["2025-09", "2026-03", "2026-09", "2026-09-beta"].map { version in
      PathFamily(
        objects: "/crm/objects/\(version)", associations: "/crm/associations/\(version)",
        pipelines: "/crm/pipelines/\(version)", owners: "/crm/owners/\(version)", isDated: true)
    }
}

@Suite struct PathFamilyTests {
  @Test(arguments: PathFamily.all) func linksEnd(_ family: PathFamily) async throws {
    try await withPortal { client, _ in
      let deal = try await client.deal()
      var items: [String] = []
      for name in ["a", "b", "c"] { items.append(try await client.item("{\"name\":\"\(name)\"}")) }
      func linked() async throws -> [String] {
        let reply = try await client.get("\(family.objects)/deals/\(deal)/associations/line_items")
        return (reply["results"].items ?? []).compactMap { $0["toObjectId"]?.scalarText }
      }
      for item in items {
        let path = "\(family.objects)/deals/\(deal)/associations/default/line_items/\(item)"
        #expect(try await client.send("PUT", path).status == 200)
      }
      #expect(try await linked() == items)
      #expect(
        try await client.delete("\(family.objects)/deals/\(deal)/associations/line_items/\(items[0])").status == 204)
      #expect(try await linked() == Array(items[1...]))
      let base = "\(family.associations)/deals/line_items"
      let label = try await client.get(base + "/labels")
      #expect(label["results", 0, "typeId"] == .number("19") && label["results", 0, "label"] == .null)
      let typed = { (type: Int) in
        "{\"inputs\":[{\"from\":{\"id\":\"\(deal)\"},\"to\":{\"id\":\"\(items[1])\"},"
          + "\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\",\"associationTypeId\":\(type)}]}]}"
      }
      // Removing the unlabelled type removes the link; another one concerns nothing.
      for (type, left) in [(20, Array(items[1...])), (19, [items[2]])] {
        let reply = try await client.post(base + "/batch/labels/archive", typed(type))
        #expect(reply.status == (family.isDated ? 200 : 204))
        if family.isDated { #expect(reply["status"] == .string("COMPLETE")) }
        #expect(try await linked() == left)
      }
      let rest = "{\"inputs\":[{\"from\":{\"id\":\"\(deal)\"},\"to\":[{\"id\":\"\(items[2])\"}]}]}"
      #expect(try await client.post(base + "/batch/archive", rest).status == (family.isDated ? 200 : 204))
      #expect(try await linked().isEmpty)
    }
  }

  @Test(arguments: PathFamily.all) func ownersAndPipelines(_ family: PathFamily) async throws {
    try await withPortal { client, _ in
      let owner = try await client.get(family.owners + "?limit=1")["results", 0]
      let id = try #require(owner["id"]?.text)
      #expect(try await client.get(family.owners + "/\(id)")["email"] == owner["email"])
      let email = try #require(owner["email"]?.text)
      #expect(try await client.get(family.owners + "/?email=\(email)")["results"].items?.count == 1)
      let pipeline = try await client.get(family.pipelines + "/deals")["results", 0, "id"].text
      let stages = try await client.get(family.pipelines + "/deals/\(pipeline ?? "")/stages")
      #expect(stages["results"].items?.count == 7)
      let stage = try await client.get(family.pipelines + "/deals/\(pipeline ?? "")/stages/closedwon")
      #expect(stage["metadata", "probability"].text == "1.0")
      #expect(try await client.get(family.pipelines + "/deals/none").status == 404)
    }
  }
}
