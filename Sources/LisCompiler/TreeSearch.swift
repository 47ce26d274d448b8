import LisSyntax

/// Looks through an expression and everything below it, blocks and functions included.
struct TreeSearch {
  var expression: (Expression) -> Bool = { _ in false }
  var statement: (Statement) -> Bool = { _ in false }

  /// Whether computing the expression may give a name another value.
  static func assigns(_ expression: Expression) -> Bool {
    let search = TreeSearch(statement: { statement in
      if case .assign = statement.kind { true } else { false }
    })
    return search.finds(in: expression)
  }

  func finds(in node: Expression) -> Bool {
    if expression(node) { return true }
    switch node.kind {
    case .number, .duration, .date, .datetime, .bool, .null, .field, .row, .name, .missing: return false
    case .string(let parts):
      return parts.contains { if case .interpolation(let pipeline) = $0 { finds(in: pipeline) } else { false } }
    case .list(let elements):
      return elements.contains { element in
        switch element {
        case .value(let pipeline): finds(in: pipeline)
        case .spread(let inner): finds(in: inner)
        }
      }
    case .record(let record): return finds(in: record)
    case .pipeline(let pipeline): return finds(in: pipeline)
    case .member(let base, _): return finds(in: base)
    case .index(let base, let index): return finds(in: base) || finds(in: index)
    case .call(let callee, let arguments): return finds(in: callee) || finds(in: arguments)
    case .negate(let inner), .not(let inner): return finds(in: inner)
    case .binary(_, let left, let right, _): return finds(in: left) || finds(in: right)
    case .lambda(let lambda): return finds(in: lambda.body)
    case .conditional(let conditional):
      return finds(in: conditional.condition) || finds(in: conditional.then)
        || conditional.otherwise.map { finds(in: $0) } ?? false
    case .match(let match):
      return finds(in: match.subject)
        || match.arms.contains { arm in arm.patterns.contains { finds(in: $0) } || finds(in: arm.body) }
    }
  }

  func finds(in record: RecordLiteral) -> Bool {
    record.entries.contains { entry in
      switch entry {
      case .keyed(let key, let value):
        // `{ name }` stands for `{ name: name }`.
        value.map { finds(in: $0) } ?? expression(Expression(id: NodeID(-1), span: key.span, kind: .name(key.text)))
      case .spread(let inner): finds(in: inner)
      }
    }
  }

  private func finds(in arguments: [Argument]) -> Bool { arguments.contains { finds(in: $0.value) } }

  func finds(in pipeline: Pipeline) -> Bool {
    let inSource =
      switch pipeline.source {
      case .find(let find): find.condition.map { finds(in: $0) } ?? false
      case .create(let create): finds(in: create)
      case .upsert(let upsert): finds(in: upsert.record) || finds(in: upsert.target) || finds(in: upsert.guards)
      case .expression(let inner): finds(in: inner)
      }
    return inSource || pipeline.stages.contains { finds(in: $0) }
  }

  private func finds(in create: Create) -> Bool {
    finds(in: create.record) || finds(in: create.target) || finds(in: create.guards)
  }

  private func finds(in target: Target?) -> Bool { target.map { finds(in: $0.id) } ?? false }

  private func finds(in guards: [Guard]) -> Bool {
    guards.contains { if case .atMost(let limit, _) = $0 { finds(in: limit) } else { false } }
  }

  func finds(in stage: Stage) -> Bool {
    switch stage.kind {
    case .where(let inner), .take(let inner), .skip(let inner), .map(let inner), .save(let inner):
      finds(in: inner)
    case .distinct(let key): key.map { finds(in: $0) } ?? false
    case .select(let columns): columns.contains { finds(in: $0.value) }
    case .sort(let orders): orders.contains { finds(in: $0.value) }
    case .groupBy(let columns, let record): columns.contains { finds(in: $0.value) } || finds(in: record)
    case .each(_, let block): finds(in: block)
    case .create(let create): finds(in: create)
    case .upsert(let upsert): finds(in: upsert.record) || finds(in: upsert.target) || finds(in: upsert.guards)
    case .update(let update): finds(in: update.record) || finds(in: update.guards)
    case .archive(let guards): finds(in: guards)
    case .associate(let target, let guards): finds(in: target) || finds(in: guards)
    case .call(_, let arguments): finds(in: arguments ?? [])
    }
  }

  func finds(in block: Block) -> Bool { block.statements.contains { finds(in: $0) } }

  private func finds(in node: Statement) -> Bool {
    if statement(node) { return true }
    switch node.kind {
    case .declare(_, _, let value), .assign(_, let value): return finds(in: value)
    case .forEach(_, let source, let body): return finds(in: source) || finds(in: body)
    case .return(let value): return value.map { finds(in: $0) } ?? false
    case .break, .continue: return false
    case .tryCatch(let body, _, let handler): return finds(in: body) || finds(in: handler)
    case .expect(let value), .given(let value), .pipeline(let value): return finds(in: value)
    case .function(let function):
      if function.parameters.contains(where: { $0.fallback.map { finds(in: $0) } ?? false }) { return true }
      switch function.body {
      case .pipeline(let pipeline): return finds(in: pipeline)
      case .block(let block): return finds(in: block)
      }
    }
  }
}
