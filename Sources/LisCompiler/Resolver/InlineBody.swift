import LisSchema
import LisSyntax

/// An expression as far as a condition of a `find` can be made of it: what a function of one expression computes, apart
/// from the program it stands in, so that functions of modules and of earlier entries of a prompt can be inlined too.
///
/// ```
/// fn big(p, floor = 100) = p != null and p > floor        p → parameter 0, floor → parameter 1
/// ```
indirect enum InlineBody {
  case parameter(Int)
  /// A literal, a name that keeps its value, the row or a field of it, with what it stands for.
  case leaf(Expression.Kind, Binding?)
  case list([InlineBody])
  case member(InlineBody, Name)
  case negate(InlineBody)
  case not(InlineBody)
  case binary(BinaryOperator, InlineBody, InlineBody)
  /// A function declared with `fn`: for each parameter the number of its argument.
  case call(FunctionSymbol, [Int?], [InlineBody])
  /// Any other call, to be made as it is: its callee, what `prop` belongs to, and where its arguments go.
  case plainCall(callee: Binding, row: Binding?, CallPlan, [(label: Name?, value: InlineBody)])
  /// Only the running program can say.
  case opaque
}

/// What a call of a function needs to be inlined.
struct InlineFunction {
  var body: InlineBody
  var defaults: [InlineBody?]
}

extension InlineBody {
  /// Whether computing it again costs nothing: a path, a literal or a name.
  var isSimple: Bool {
    switch self {
    case .parameter, .leaf: true
    case .member(let base, _): base.isSimple
    case .negate(let inner): inner.isSimple
    case .plainCall(_, let row, _, _): row != nil
    default: false
    }
  }

  func uses(of parameter: Int) -> Int {
    switch self {
    case .parameter(let number): number == parameter ? 1 : 0
    case .leaf, .opaque: 0
    case .list(let items): items.reduce(0) { $0 + $1.uses(of: parameter) }
    case .member(let base, _): base.uses(of: parameter)
    case .negate(let inner), .not(let inner): inner.uses(of: parameter)
    case .binary(_, let left, let right): left.uses(of: parameter) + right.uses(of: parameter)
    case .call(_, _, let arguments): arguments.reduce(0) { $0 + $1.uses(of: parameter) }
    case .plainCall(_, _, _, let arguments): arguments.reduce(0) { $0 + $1.value.uses(of: parameter) }
    }
  }
}

/// Reads expressions into the form in which they can be inlined.
///
/// What a function guards against must not be computed before the function is called: `n != 0 and p > 1 / n`. So of its
/// body only that is taken whose parts cannot fail by their values; arguments are computed in any case.
struct InlineReading {
  let resolution: Resolution
  /// Of the function whose body is read; nil outside of one.
  let parameters: [Variable]?

  func body(_ expression: Expression) -> InlineBody {
    let binding = expression.id.index < 0 ? nil : resolution.bindings[expression.id.index]
    switch expression.kind {
    case .number, .duration, .date, .datetime, .bool, .null: return .leaf(expression.kind, nil)
    case .string(let parts):
      return parts.allSatisfy { if case .text = $0 { true } else { false } } ? .leaf(expression.kind, nil) : .opaque
    case .field, .row: return binding.map { .leaf(expression.kind, $0) } ?? .opaque
    case .name: return name(expression.kind, binding)
    case .list(let elements): return list(elements)
    case .pipeline(let pipeline): return pipeline.expression.map { body($0) } ?? .opaque
    case .member(let base, let name):
      // Which records are linked is asked of the portal alone, where the condition itself says so.
      return binding == nil && !ObjectNames.isAssociation(name.text) ? .member(body(base), name) : .opaque
    case .negate(let inner): return .negate(body(inner))
    case .not(let inner): return .not(body(inner))
    case .binary(let op, let left, let right, _):
      return isSafe(op, right) ? .binary(op, body(left), body(right)) : .opaque
    case .call(let callee, let arguments): return call(expression, callee, arguments)
    case .record, .index, .lambda, .conditional, .match, .missing: return .opaque
    }
  }

  private func name(_ kind: Expression.Kind, _ binding: Binding?) -> InlineBody {
    guard case .variable(let variable)? = binding else { return .opaque }
    if let number = parameters?.firstIndex(where: { $0 === variable }) { return .parameter(number) }
    // A `var` that a function reads may be another when the rows come.
    return parameters == nil || !variable.isAssignable ? .leaf(kind, binding) : .opaque
  }

  private func list(_ elements: [Element]) -> InlineBody {
    var items: [InlineBody] = []
    for element in elements {
      guard case .value(let pipeline) = element, let expression = pipeline.expression else { return .opaque }
      items.append(body(expression))
    }
    return .list(items)
  }

  private func isSafe(_ op: BinaryOperator, _ right: Expression) -> Bool {
    guard parameters != nil, op == .divide || op == .remainder else { return true }
    guard case .number(let digits) = right.kind else { return false }
    return digits.utf8.contains { $0 > 48 && $0 <= 57 }
  }

  private func call(_ call: Expression, _ callee: Expression, _ arguments: [Argument]) -> InlineBody {
    guard let plan = resolution.plans[call.id], let binding = resolution.binding(of: callee) else { return .opaque }
    let values = arguments.map { body($0.expression) }
    switch binding {
    case .function(let symbol):
      return symbol.parameters.contains(where: \.isRow) ? .opaque : .call(symbol, plan.arguments, values)
    case .builtin(let builtin):
      switch builtin.implementation {
      case .property: break
      case .native: if parameters != nil && !arguments.isEmpty { return .opaque }
      default: return .opaque
      }
      guard case .pure = builtin.effect else { return .opaque }
      let row = call.id.index < 0 ? nil : resolution.bindings[call.id.index]
      return .plainCall(
        callee: binding, row: row, plan, zip(arguments, values).map { (label: $0.label, value: $1) })
    case .variable, .module: return .opaque
    }
  }
}
