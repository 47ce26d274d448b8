import LisCore
import LisSchema
import LisSyntax

/// The code of one function while it is being made: its assembler, its registers and what it captures.
final class FunctionState {
  let code: Assembler
  let parent: FunctionState?
  /// The first register that is free.
  var top = 0
  private var registers: [ObjectIdentifier: Int] = [:]
  private var captureNumbers: [ObjectIdentifier: Int] = [:]
  private(set) var captures: [Assembler.Capture] = []
  var loops: [(leave: Assembler.Label, next: Assembler.Label)] = []
  /// Variables whose cells were made where their block begins.
  var prepared: Set<ObjectIdentifier> = []
  /// Collections of writes that are open where the code is being made.
  var openWrites = 0
  /// The main program shows the values of its statements.
  let isMain: Bool

  init(code: Assembler, parent: FunctionState?, isMain: Bool = false) {
    self.code = code
    self.parent = parent
    self.isMain = isMain
  }

  enum Location {
    case register(Int)
    case capture(Int)
  }

  func take(_ count: Int = 1) -> Int {
    top += count
    return top - count
  }

  /// Gives a variable a register of its own.
  func place(_ variable: Variable, in register: Int) { registers[ObjectIdentifier(variable)] = register }

  /// Whether a variable can be read here, without making it a capture yet.
  func locates(_ variable: Variable) -> Bool {
    variable.global != nil || registers[ObjectIdentifier(variable)] != nil || parent?.locates(variable) ?? false
  }

  /// Where a variable of this function or of one around it can be read here.
  func locate(_ variable: Variable) -> Location? {
    let key = ObjectIdentifier(variable)
    if let register = registers[key] { return .register(register) }
    if let number = captureNumbers[key] { return .capture(number) }
    guard let outer = parent?.locate(variable) else { return nil }
    switch outer {
    case .register(let register): captures.append(.register(register))
    case .capture(let number): captures.append(.capture(number))
    }
    captureNumbers[key] = captures.count - 1
    return .capture(captures.count - 1)
  }
}

/// Descriptions of the reads and writes of a session, by the numbers that the code uses for them.
public final class Descriptions {
  public internal(set) var finds: [FindDescription] = []
  public internal(set) var writes: [WriteDescription] = []

  public init() {}
}
