import TOMLKit

/// A table of the file while it is read: each key is asked for once, and what was not asked for is not known.
struct Section {
  let table: TOMLTable
  /// The names that lead to it.
  let place: [String]
  let path: String
  let lines: KeyLines
  private var known: [String] = []

  init(table: TOMLTable, place: [String], path: String, lines: KeyLines) {
    self.table = table
    self.place = place
    self.path = path
    self.lines = lines
  }

  func has(_ key: String) -> Bool { table[key] != nil }

  func isText(_ key: String) -> Bool { table[key]?.type == .string }

  func problem(_ key: String, _ kind: ConfigurationProblem.Kind) -> ConfigurationProblem {
    ConfigurationProblem(path, line: lines[place + [key]], kind)
  }

  private mutating func value(_ key: String) -> TOMLValueConvertible? {
    known.append(key)
    return table[key]
  }

  private func unexpected(_ key: String, _ expected: String) -> ConfigurationProblem {
    problem(key, .unexpected(key: key, expected: expected))
  }

  mutating func text(_ key: String) throws(ConfigurationProblem) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.string else { throw unexpected(key, "a text") }
    return text
  }

  mutating func converted<Value>(
    _ key: String, _ expected: String, _ convert: (String) -> Value?
  ) throws(ConfigurationProblem) -> Value? {
    guard let value = value(key) else { return nil }
    guard let text = value.string, let converted = convert(text) else { throw unexpected(key, expected) }
    return converted
  }

  mutating func number(_ key: String, _ expected: String, least: Int = 0) throws(ConfigurationProblem) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.int, number >= least else { throw unexpected(key, expected) }
    return number
  }

  mutating func flag(_ key: String) throws(ConfigurationProblem) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let flag = value.bool else { throw unexpected(key, "true or false") }
    return flag
  }

  mutating func texts(_ key: String, _ expected: String) throws(ConfigurationProblem) -> [String]? {
    guard let value = value(key) else { return nil }
    guard let array = value.array else { throw unexpected(key, expected) }
    var texts: [String] = []
    for element in array {
      guard let text = element.string else { throw unexpected(key, expected) }
      texts.append(text)
    }
    return texts
  }

  mutating func table(_ key: String) throws(ConfigurationProblem) -> TOMLTable? {
    guard let value = value(key) else { return nil }
    guard let table = value.table else { throw unexpected(key, "sections such as [\(key).NAME]") }
    return table
  }

  /// Refuses keys that nobody asked for: a name with a typing error must not be ignored.
  func end() throws(ConfigurationProblem) {
    for key in table.keys.sorted() where !known.contains(key) {
      throw problem(key, .unknownKey(key, known: known.sorted()))
    }
  }
}
