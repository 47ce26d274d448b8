/// Why a request, or one input of a batch, was refused. The sentences and the envelope are computed from the case.
///
/// Cases that no source describes carry the remark "practice-portal rule": HubSpot refuses them too, with a text that
/// nobody has recorded.
enum Refusal: Error, Equatable {
  case malformedJSON(JSONSyntaxError)
  case wrongShape(path: String, expected: String)
  case requiredFieldsMissing([String])
  case invalidParameter(name: String, value: String, expected: String)
  case invalidValues([InvalidValue])
  case valueTaken(property: String, value: String, type: ObjectType, writing: Int64, owner: Int64)
  case duplicateIds([String])
  case nonUniqueProperty(name: String, type: ObjectType)
  case tooManyInputs(count: Int, limit: Int)
  case missingObjects(ids: [String], type: ObjectType)
  case resourceNotFound
  case nonNumericId(String)
  case unknownObjectType(String)
  case search(SearchFault)
  case association(AssociationFault)
  case property(PropertyFault)
  case notAuthenticated
  /// Epoch milliseconds.
  case expired(at: Int64, now: Int64)
  /// Any one of these would be enough.
  case missingScopes([String])
  case noSuchPath(String)
  case methodNotAllowed(method: String, allowed: [String])
  case unsupportedMediaType(String, wanted: String)
  case bodyTooLarge(limit: Int)
  case tenSecondlyLimit
  case secondlyLimit
  case dailyLimit
  case storeFailed

  var status: Int {
    switch self {
    case .notAuthenticated, .expired: 401
    case .missingScopes: 403
    case .resourceNotFound, .nonNumericId, .noSuchPath: 404
    case .property(let fault): fault.status
    case .methodNotAllowed: 405
    case .bodyTooLarge: 413
    case .unsupportedMediaType: 415
    case .tenSecondlyLimit, .secondlyLimit, .dailyLimit: 429
    case .storeFailed: 500
    default: 400
    }
  }

  var category: String? {
    switch self {
    case .malformedJSON, .resourceNotFound, .tenSecondlyLimit, .dailyLimit, .methodNotAllowed, .noSuchPath,
      .unsupportedMediaType, .bodyTooLarge:
      nil
    case .missingObjects, .nonNumericId: "OBJECT_NOT_FOUND"
    case .association(let fault): fault.category
    case .property(let fault): fault.category
    case .notAuthenticated: "INVALID_AUTHENTICATION"
    case .expired: "EXPIRED_AUTHENTICATION"
    case .missingScopes: "MISSING_SCOPES"
    case .secondlyLimit: "RATE_LIMITS"
    case .storeFailed: "INTERNAL_ERROR"
    default: "VALIDATION_ERROR"
    }
  }

  var subCategory: String? {
    switch self {
    case .association(let fault): fault.subCategory
    case .property(let fault): fault.subCategory
    default: nil
    }
  }

  var message: String {
    switch self {
    case .malformedJSON(let error):
      "Invalid input JSON on line \(error.line), column \(error.column): \(error.reason)"
    case .wrongShape(let path, let expected):
      "Invalid input JSON on line 1, column 1: \(path) must be \(expected)"
    case .requiredFieldsMissing(let names): "Some required fields were not set: [\(names.joined(separator: ", "))]"
    case .invalidParameter(let name, let value, let expected):
      "The value \(value) of the query parameter \(name) is not valid: expected \(expected)"
    case .invalidValues(let values): Self.message(of: values)
    case .valueTaken(let property, let value, let type, let writing, let owner):
      "Cannot set PropertyValueCoordinates{portalId=\(PortalIdentity.portalId), objectTypeId=\(type.typeId), "
        + "propertyName=\(property), value=\(value)} on \(writing). \(owner) already has that value."
    case .duplicateIds(let ids):
      "Duplicate IDs found in batch input: [\(ids.joined(separator: ", "))]. IDs must be unique"
    case .nonUniqueProperty(let name, let type):
      "Unable to perform update/upsert by non-unique \(type.typeId) property \(name)"
    case .tooManyInputs(let count, let limit): "The batch has \(count) inputs; the limit is \(limit)"
    case .missingObjects(_, let type):
      "Could not get some \(type.upperName) objects, they may be deleted or not exist. Check that ids are valid."
    case .resourceNotFound: "resource not found"
    case .nonNumericId: "Object not found.  objectId are usually numeric."
    case .unknownObjectType(let name): "Unable to infer object type from: \(name)"
    case .search(let fault): fault.message
    case .association(let fault): fault.message
    case .property(let fault): fault.message
    case .notAuthenticated:
      "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
        + "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
    case .expired(let end, let now):
      "The OAuth token used to make this call expired \(Self.age(now - end)) ago."
    case .missingScopes:
      "This app hasn't been granted all required scopes to make this call. "
        + "Read more about required scopes here: \(Self.scopesPage)."
    case .noSuchPath(let path): "No resource at \(path)"
    case .methodNotAllowed(let method, let allowed):
      "Method \(method) is not allowed here; allowed: \(allowed.joined(separator: ", "))"
    case .unsupportedMediaType(let type, let wanted): "Unsupported content type \(type); send \(wanted)"
    case .bodyTooLarge(let limit): "The request body is larger than \(limit) bytes"
    case .tenSecondlyLimit: "You have reached your ten_secondly_rolling limit."
    case .secondlyLimit: "You have reached your secondly limit."
    case .dailyLimit: "You have reached your daily limit."
    case .storeFailed: "internal error"
    }
  }

  static let scopesPage = "https://developers.hubspot.com/scopes"

  /// `5 minute(s)`: the largest unit that fits.
  private static func age(_ milliseconds: Int64) -> String {
    let units: [(Int64, String)] = [(86_400_000, "day(s)"), (3_600_000, "hour(s)"), (60_000, "minute(s)")]
    for (length, name) in units where milliseconds >= length { return "\(milliseconds / length) \(name)" }
    return "\(max(0, milliseconds) / 1000) second(s)"
  }

  /// `Property values were not valid: ` and the list once more as JSON text, as HubSpot writes it.
  private static func message(of values: [InvalidValue]) -> String {
    var writer = JSONWriter()
    writer.array { list in
      for invalid in values {
        list.object {
          $0.member("isValid", false)
          $0.member("message", invalid.message)
          $0.member("error", invalid.code)
          $0.member("name", invalid.name)
          $0.member("localizedErrorMessage", invalid.message)
          $0.member("portalId", PortalIdentity.portalId)
        }
      }
    }
    return "Property values were not valid: " + String(decoding: writer.bytes, as: UTF8.self)
  }

  var details: [InvalidValue] {
    if case .invalidValues(let values) = self { values } else { [] }
  }

  var context: [String: [String]] {
    switch self {
    case .duplicateIds(let ids), .missingObjects(let ids, _): ["ids": ids]
    case .nonNumericId(let id): ["id": [id]]
    case .expired(let end, _): ["expire time": [Timestamp.wireText(end)]]
    case .association(let fault): fault.context
    default: [:]
    }
  }
}
