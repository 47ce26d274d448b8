/// Operations of the register machine. `a`, `b`, `c` are byte offsets of registers in the running frame unless the
/// comment says otherwise; `=` reads "is set to". Jumps are counted in instructions from the one that follows.
public enum Operation: UInt8, Sendable, CaseIterable {
  // Registers and constants
  /// a = b
  case move
  /// a = constant number `wide` (b and c as one 32-bit number)
  case loadConstant
  /// a = the whole number b, signed
  case loadWhole
  /// a = null
  case loadNull
  case loadTrue
  case loadFalse
  /// a = "not given"; the prologue of a function replaces it by the default
  case loadAbsent
  /// a = global number `wide`; a fault when it has no value yet
  case getGlobal
  /// global number `wide` = a
  case setGlobal
  /// a = a new variable holding b, for a name that a function captures and somebody changes
  case newVariable
  /// a = what the variable in b holds
  case getVariable
  /// what the variable in a holds = b
  case setVariable
  /// a = captured value number b
  case getCapture

  // Arithmetic: a = b op c
  case add, subtract, multiply, divide, remainder
  /// c is a signed whole number
  case addWhole, multiplyWhole, remainderWhole
  /// c is a constant's number
  case addConstant, subtractConstant, multiplyConstant
  /// a = −b
  case negate

  // Comparison: a = b op c, null when one side of an order is null
  case less, lessOrEqual, equal, notEqual
  /// a = b op c where x is a `Test`
  case test
  /// a = not b
  case not
  /// a = Kleene's and / or of b and c
  case and, or
  /// a = b..c
  case range

  // Jumps
  /// by `wide`, forwards
  case jump
  /// by `wide`, backwards: asks whether to stop
  case loop
  /// by `wide` unless a is true; null and anything that is no bool are faults
  case jumpUnless
  /// by `wide` unless a is true; null counts as false, as in `where`
  case jumpUnlessTrue
  /// by `wide` if a is false; a fault unless it is a bool or null
  case jumpIfFalse
  /// by `wide` if a is true; a fault unless it is a bool or null
  case jumpIfTrue
  /// by `wide` if a is null; if a is not null
  case jumpIfNull, jumpUnlessNull
  /// by `wide` if a was given
  case jumpIfGiven
  /// by `wide` if a is the end of a cursor
  case jumpIfEnd
  /// by `wide` if a is a list
  case jumpIfList
  /// by `wide` unless a is a stream
  case jumpUnlessStream
  /// by signed c unless a op b; x = 1: null counts as false, x = 0: null is a fault
  case jumpUnlessLess, jumpUnlessLessOrEqual
  /// by signed c unless a == b; by signed c if a == b
  case jumpUnlessEqual, jumpIfEqual
  /// b is a signed whole number
  case jumpUnlessLessWhole, jumpUnlessLessOrEqualWhole, jumpUnlessGreaterWhole, jumpUnlessGreaterOrEqualWhole
  case jumpUnlessEqualWhole

  // Loops
  /// a holds the first and a+8 the last number of a range; a is set one before, then by signed b
  case rangePrepare
  /// a += 1, and by signed b unless it is past a+8
  case rangeStep
  /// a holds what is to be read and becomes a list or a cursor (a+8 is its position); skips one instruction unless
  /// a stream has to be computed by the call that follows
  case open
  /// the next item of the list a (position a+8) into b and by signed c, backwards; ends in the next instruction when
  /// the list is at its end; goes on two instructions further when a is a cursor
  case step
  /// a = the next row of the cursor b before any of its stages, or the end
  case pull
  /// The stage number (register c) of the cursor b: its kind into a, its argument into a+8; kind is null past the last
  case stage
  /// Lets the row a pass the counting stage number (register c) of the cursor b: a stays, becomes null's marker for a
  /// dropped row (`false` in x+…), see `Machine.count`
  case count

  // Values with parts
  /// a = field `name` (next word) of b; an inline cache follows
  case getField
  /// a = record of shape (next word) from x registers at b
  case newRecord
  /// a = all fields of b and c, those of c winning
  case merge
  /// a = the record b with x fields from registers at c, those winning; the next word is the shape of the fields
  case change
  /// a = list of `c` registers at b
  case newList
  /// the list a, which nobody else sees, gets the item b
  case push
  /// a = b with the item c at its end; x = 1: a jump follows, which is taken if b is a list, and nothing else is done
  case append
  /// The list a gets the item b and c instructions are skipped; nothing is done when a is no list. The register is the
  /// home of a name: while it alone refers to the list, the list is lengthened where it is.
  case lengthen
  /// The list a, if it is one, is about to be seen elsewhere too, so that the next `lengthen` makes another.
  case share
  /// a = a + b, and c instructions are skipped, when both are numbers in words with the same decimals
  case sum
  /// a = b[c]
  case index
  /// a = the texts of x registers at b as one
  case join
  /// a = a stream reading b with the stages in the list c
  case newStream
  /// record a is made of b and gets its origin; with x 1, only that of a file
  case copyOrigin

  // Functions
  /// a = function number `b` with x captures, one word each after this one
  case closure
  /// registers from a are the arguments; the result goes to b; the callee's address is the next word
  case call
  /// as `call`, but the function is in c and x arguments were given; one spare word follows
  case callValue
  /// as `call`, but the callee is native number c and x arguments were given
  case callNative
  /// the function ends with a
  case `return`
  /// the fault of a `match` without a fitting arm for a, and of a name used too early: x says which
  case fail
  /// the program ends with a
  case halt
}

/// Comparisons and tests without an operation of their own.
public enum Test: UInt8, Sendable {
  case equalIgnoringCase, isIn, isNotIn, contains, has, startsWith, endsWith, matches
  /// Whether a value lies in the range of an arm of `match`: a value of another kind does not, as it equals no literal.
  case fits
}

/// What a stage of a stream value does to a row.
public enum StageKind: Int, Sendable {
  case filter, map, take, skip, distinct
}

/// One instruction. Extra words that some operations carry are instructions by size only.
public struct Instruction: Sendable {
  var operation: Operation
  var x: UInt8
  var a: UInt16
  var b: UInt16
  var c: UInt16

  public init(_ operation: Operation, x: Int = 0, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) {
    self.operation = operation
    self.x = UInt8(truncatingIfNeeded: x)
    self.a = UInt16(truncatingIfNeeded: a)
    self.b = UInt16(truncatingIfNeeded: b)
    self.c = UInt16(truncatingIfNeeded: c)
  }

  /// With `b` and `c` as one 32-bit number.
  public init(_ operation: Operation, x: Int = 0, _ a: Int = 0, wide: Int) {
    self.init(operation, x: x, a, wide & 0xffff, wide >> 16 & 0xffff)
  }

  /// How many instructions stand behind a `lengthen` for what is not a list yet. Any other number works, too.
  static let usualDetour = 19

  /// An extra word.
  init(word: UInt64) { self = unsafeBitCast(word, to: Instruction.self) }

  @inline(__always) var wide: Int { Int(Int32(bitPattern: UInt32(b) | UInt32(c) << 16)) }
}
