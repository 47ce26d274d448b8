/// The `associations` of a create: `[{"to":{"id":"1"},"types":[{"associationCategory":…,"associationTypeId":20}]}]`.
enum LinkRequests {
  static func read(_ shape: BodyShape, from type: ObjectType) throws(Refusal) -> [RequestedLink] {
    var links: [RequestedLink] = []
    for (index, item) in (try shape.list("associations") ?? []).enumerated() {
      let place = BodyShape(item, path: "associations[\(index)]")
      try place.requireObject()
      guard let side = place.member("to") else { throw .requiredFieldsMissing(["associations[\(index)].to"]) }
      let id = try BodyShape(side, path: "associations[\(index)].to").identifier("id")
      let types = try place.list("types") ?? []
      if types.isEmpty { throw .requiredFieldsMissing(["associations[\(index)].types"]) }
      for (position, item) in types.enumerated() {
        let spec = BodyShape(item, path: "associations[\(index)].types[\(position)]")
        let other = try target(of: spec, from: type)
        guard let number = Int64(id) else { throw .association(.invalidTargets(ids: [id], type: other)) }
        links.append(RequestedLink(to: other, id: number))
      }
    }
    return links
  }

  /// The type on the other side of one `{associationCategory, associationTypeId}`.
  static func target(of spec: BodyShape, from type: ObjectType) throws(Refusal) -> ObjectType {
    try spec.requireObject()
    let category = try spec.text("associationCategory")
    guard let member = spec.member("associationTypeId") else {
      throw .requiredFieldsMissing(["\(spec.path).associationTypeId"])
    }
    guard let id = member.integer else {
      throw .wrongShape(path: "\(spec.path).associationTypeId", expected: "a whole number")
    }
    guard category == "HUBSPOT_DEFINED", let pair = AssociationTypes.pair(of: id) else {
      throw .association(.unknownTypeId(id, category: category))
    }
    if pair.from != type { throw .association(.wrongFromType(given: type, expected: pair.from)) }
    return pair.to
  }
}
