import LisSyntax

/// Any part of a program, so that a rule can go through all of it and stop only where it has something to say.
enum SyntaxNode {
  case expression(Expression)
  case pipeline(Pipeline)
  case stage(Stage)
  case create(Create)
  case upsert(Upsert)
  case record(RecordLiteral)
  case block(Block)
  case statement(Statement)
  case function(Function)

  /// Its parts, in the order in which they run.
  var children: [SyntaxNode] {
    switch self {
    case .expression(let expression): expression.parts
    case .pipeline(let pipeline): pipeline.source.parts + pipeline.stages.map { .stage($0) }
    case .stage(let stage): stage.parts
    case .create(let create): [.record(create.record)] + create.target.parts + create.guards.parts
    case .upsert(let upsert): [.record(upsert.record)] + upsert.target.parts + upsert.guards.parts
    case .record(let record):
      record.entries.compactMap { entry in
        switch entry {
        case .keyed(let key, nil):
          // `{ name }` stands for `{ name: name }`.
          .expression(Expression(id: NodeID(-1), span: key.span, kind: .name(key.text)))
        case .keyed(_, let value?): .pipeline(value)
        case .spread(let inner): .expression(inner)
        }
      }
    case .block(let block): block.statements.map { .statement($0) }
    case .statement(let statement): statement.parts
    case .function(let function):
      function.parameters.compactMap { $0.fallback.map { .expression($0) } } + [function.body.node]
    }
  }
}

extension Program {
  /// The items that hold code, functions included.
  func nodes(withTests: Bool) -> [SyntaxNode] {
    items.flatMap { item -> [SyntaxNode] in
      switch item.kind {
      case .use: []
      case .param(let parameter): parameter.fallback.map { [.expression($0)] } ?? []
      case .function(let function): [.function(function)]
      case .test(_, let body): withTests ? [.block(body)] : []
      // Its names belong to the top level.
      case .step(_, let body): body.statements.map { .statement($0) }
      case .statement(let statement): [.statement(statement)]
      }
    }
  }
}

extension Program {
  /// The statements of the top level, functions and tests, in order.
  var statementSpans: [Span] {
    items.flatMap { item -> [Span] in
      if case .step(_, let body) = item.kind { body.statements.map(\.span) } else { [item.span] }
    }
  }
}

extension [Span] {
  /// The first one that a place lies in, among spans that follow each other.
  func index(around place: Span) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].upper < place.lower { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low].lower <= place.lower ? low : nil
  }
}

extension Expression {
  /// Without brackets around it.
  var bare: Expression {
    if case .pipeline(let pipeline) = kind, let inner = pipeline.expression { return inner.bare }
    return self
  }

  fileprivate var parts: [SyntaxNode] {
    switch kind {
    case .number, .duration, .date, .datetime, .bool, .null, .field, .row, .name, .missing: []
    case .string(let parts):
      parts.compactMap { if case .interpolation(let pipeline) = $0 { .pipeline(pipeline) } else { nil } }
    case .list(let elements):
      elements.map { element in
        switch element {
        case .value(let pipeline): .pipeline(pipeline)
        case .spread(let inner): .expression(inner)
        }
      }
    case .record(let record): [.record(record)]
    case .pipeline(let pipeline): [.pipeline(pipeline)]
    case .member(let base, _): [.expression(base)]
    case .index(let base, let index): [.expression(base), .expression(index)]
    case .call(let callee, let arguments): [.expression(callee)] + arguments.map { .pipeline($0.value) }
    case .negate(let inner), .not(let inner): [.expression(inner)]
    case .binary(_, let left, let right, _): [.expression(left), .expression(right)]
    case .lambda(let lambda): [.expression(lambda.body)]
    case .conditional(let conditional):
      [.expression(conditional.condition), .block(conditional.then)]
        + (conditional.otherwise.map { [.block($0)] } ?? [])
    case .match(let match):
      [.expression(match.subject)]
        + match.arms.flatMap { arm in arm.patterns.map { .expression($0) } + [.expression(arm.body)] }
    }
  }
}

extension PipelineSource {
  fileprivate var parts: [SyntaxNode] {
    switch self {
    case .find(let find): find.condition.map { [.expression($0)] } ?? []
    case .create(let create): [.create(create)]
    case .upsert(let upsert): [.upsert(upsert)]
    case .expression(let expression): [.expression(expression)]
    }
  }
}

extension Stage {
  fileprivate var parts: [SyntaxNode] {
    switch kind {
    case .where(let inner), .take(let inner), .skip(let inner), .map(let inner), .save(let inner):
      [.expression(inner)]
    case .distinct(let key): key.map { [.expression($0)] } ?? []
    case .select(let columns): columns.map { .expression($0.value) }
    case .sort(let orders): orders.map { .expression($0.value) }
    case .groupBy(let columns, let record): columns.map { .expression($0.value) } + [.record(record)]
    case .each(_, let block): [.block(block)]
    case .create(let create): [.create(create)]
    case .upsert(let upsert): [.upsert(upsert)]
    case .update(let update): [.record(update.record)] + update.guards.parts
    case .archive(let guards): guards.parts
    case .associate(let target, let guards): [.expression(target.id)] + guards.parts
    case .call(_, let arguments): (arguments ?? []).map { .pipeline($0.value) }
    }
  }
}

extension Statement {
  fileprivate var parts: [SyntaxNode] {
    switch kind {
    case .declare(_, _, let value), .assign(_, let value): [.pipeline(value)]
    case .forEach(_, let source, let body): [.pipeline(source), .block(body)]
    case .return(let value): value.map { [.pipeline($0)] } ?? []
    case .break, .continue: []
    case .tryCatch(let body, _, let handler): [.block(body), .block(handler)]
    case .expect(let value), .given(let value), .pipeline(let value): [.pipeline(value)]
    case .function(let function): [.function(function)]
    }
  }
}

extension FunctionBody {
  fileprivate var node: SyntaxNode {
    switch self {
    case .pipeline(let pipeline): .pipeline(pipeline)
    case .block(let block): .block(block)
    }
  }
}

extension Target? {
  fileprivate var parts: [SyntaxNode] { map { [.expression($0.id)] } ?? [] }
}

extension [Guard] {
  fileprivate var parts: [SyntaxNode] {
    compactMap { if case .atMost(let limit, _) = $0 { .expression(limit) } else { nil } }
  }

  var hasLimit: Bool { contains { if case .atMost = $0 { true } else { false } } }
}
