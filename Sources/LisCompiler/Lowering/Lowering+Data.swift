import LisCore
import LisSyntax

/// What becomes a part of data: items of lists, fields of records, pieces of texts, keys, and rows that `map` makes. A
/// stream is a way to rows and no value that could be kept, sent or compared, so it is read into a list there.
extension Lowering {
  func datum(of pipeline: Pipeline, into target: Int) {
    value(of: pipeline, into: target)
    if mayBeStream(pipeline) { readStream(target, pipeline.span) }
  }

  func datum(of expression: Expression, into target: Int) {
    self.expression(expression, into: target)
    if mayBeStream(expression) { readStream(target, expression.span) }
  }

  /// Turns a stream in a register into a list, and leaves everything else alone.
  func readStream(_ register: Int, _ span: Span) {
    mark(span)
    materialize(register)
  }

  // MARK: What may be a stream

  /// Whether only the running program knows that a value is no stream. Parts of data and rows never are one.
  func mayBeStream(_ pipeline: Pipeline) -> Bool {
    if let expression = pipeline.expression { return mayBeStream(expression) }
    if pipeline.plan != nil { return false }
    guard let last = pipeline.stages.last else {
      if case .find = pipeline.source { return true }
      return false
    }
    guard isEager(last) else { return true }
    guard case .call = last.kind, let binding = resolution.bindings[last.id.index] else { return false }
    return mayGiveStream(binding)
  }

  func mayBeStream(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .name, .member:
      guard case .variable(let variable)? = resolution.binding(of: expression) else { return false }
      return variable.kind != .loop && variable.kind != .row && Lowering.mayBeStream(variable.type)
    case .call(let callee, _):
      guard let binding = resolution.binding(of: callee) else { return true }
      return mayGiveStream(binding)
    case .pipeline(let pipeline): return mayBeStream(pipeline)
    case .binary(.coalesce, let left, let right, _): return mayBeStream(left) || mayBeStream(right)
    case .conditional(let conditional):
      return mayBeStream(conditional.then) || conditional.otherwise.map { mayBeStream($0) } ?? false
    case .match(let match): return match.arms.contains { mayBeStream($0.body) }
    default: return false
    }
  }

  private func mayBeStream(_ block: Block) -> Bool {
    switch block.statements.last?.kind {
    case .pipeline(let pipeline): mayBeStream(pipeline)
    case .tryCatch(let body, _, let handler): mayBeStream(body) || mayBeStream(handler)
    default: false
    }
  }

  /// Whether a function of a row may give a stream for it.
  func mayGiveStream(_ function: Expression) -> Bool {
    if case .lambda(let lambda) = function.kind { return mayBeStream(lambda.body) }
    if let binding = resolution.binding(of: function), holdsFunction(function) { return mayGiveStream(binding) }
    return mayBeStream(function)
  }

  private func mayGiveStream(_ binding: Binding) -> Bool {
    switch binding {
    case .function(let symbol): return Lowering.mayBeStream(symbol.result)
    case .variable: return true
    case .module: return false
    case .builtin(let builtin):
      switch builtin.implementation {
      case .stage, .trace: return true
      case .native: return builtin.result == .unknown || builtin.result.isStream
      case .fold, .list, .first, .property, .explain: return false
      }
    }
  }

  /// What is declared or taken for a list may be a stream as well: whatever can be read row by row fits there.
  private static func mayBeStream(_ type: StaticType) -> Bool { type == .unknown || type == .null || type.isRows }

  // MARK: Functions of rows

  /// The function of a `map`, whose results are rows.
  func mappingFunction(_ expression: Expression, _ row: Variable?, into target: Int) -> Bool {
    guard mayGiveStream(expression) else { return false }
    if case .lambda(let lambda) = expression.kind {
      function(parameters: resolution.declared[expression.id] ?? [], span: expression.span, into: target) {
        self.datum(of: lambda.body, into: $0)
      }
      return true
    }
    guard let row else { return false }
    function(named: "row expression", parameters: [row], span: expression.span, into: target) { result in
      self.apply(expression, toRow: 0, into: result)
      self.readStream(result, expression.span)
    }
    return true
  }
}
