import LisSchema

/// What somebody who approves a plan should know besides the changes themselves.
enum PlanNotice: Sendable, Hashable {
  /// Money that is about to get more than two decimals is usually a forgotten `round`.
  case fineMoney(property: String, values: Int)
  /// What finding the records of an `upsert` has cost.
  case keysRead(object: String, property: String, isUnique: Bool, records: Int, requests: Int)
  /// Keys that are new but for their case or spaces.
  case nearKeys(property: String, count: Int, given: String, existing: String)
  /// `to` of an upsert is for the records it creates.
  case keepsAssociations(object: String, count: Int)
  /// Records about to be linked that already have another parent of that type.
  case otherParents(object: String, target: String, count: Int, id: String, parent: String)
  /// Under `plan`, records that an earlier statement of the run would make.
  case notYetMade(object: String, count: Int, id: String)
  /// Under `plan`, values that HubSpot would calculate anew after the changes of an earlier statement.
  case notYetCalculated(object: String, property: String, count: Int)

  var text: String {
    switch self {
    case .notYetMade(let object, let count, let id):
      "\(PlanNotice.named(count, object)) of this plan \(count == 1 ? "does" : "do") not exist before it is carried out: "
        + "\(id)\(count == 1 ? " stands for the id that HubSpot will give it" : " and the like stand for ids that HubSpot will give")"
        + ", and what HubSpot sets by itself is missing"
    case .notYetCalculated(let object, let property, let count):
      "\(property) of \(PlanNotice.named(count, object)) is calculated by HubSpot from what this plan changes; here it is "
        + "the value of before"
    case .fineMoney(let property, let values):
      "\(values) values of \(property) have more than two decimals; `round(…, 2)` rounds them"
    case .keysRead(_, let property, true, let records, let requests):
      "found \(PlanNotice.count(records, "record", "records")) by the unique property \(property) in "
        + PlanNotice.count(requests, "request", "requests")
    case .keysRead(let object, let property, false, let records, let requests):
      "\(property) is not unique in HubSpot, so all \(Counts.grouped(records)) \(object) were read to find the keys "
        + "(\(PlanNotice.count(requests, "request", "requests")))"
    case .nearKeys(let property, let count, let given, let existing):
      "\(PlanNotice.count(count, "new \(property) differs", "new \(property) differ")) from an existing one only in case "
        + "or spaces: \"\(given)\" and \"\(existing)\""
    case .keepsAssociations(let object, let count):
      "\(PlanNotice.named(count, object)) that exist keep their associations; `to` is for the records that are created"
    case .otherParents(let object, let target, let count, let id, let parent):
      "\(PlanNotice.named(count, object)) already \(count == 1 ? "has" : "have") another "
        + "\(ObjectNames.singular(target)) (\(id) has \(parent)); a \(ObjectNames.singular(object)) should have one "
        + "parent, and what is shared by two is lost with either"
    }
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(Counts.grouped(number)) \(number == 1 ? one : many)"
  }

  private static func named(_ number: Int, _ object: String) -> String {
    count(number, ObjectNames.singular(object), object)
  }
}
