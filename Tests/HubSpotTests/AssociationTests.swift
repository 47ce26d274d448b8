import Testing

@testable import HubSpot

@Suite("Associations")
struct AssociationTests {
  private func client(_ body: String, status: Int = 200) throws -> HubSpotClient {
    try makeClient(FakeTransport(status, body))
  }

  @Test(
    "ids at the other end as numbers or texts of any length",
    arguments: ["27493818419", "9223372036854775807", #""9223372036854775807""#, "9007199254740993"])
  func ids(_ literal: String) async throws {
    let body =
      #"{"results":[{"toObjectId":\#(literal),"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":19,"label":null}]}],"#
      + #""paging":{"next":{"after":"x"}}}"#
    let page = try await client(body).associations(of: .deals, id: "1", to: .lineItems)
    #expect(page.results.map(\.id) == [literal.filter { $0 != "\"" }])
    #expect(page.results.first?.types == [AssociationLabel(category: "HUBSPOT_DEFINED", typeID: 19, label: nil)])
    #expect(page.nextAfter == "x")
  }

  @Test("batch read: found, none, failed and not mentioned")
  func batchRead() async throws {
    let body =
      """
      {"status":"COMPLETE","results":[
        {"from":{"id":"903"},"to":[{"toObjectId":1,"associationTypes":[]}],"paging":{"next":{"after":"5"}}},
        {"from":{"id":"901"},"to":[{"toObjectId":512,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":19,"label":null}]}]}],
       "numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND",
         "subCategory":"crm.associations.NO_ASSOCIATIONS_FOUND","message":"No line item is associated with deal 902.",
         "context":{"fromObjectId":["902"],"fromObjectType":["deal"],"toObjectType":["line_item"]}},
        {"category":"V","context":{"fromObjectId":["904"]}}]}
      """
    let ids = ["901", "902", "903", "904", "905"]
    let outcomes = try await client(body, status: 207).batchReadAssociations(from: .deals, ids: ids, to: .lineItems)
    let label = AssociationLabel(category: "HUBSPOT_DEFINED", typeID: 19, label: nil)
    #expect(outcomes.count == 5)
    #expect(outcomes[0] == .found([AssociatedRecord(id: "512", types: [label])], nextAfter: nil))
    #expect(outcomes[1] == .found([], nextAfter: nil))
    #expect(outcomes[2] == .found([AssociatedRecord(id: "1", types: [])], nextAfter: "5"))
    #expect(outcomes[3] == .failed(RecordFailure(category: "V", context: ["fromObjectId": ["904"]])))
    #expect(outcomes[4] == .unaccounted)
  }

  @Test("one link, both directions answered")
  func associate() async throws {
    let body =
      """
      {"status":"COMPLETE","results":[
       {"from":{"id":"901"},"to":{"id":"512"},"associationSpec":{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":19}},
       {"from":{"id":"512"},"to":{"id":"901"},"associationSpec":{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":20}}]}
      """
    let outcome = try await client(body).associate(.deals, id: "901", with: .lineItems, otherID: "512")
    #expect(outcome == .associated)
    let other = try await client(body).associate(.deals, id: "901", with: .lineItems, otherID: "513")
    #expect(other == .unaccounted)
  }

  @Test("links of a batch")
  func batch() async throws {
    let body =
      #"{"results":[{"fromObjectId":3,"toObjectId":30},{"from":{"id":1},"to":{"id":"10"}}],"#
      + #""errors":[{"category":"V","context":{"fromObjectId":["2"],"toObjectId":["20"]}}]}"#
    let inputs = [("1", "10"), ("2", "20"), ("3", "30"), ("2", "21")].map {
      AssociationInput(fromID: $0.0, toID: $0.1, types: [.lineItemToDeal])
    }
    let outcomes = try await client(body, status: 207).batchAssociate(from: .lineItems, to: .deals, inputs)
    let reason = RecordFailure(category: "V", context: ["fromObjectId": ["2"], "toObjectId": ["20"]])
    #expect(outcomes == [.associated, .failed(reason), .associated, .unaccounted])
  }

  @Test("labels")
  func labels() async throws {
    let body =
      #"{"results":[{"category":"USER_DEFINED","typeId":7,"label":"Main"},{"category":"HUBSPOT_DEFINED","typeId":20}]}"#
    let labels = try await client(body).associationLabels(from: .lineItems, to: .deals)
    #expect(labels.map(\.label) == ["Main", nil])
    #expect(labels.map(\.typeID) == [7, 20])
  }
}
