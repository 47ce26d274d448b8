/// A word of the language. Reserved words can be no names; the others are words only where a stage or clause may stand.
public enum Word: String, Sendable, CaseIterable {
  // Items, and `plan`.
  case use, param, fn, test, step, plan
  // Statements.
  case `let`, `var`, `for`, `return`, `break`, `continue`, `try`, `catch`, expect, given
  // Expressions.
  case `if`, `else`, match, and, or, not, `in`, contains, has, startswith, endswith, matches, `true`, `false`, null
  // Stages and their clauses, which are also allowed as names.
  case find, `where`, take, skip, map, save, distinct, select, sort, group, each
  case create, upsert, update, archive, associate
  case all, by, to, at, most, on, error, asc, desc, `as`

  /// Whether the word can be no name of a variable, a function or a parameter.
  public var isReserved: Bool {
    switch self {
    case .use, .param, .fn, .test, .step, .plan, .let, .var, .for, .return, .break, .continue, .try, .catch, .expect,
      .given, .if, .else, .match, .and, .or, .not, .in, .contains, .has, .startswith, .endswith, .matches, .true,
      .false, .null:
      return true
    case .find, .where, .take, .skip, .map, .save, .distinct, .select, .sort, .group, .each, .create, .upsert,
      .update, .archive, .associate, .all, .by, .to, .at, .most, .on, .error, .asc, .desc, .as:
      return false
    }
  }

  /// The fifteen words a stage can begin with.
  public static let stages: [Word] = [
    .where, .take, .skip, .map, .save, .distinct, .select, .sort, .group, .each, .create, .upsert, .update, .archive,
    .associate,
  ]

  /// Words that only ever begin an item or a statement; one at the start of a line shows that a bracket was forgotten.
  static let statementStarts: Set<Word> = [
    .use, .param, .fn, .test, .step, .let, .var, .for, .return, .break, .continue, .try, .expect, .given,
  ]

  /// An operator at the end of a line lets the statement go on.
  var isOperator: Bool {
    switch self {
    case .and, .or, .not, .in, .contains, .has, .startswith, .endswith, .matches: return true
    default: return false
    }
  }

  /// These at the beginning of a line let the statement of the line before go on.
  var continuesLine: Bool {
    switch self {
    case .and, .or, .else, .catch: return true
    default: return false
    }
  }

  static let table: [String: Word] = Dictionary(
    allCases.map { ($0.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
}
