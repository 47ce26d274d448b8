/// Reads members of a JSON body and refuses what has another type, naming the place.
struct BodyShape {
  let json: JSON
  let path: String

  init(_ json: JSON, path: String = "body") {
    self.json = json
    self.path = path
  }

  func requireObject() throws(Refusal) {
    guard case .object = json else { throw .wrongShape(path: path, expected: "an object") }
  }

  /// The member, unless it is missing or null.
  func member(_ name: String) -> JSON? {
    guard let value = json[name], value != .null else { return nil }
    return value
  }

  private func place(_ name: String) -> String { path == "body" ? name : "\(path).\(name)" }

  func text(_ name: String) throws(Refusal) -> String {
    guard let value = member(name) else { throw .requiredFieldsMissing([place(name)]) }
    guard let text = value.text else { throw .wrongShape(path: place(name), expected: "a string") }
    return text
  }

  func optionalText(_ name: String) throws(Refusal) -> String? {
    guard let value = member(name) else { return nil }
    guard let text = value.text else { throw .wrongShape(path: place(name), expected: "a string") }
    return text
  }

  /// A flag, also in the spellings of clients that send text.
  func flag(_ name: String) throws(Refusal) -> Bool? {
    guard let value = member(name) else { return nil }
    switch value {
    case .bool(let flag): return flag
    case .string("true"): return true
    case .string("false"): return false
    default: throw .wrongShape(path: place(name), expected: "true or false")
    }
  }

  func list(_ name: String) throws(Refusal) -> [JSON]? {
    guard let value = member(name) else { return nil }
    guard let items = value.items else { throw .wrongShape(path: place(name), expected: "a list") }
    return items
  }

  /// A list of strings; numbers and booleans are taken by their text.
  func texts(_ name: String) throws(Refusal) -> [String]? {
    guard let items = try list(name) else { return nil }
    var result: [String] = []
    for item in items {
      guard let text = item.scalarText else { throw .wrongShape(path: place(name), expected: "a list of strings") }
      result.append(text)
    }
    return result
  }

  func members(_ name: String) throws(Refusal) -> [String: JSON]? {
    guard let value = member(name) else { return nil }
    guard let members = value.members else { throw .wrongShape(path: place(name), expected: "an object") }
    return members
  }

  /// An id: a string, or a number as the guides also send it.
  func identifier(_ name: String) throws(Refusal) -> String {
    guard let value = member(name) else { throw .requiredFieldsMissing([place(name)]) }
    switch value {
    case .string(let text) where !text.isEmpty: return text
    case .number(let text): return text
    default: throw .wrongShape(path: place(name), expected: "an id")
    }
  }

  /// The inputs of a batch, each an object.
  func inputs(limit: Int) throws(Refusal) -> [BodyShape] {
    try requireObject()
    guard let items = try list("inputs") else { throw .requiredFieldsMissing(["inputs"]) }
    if items.count > limit { throw .tooManyInputs(count: items.count, limit: limit) }
    var shapes: [BodyShape] = []
    for (index, item) in items.enumerated() {
      let shape = BodyShape(item, path: "inputs[\(index)]")
      try shape.requireObject()
      shapes.append(shape)
    }
    return shapes
  }
}
