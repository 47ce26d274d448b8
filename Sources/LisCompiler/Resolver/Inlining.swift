import LisSyntax

/// Functions of one expression in the conditions of `find`, such as `find where big(.price)`: what they compute is put in
/// their place, so that it can be asked of the portal. Rows are tested with the condition as it was written.
extension Resolver {
  /// How deep calls in functions are followed, and how large a condition may become.
  private static let depthLimit = 8
  private static let sizeLimit = 400

  /// Keeps of a function what its calls need.
  func noteInlineBody(_ declaration: Function, _ symbol: FunctionSymbol, _ parameters: [Variable]) {
    symbol.obstacle = InlineObstacle.first(in: declaration, resolution)
    guard case .pipeline(let pipeline) = declaration.body, let expression = pipeline.expression else { return }
    let reading = InlineReading(resolution: resolution, parameters: parameters)
    symbol.inline = InlineFunction(
      body: reading.body(expression),
      defaults: declaration.parameters.map { $0.fallback.map { reading.body($0) } })
  }

  /// Once all functions are known.
  mutating func inlineConditions() {
    for condition in findConditions { inline(condition, row: nil) }
    findConditions = []
  }

  /// - Parameter row: the parameter of a lambda that stands for the row.
  private mutating func inline(_ condition: Expression, row: Variable?) {
    switch condition.kind {
    case .pipeline(let pipeline): if let inner = pipeline.expression { inline(inner, row: row) }
    case .lambda(let lambda): inline(lambda.body, row: resolution.declared[condition.id]?.first)
    case .not(let inner): inline(inner, row: row)
    case .binary(.and, let left, let right, _), .binary(.or, let left, let right, _):
      inline(left, row: row)
      inline(right, row: row)
    case .binary(_, let left, let right, _):
      if isCallOnRow(left, row) || isCallOnRow(right, row) { replace(condition) }
    default: if isCallOnRow(condition, row) { replace(condition) }
    }
  }

  private mutating func replace(_ condition: Expression) {
    let body = InlineReading(resolution: resolution, parameters: nil).body(condition)
    var room = Resolver.sizeLimit
    resolution.inlined[condition.id] = expression(body, [], condition.span, depth: 0, &room)
  }

  /// A call of a function declared with `fn` that is given something of the row.
  private func isCallOnRow(_ expression: Expression, _ row: Variable?) -> Bool {
    switch expression.kind {
    case .pipeline(let pipeline): return pipeline.expression.map { isCallOnRow($0, row) } ?? false
    case .call(let callee, let arguments):
      guard case .function? = resolution.binding(of: callee) else { return false }
      let search = TreeSearch(expression: { node in
        switch node.kind {
        case .field, .row: true
        case .name: row.map { resolution.isVariable($0, node) } ?? false
        case .call: if case .variable? = resolution.bindings[node.id.index] { true } else { false }
        default: false
        }
      })
      return arguments.contains { search.finds(in: $0.expression) }
    default: return false
    }
  }

  /// A body with arguments in the place of its parameters, as a tree of its own. What cannot be inlined is `missing`.
  private mutating func expression(
    _ body: InlineBody, _ arguments: [InlineBody], _ span: Span, depth: Int, _ room: inout Int
  ) -> Expression {
    expression(Resolver.filled(body, arguments, depth, &room), span)
  }

  /// Puts arguments in the place of parameters and bodies in the place of calls.
  private static func filled(
    _ body: InlineBody, _ arguments: [InlineBody], _ depth: Int, _ room: inout Int
  ) -> InlineBody {
    room -= 1
    guard room > 0 else { return .opaque }
    switch body {
    case .parameter(let number): return number < arguments.count ? arguments[number] : .opaque
    case .leaf, .opaque: return body
    case .list(let items): return .list(items.map { filled($0, arguments, depth, &room) })
    case .member(let base, let name): return .member(filled(base, arguments, depth, &room), name)
    case .negate(let inner): return .negate(filled(inner, arguments, depth, &room))
    case .not(let inner): return .not(filled(inner, arguments, depth, &room))
    case .binary(let op, let left, let right):
      return .binary(op, filled(left, arguments, depth, &room), filled(right, arguments, depth, &room))
    case .plainCall(let callee, let row, let plan, let given):
      return .plainCall(
        callee: callee, row: row, plan,
        given.map { (label: $0.label, value: filled($0.value, arguments, depth, &room)) })
    case .call(let symbol, let plan, let given):
      guard depth < depthLimit, let function = symbol.inline else { return .opaque }
      let values = given.map { filled($0, arguments, depth, &room) }
      var own: [InlineBody] = []
      for (slot, number) in plan.enumerated() {
        let value: InlineBody
        if let number, number < values.count {
          value = values[number]
        } else if slot < function.defaults.count, let fallback = function.defaults[slot] {
          value = filled(fallback, own, depth + 1, &room)
        } else {
          value = .opaque
        }
        // It would be computed more than once.
        own.append(value.isSimple || function.body.uses(of: slot) <= 1 ? value : .opaque)
      }
      return filled(function.body, own, depth + 1, &room)
    }
  }

  /// The tree of a body without parameters and calls of functions, with nodes of its own.
  private mutating func expression(_ body: InlineBody, _ span: Span) -> Expression {
    switch body {
    case .parameter, .call, .opaque: return node(.missing, nil, span)
    case .leaf(let kind, let binding): return node(kind, binding, span)
    case .list(let items):
      let elements = items.map { Element.value(pipeline(expression($0, span))) }
      return node(.list(elements), nil, span)
    case .member(let base, let name): return node(.member(expression(base, span), name), nil, span)
    case .negate(let inner): return node(.negate(expression(inner, span)), nil, span)
    case .not(let inner): return node(.not(expression(inner, span)), nil, span)
    case .binary(let op, let left, let right):
      return node(.binary(op, expression(left, span), expression(right, span), operatorSpan: span), nil, span)
    case .plainCall(let callee, let row, let plan, let given):
      let name = if case .builtin(let builtin) = callee { builtin.name } else { "" }
      let function = node(.name(name), callee, span)
      let arguments = given.map { argument in
        let value = expression(argument.value, span)
        return Argument(id: value.id, label: argument.label, value: pipeline(value))
      }
      let call = node(.call(function, arguments), row, span)
      resolution.plans[call.id] = plan
      return call
    }
  }

  private func pipeline(_ expression: Expression) -> Pipeline {
    Pipeline(plan: nil, source: .expression(expression), stages: [], span: expression.span)
  }

  private mutating func node(_ kind: Expression.Kind, _ binding: Binding?, _ span: Span) -> Expression {
    resolution.bindings.append(binding)
    return Expression(id: NodeID(resolution.bindings.count - 1), span: span, kind: kind)
  }
}
