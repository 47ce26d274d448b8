/// What the loop needs of a function. Blocks never move, so that a call can name its callee by address.
struct CodeBlock {
  var code: UnsafeMutablePointer<Instruction>
  /// How many instructions, for finding the function a place in the code belongs to.
  var length: Int32
  var parameters: UInt8
  /// Parameters without a default.
  var required: UInt8
  var loaded: Bool
  var id: Int32
}

/// What is known about a function beside its code.
public struct FunctionInfo: Sendable {
  public var name: String
  public var source: Int
  /// Places of instructions, ascending by `offset`; an entry holds until the next one.
  var places: [CodePlace]
  var handlers: [Handler]
}

struct CodePlace: Sendable {
  var offset: Int
  var lower: Int
  var upper: Int
  /// Byte offset of the register that holds the row the code is about.
  var row: UInt16?
}

/// `try … catch`: a fault inside `first..<end` continues at `target` with the error in `register`.
struct Handler: Sendable {
  var first: Int
  var end: Int
  var target: Int
  var register: Int
}

/// Index of a function in its machine.
public struct FunctionID: Hashable, Sendable {
  public var index: Int

  public init(index: Int) { self.index = index }
}
