import GRDB

/// SQL functions for the text rules of search, which SQLite's own functions only know for ASCII.
enum SearchFunctions {
  static func register(in db: Database) {
    db.add(
      function: DatabaseFunction("fold", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0])?.lowercased()
      })
    db.add(
      function: DatabaseFunction("contains_token", argumentCount: 2, pure: true) { values in
        guard let text = String.fromDatabaseValue(values[0]), let pattern = String.fromDatabaseValue(values[1]) else {
          return nil
        }
        return TokenPattern(pattern).matches(text)
      })
  }

  /// SQLite's `lower` is enough for an ASCII value and can use an index; other values need Unicode folding.
  static func folded(_ expression: String, for value: String) -> String {
    value.utf8.allSatisfy { $0 < 0x80 } ? "lower(\(expression))" : "fold(\(expression))"
  }
}
