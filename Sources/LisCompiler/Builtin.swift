import LisCore

/// LisCompiler: a tree becomes checked bytecode. Syntax trees, the table of builtins and schemas enter; functions of a
/// machine, descriptions of reads and writes, and diagnostics leave. It never asks a portal for anything.

/// One row of the table of builtins, from which help, completion, checker and reference are made as well.
public struct Builtin: Sendable {
  public var name: String
  public var group: String
  public var parameters: [BuiltinParameter]
  public var result: StaticType
  public var effect: Effect
  /// One sentence.
  public var summary: String
  /// An expression with its value, a program with what it prints, or a `test`; every one is executed by the tests.
  public var examples: [Example]
  public var implementation: Implementation

  public struct Example: Sendable {
    public var code: String
    /// What `print` shows of the last value.
    public var result: String

    public init(_ code: String, _ result: String) {
      self.code = code
      self.result = result
    }
  }

  public enum Effect: Sendable {
    case pure
    /// Reads a file or a portal, when the value is made or when its rows are wanted.
    case reads
    /// Prints, or ends the run: not allowed where an expression may run any number of times.
    case acts
    /// Only shows what passes: allowed everywhere.
    case observes
    case writes
  }

  public enum Implementation: Sendable {
    /// The number a machine gave the native.
    case native(Int)
    /// Rows are folded one by one, so that a stream needs no memory: the natives get `(state, row)` and `(state)`.
    case fold(step: Int, finish: Int, Fold = .other)
    /// A stage in the form of a function: `map(rows, f)`.
    case stage(StageKind)
    /// All rows as a list.
    case list
    /// The first row, or null.
    case first
    /// (value, label) → the value; as a stage, each row as it passes.
    case trace(Int)
    /// (row, name) → a property; the row is the current one when only the name is given.
    case property(Int)
    /// (value, texts of stages) → text: for what stands in a name. A pipeline is explained by its form.
    case explain(Int)
  }

  /// Folds of which the machine can do a step by itself.
  public enum Fold: Sendable {
    /// The state is the number of rows.
    case count
    /// Ordinary numbers are added up by the machine, everything else by the native.
    case sum
    case other
  }

  public init(
    _ name: String, group: String, _ parameters: [BuiltinParameter], result: StaticType, effect: Effect = .pure,
    summary: String, examples: [Example] = [], implementation: Implementation
  ) {
    self.name = name
    self.group = group
    self.parameters = parameters
    self.result = result
    self.effect = effect
    self.summary = summary
    self.examples = examples
    self.implementation = implementation
  }

  /// `round(value, digits)`, with optional parameters in brackets.
  public var signature: String {
    "\(name)(\(parameters.map { $0.isOptional ? "[\($0.name)]" : $0.isRest ? "...\($0.name)" : $0.name }.joined(separator: ", ")))"
  }

  var requiredCount: Int { parameters.filter { !$0.isOptional && !$0.isRest }.count }
}

public struct BuiltinParameter: Sendable {
  public enum Kind: Sendable {
    /// One value.
    case value
    /// One value that is to be looked at: a stream is read into a list first, everything else stays what it is.
    case shown
    /// Rows: a list or a stream.
    case rows
    /// A list; a stream is read into one first.
    case list
    /// An expression on each row, or a function of one parameter.
    case row
  }

  public var name: String
  public var kind: Kind
  public var type: StaticType
  public var isOptional: Bool
  /// Takes all further arguments.
  public var isRest: Bool

  public init(
    _ name: String, _ kind: Kind = .value, type: StaticType = .unknown, optional: Bool = false, rest: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.type = type
    isOptional = optional
    isRest = rest
  }
}

/// The numbers of natives that programs cannot name. Not a dictionary: the first one with a key type of its own makes the
/// runtime of Swift look through all conformances of the program, which is a tenth of a short script's instructions.
public struct IntrinsicNumbers: Sendable {
  private var numbers = [Int](repeating: 0, count: Intrinsic.allCases.count)

  public init() {}

  /// 0 for one that the runtime has not supplied.
  public subscript(intrinsic: Intrinsic) -> Int {
    get { numbers[intrinsic.rawValue] }
    set { numbers[intrinsic.rawValue] = newValue }
  }
}

/// Natives that programs cannot name; the runtime supplies one for each.
public enum Intrinsic: Int, CaseIterable, Sendable {
  /// (description, operands…) → a source of rows
  case find
  /// (description, operands…) → what the `find` would ask, as text
  case explain
  /// (value) → whether it is a function
  case isFunction
  /// (value, name of a type, function, parameter) fails when the value is not of the type
  case typed
  /// (count, true for `take`) → the count, which must be a whole number
  case wholeCount
  /// (list of rows, list of keys, list of descending flags) → sorted list
  case sort
  /// () → the keys of a `group by` that begins
  case groupKeys
  /// (keys, key of the row, states, places, width, whether rows are kept) → the place of the group's states, which a new group gets
  case groupOf
  /// (states, place, state)
  case groupState
  /// (value) → true when it was printed, false when it is a stream whose rows follow
  case show
  case showRow
  case showEnd
  /// () opens a file for `save`; (path), (row), ()
  case saveBegin, saveRow, saveEnd
  /// (group) begins to collect writes; gives the depth
  case writeBegin
  /// (description, row, record or null, target id or null)
  case writeAdd
  /// (description, limit) sets a limit for one verb of the collection
  case writeLimit
  /// () carries the collection out, unless a larger one is being made; gives the report
  case writeCommit
  /// () begins to collect the writes of a plan; () gives the plan
  case planBegin, planCommit
  /// () gives the depth; (depth) forgets deeper collections and files after a fault was caught
  case writeDepth, writeReset
  /// (number) → the value given for a `param`, or "not given"
  case parameter
  /// (title) tells that a step begins
  case step
  /// (records) puts records into the portal of a test
  case given
  /// (verdict, left side, right side, number of sides) ends the test unless the verdict is true
  case expect
}
