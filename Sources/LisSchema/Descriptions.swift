/// A condition on a row, as far as its form is known before the program runs. Operands are numbers of values that are
/// computed once when the read begins.
public indirect enum Predicate: Sendable, Hashable {
  case and(Predicate, Predicate)
  case or(Predicate, Predicate)
  case not(Predicate)
  case compare(field: String, Comparison, operand: Int)
  /// A bool property alone, or a constant.
  case isTrue(field: String)
  /// A row-independent condition.
  case constant(operand: Int)
  /// Anything that only the program itself can decide.
  case local

  public enum Comparison: String, Sendable, Hashable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equalIgnoringCase = "=~"
    case isIn = "in"
    case isNotIn = "not in"
    /// A test on text that no filter can make, such as `startswith`; a missing value never passes it.
    case textTest = "text"
  }
}

/// A `find`, as the compiler understood it.
public struct FindDescription: Sendable {
  /// Plural object name.
  public var object: String
  public var all: Bool
  public var predicate: Predicate?
  /// Operands of the predicate.
  public var operandCount: Int
  /// Properties and record fields that the program mentions for these rows, in order of appearance.
  public var fields: [String]
  /// Rows are shown whole, so the usual columns are read as well.
  public var isShown: Bool
  public var place: SourcePlace
  /// The conditions joined by `and`, each as it is written.
  public var conjuncts: [Conjunct] = []
  /// The stages behind it, as they are written.
  public var stages: [String] = []
  /// No more rows are read than a `take` lets through, however many match.
  public var isBounded = false
  public var top: Top?
  /// What gives the rows of the loops around it, as it is written, innermost first: it is asked once for each of them.
  public var loops: [String] = []
  /// False in a function that the program never calls and hands on to nobody.
  public var isReached = true

  /// One of the conditions that `and` joins.
  public struct Conjunct: Sendable {
    public var text: String
    public var predicate: Predicate

    public init(text: String, predicate: Predicate) {
      self.text = text
      self.predicate = predicate
    }
  }

  /// `sort .field | take n` right behind the `find`: only the first rows of that order are wanted.
  public struct Top: Sendable {
    public var field: String
    public var descending: Bool
    /// The operand that says how many.
    public var operand: Int

    public init(field: String, descending: Bool, operand: Int) {
      self.field = field
      self.descending = descending
      self.operand = operand
    }
  }

  public init(
    object: String, all: Bool, predicate: Predicate?, operandCount: Int, fields: [String], isShown: Bool,
    place: SourcePlace
  ) {
    self.object = object
    self.all = all
    self.predicate = predicate
    self.operandCount = operandCount
    self.fields = fields
    self.isShown = isShown
    self.place = place
  }
}

public enum WriteVerb: String, Sendable, Hashable, Codable {
  case create, update, upsert, archive, associate
}

/// A write verb at its place in the program.
public struct WriteDescription: Sendable {
  public var verb: WriteVerb
  /// Plural object name; nil when the rows say what they are.
  public var object: String?
  /// Keys of the record that are known before the program runs.
  public var fields: [String]
  /// Plural name of the object that records are associated with.
  public var target: String?
  /// The property that tells an `upsert` which record a row means.
  public var key: String?
  public var continuesOnError: Bool
  public var place: SourcePlace

  public init(
    verb: WriteVerb, object: String?, fields: [String], target: String?, key: String? = nil, continuesOnError: Bool,
    place: SourcePlace
  ) {
    self.verb = verb
    self.object = object
    self.fields = fields
    self.target = target
    self.key = key
    self.continuesOnError = continuesOnError
    self.place = place
  }
}

/// A place in a program for messages: `reprice.lis:12`.
public struct SourcePlace: Sendable, Hashable, Codable {
  public var file: String
  public var line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}
