/// A table of the file while it is read: each key is asked for once, and what was not asked for is not known.
struct Section {
  let table: TOMLTable
  /// The line that it begins on; nil for the file itself.
  let line: Int?
  let path: String
  private var known: [String] = []

  init(table: TOMLTable, line: Int?, path: String) {
    self.table = table
    self.line = line
    self.path = path
  }

  func has(_ key: String) -> Bool { table[key] != nil }

  func isText(_ key: String) -> Bool { if case .text = table[key]?.value { true } else { false } }

  func problem(_ key: String, _ kind: ConfigurationProblem.Kind) -> ConfigurationProblem {
    ConfigurationProblem(path, line: table[key]?.line ?? line, kind)
  }

  private mutating func value(_ key: String) -> TOMLNode.Value? {
    known.append(key)
    return table[key]?.value
  }

  private func unexpected(_ key: String, _ expected: String) -> ConfigurationProblem {
    problem(key, .unexpected(key: key, expected: expected))
  }

  mutating func text(_ key: String) throws(ConfigurationProblem) -> String? {
    guard let value = value(key) else { return nil }
    guard case .text(let text) = value else { throw unexpected(key, "a text") }
    return text
  }

  mutating func converted<Value>(
    _ key: String, _ expected: String, _ convert: (String) -> Value?
  ) throws(ConfigurationProblem) -> Value? {
    guard let value = value(key) else { return nil }
    guard case .text(let text) = value, let converted = convert(text) else { throw unexpected(key, expected) }
    return converted
  }

  mutating func number(_ key: String, _ expected: String, least: Int = 0) throws(ConfigurationProblem) -> Int? {
    guard let value = value(key) else { return nil }
    guard case .number(let number) = value, number >= least else { throw unexpected(key, expected) }
    return number
  }

  mutating func flag(_ key: String) throws(ConfigurationProblem) -> Bool? {
    guard let value = value(key) else { return nil }
    guard case .flag(let flag) = value else { throw unexpected(key, "true or false") }
    return flag
  }

  mutating func texts(_ key: String, _ expected: String) throws(ConfigurationProblem) -> [String]? {
    guard let value = value(key) else { return nil }
    guard case .list(let nodes) = value else { throw unexpected(key, expected) }
    var texts: [String] = []
    for node in nodes {
      guard case .text(let text) = node.value else { throw unexpected(key, expected) }
      texts.append(text)
    }
    return texts
  }

  mutating func table(_ key: String) throws(ConfigurationProblem) -> TOMLTable? {
    guard let value = value(key) else { return nil }
    guard case .table(let table) = value else { throw unexpected(key, "sections such as [\(key).NAME]") }
    return table
  }

  /// Refuses keys that nobody asked for: a name with a typing error must not be ignored.
  func end() throws(ConfigurationProblem) {
    for key in table.keys where !known.contains(key) {
      throw problem(key, .unknownKey(key, known: known.sorted()))
    }
  }
}
