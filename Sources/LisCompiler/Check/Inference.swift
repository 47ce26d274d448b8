import LisSyntax

/// What the checker finds out while it goes through a program, beside the types that it writes into the names.
struct Inference {
  /// What the assignments to each `var` agree on so far; `unknown` once two did not.
  var variables: [ObjectIdentifier: StaticType] = [:]
  /// A `var` turned out to hold something else than what was taken for granted.
  var hasErred = false
  /// Names that hold a function which is known.
  var functions: [ObjectIdentifier: KnownFunction] = [:]
  var lambdaResults: [NodeID: StaticType] = [:]
  /// What the functions around the current place give early, innermost last.
  var returns: [[StaticType]] = []

  struct KnownFunction {
    var parameters: [String]
    var least: Int
    var most: Int { parameters.count }
    var result: StaticType

    func signature(_ name: String) -> String {
      let shown = parameters.enumerated().map { $0.offset < least ? $0.element : "[\($0.element)]" }
      return "\(name)(\(shown.joined(separator: ", ")))"
    }
  }
}

extension Checker {
  /// Goes through a program, taking for granted that every `var` keeps the type of its first value. Where an assignment
  /// shows otherwise, nothing is known of that name and the program is gone through again, since what was concluded
  /// may rest on it.
  mutating func inferVariables(_ body: (inout Checker) -> Void) {
    for round in 1... {
      forget()
      body(&self)
      guard inference.hasErred, !resolution.stop.isStopped else { return }
      // Names that take their values from each other may show one error a round; then nothing is known of any of them.
      inference =
        round < Checker.inferenceRounds
        ? Inference(variables: inference.variables.filter { $0.value == .unknown })
        : Inference(variables: inference.variables.mapValues { _ in .unknown })
      diagnostics = []
      warnings = []
      rows = []
    }
  }

  private static let inferenceRounds = 8

  /// Names and functions know nothing before their declarations were seen, however often that happened.
  private func forget() {
    for symbol in resolution.functions.values where symbol.isResultInferred { symbol.result = .unknown }
    for variable in resolution.declared.values.joined() {
      switch variable.kind {
      case .constant, .mutable, .loop, .caught: variable.type = .unknown
      case .parameter, .row, .rowFunction: break
      }
    }
  }

  /// A name gets its first value.
  mutating func declare(_ variable: Variable, _ isMutable: Bool, _ value: Pipeline, _ found: StaticType) {
    guard isMutable else {
      variable.type = found
      if let expression = value.expression {
        inference.functions[ObjectIdentifier(variable)] = knownFunction(expression)
      }
      return
    }
    let key = ObjectIdentifier(variable)
    // Entries of a prompt that come later may assign anything; null says nothing of what follows.
    let isOpen = isInteractive && variable.isTop || found == .null
    let known = inference.variables[key] ?? (isOpen ? .unknown : found)
    inference.variables[key] = known
    variable.type = known
  }

  mutating func assign(_ statement: Statement, _ found: StaticType) {
    guard case .variable(let variable)? = resolution.bindings[statement.id.index] else { return }
    let key = ObjectIdentifier(variable)
    guard let known = inference.variables[key], known != .unknown, known.merged(found) != known else { return }
    inference.variables[key] = .unknown
    variable.type = .unknown
    inference.hasErred = true
  }

  // MARK: Functions

  /// The type of a function's block, with what it gives early.
  mutating func resultType(_ body: (inout Checker) -> StaticType) -> StaticType {
    inference.returns.append([])
    let last = body(&self)
    let early = inference.returns.popLast() ?? []
    return early.reduce(last) { $0.merged($1) }
  }

  mutating func leave(with type: StaticType) {
    if !inference.returns.isEmpty { inference.returns[inference.returns.count - 1].append(type) }
  }

  mutating func infer(_ symbol: FunctionSymbol, _ function: Function, _ result: StaticType) {
    guard function.result == nil else { return }
    symbol.result = result
    symbol.isResultInferred = true
  }

  /// The function that an expression certainly gives.
  private func knownFunction(_ expression: Expression) -> Inference.KnownFunction? {
    let expression = expression.bare
    switch expression.kind {
    case .lambda(let lambda):
      return Inference.KnownFunction(
        parameters: lambda.parameters.map(\.text), least: lambda.parameters.count,
        result: inference.lambdaResults[expression.id] ?? .unknown)
    case .name:
      switch resolution.binding(at: expression) {
      case .function(let symbol)?:
        return Inference.KnownFunction(
          parameters: symbol.parameters.map(\.name), least: symbol.requiredCount, result: symbol.result)
      case .variable(let variable)?: return inference.functions[ObjectIdentifier(variable)]
      default: return nil
      }
    default: return nil
    }
  }

  /// A call of a name that holds a value.
  /// - Parameter place: the name that is called.
  mutating func callType(
    _ variable: Variable, at place: Span, _ arguments: [Argument], isPiped: Bool
  ) -> StaticType {
    guard let function = inference.functions[ObjectIdentifier(variable)] else {
      switch variable.type {
      case .unknown, .null, .function: break
      default: report(.notAFunction(variable.name), place)
      }
      return .unknown
    }
    let piped = isPiped ? 1 : 0
    let given = arguments.count + piped
    if isPiped, function.most == 0 {
      report(.takesNoRows(function: variable.name), place)
    } else if given > function.most {
      report(
        .tooManyArguments(
          function: variable.name, most: function.most - piped, given: arguments.count,
          signature: function.signature(variable.name), isStage: isPiped), arguments.last?.value.span ?? place)
    } else if given < function.least {
      report(
        .missingArgument(
          function: variable.name, parameter: function.parameters[given],
          signature: function.signature(variable.name), taken: nil), place)
    }
    return function.result
  }
}
