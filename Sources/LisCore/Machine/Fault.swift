/// Why a program could not go on, with the data a message needs. Messages are made elsewhere, in one place.
public enum FaultKind: Error, Sendable {
  /// `verb` as in "cannot add a string and a number".
  case cannot(verb: String, ValueType, ValueType?)
  case arithmetic(ArithmeticFault)
  case time(TimeFault)
  case notABool(ValueType)
  case notReadable(ValueType)
  case noField(name: String, ValueType)
  /// A row of a file whose columns are known, or one made of it with fields added, has no field of that name.
  case noColumn(name: String, fields: [String], file: String, line: Int)
  /// A row as it was read from a portal does not have the property, since nothing in the program named it.
  case notRead(property: String)
  case indexOutside(index: Int, count: Int)
  /// With the number as text, where it is one.
  case indexNotWhole(ValueType, String?)
  case notAFunction(ValueType)
  case wrongArgumentCount(given: Int, least: Int, most: Int)
  case noMatchingArm(text: String)
  case usedTooEarly(name: String)
  case tooDeep(limit: Int)
  case tooLarge(what: String, limit: Int)
  case tooManyRows(limit: Int)
  case interrupted
  /// The run was given so many seconds.
  case outOfTime(seconds: Double)
  /// The program holds more bytes of values than that.
  case outOfMemory(limit: Int)
  /// `fail_with`, `require` and other faults a program asks for.
  case raised(message: String)
  /// An argument of a builtin that it cannot use.
  case badPattern(String, Pattern.Problem)
  /// A text or list without anything in it, where a builtin needs something.
  case emptyArgument(function: String, parameter: String)
  case badArgument(function: String, parameter: String, expected: String, found: ValueType)
  /// What a native threw; the room that made it knows how to say it.
  case host(any Error)
}

/// An error of a native that may end the run whatever the program would catch: a refusal to write, an interruption, a
/// journal that cannot be trusted.
public protocol EndingError: Error {
  var endsRun: Bool { get }
}

extension FaultKind {
  /// Whether `catch` must not take it.
  var endsRun: Bool {
    switch self {
    case .interrupted, .outOfTime, .outOfMemory: true
    case .host(let error): (error as? any EndingError)?.endsRun ?? false
    default: false
    }
  }
}

/// A `FaultKind` with its place and the calls that led there, innermost first.
public struct Fault: Error, Sendable {
  public var kind: FaultKind
  public var trace: [TraceEntry]

  public init(_ kind: FaultKind, trace: [TraceEntry] = []) {
    self.kind = kind
    self.trace = trace
  }
}

/// One function on the way to a fault.
public struct TraceEntry: Sendable, Hashable {
  public var function: String
  /// Which source text, as the compiler numbered them.
  public var source: Int
  public var lower: Int
  public var upper: Int
  /// The row that the function was working on, if it is one that can be named.
  public var row: RowName?
  /// How many calls there are between this one and the next entry.
  public var callsLeftOut = 0
}

/// What a row can be found again by.
public struct RowName: Sendable, Hashable {
  /// The record's id.
  public var id: String?
  /// The file it was read from, and its line.
  public var file: String?
  public var line: Int?
}
