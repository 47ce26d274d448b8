extension Printer {
  func pipeline(_ pipeline: Pipeline, chainIndent: Int = 2) -> Layout {
    let plan = pipeline.plan == nil ? [] : [take(), Layout.space]
    let source = Layout.sequence(plan + [self.source(pipeline.source, chainIndent: chainIndent)])
    guard !pipeline.stages.isEmpty else { return source }
    let endsInBracket = [Token.Kind.rightParen, .rightBracket, .rightBrace].contains(tokens[index - 1].kind)
    let isBroken = gap.hasLineEnd || gap(index + 1).hasLineEnd
    var onLines: [Layout] = []
    var onOne: [Layout] = []
    var hasComments = false
    var earlierBreaks = false
    for stage in pipeline.stages {
      hasComments = hasComments || hasComment(index) || hasComment(index + 1)
      onLines += [.hardLine(blank: blankBefore), takeComments()]
      earlierBreaks = onOne.contains { $0.mustBreak }
      let mark = take()
      let stage = self.stage(stage)
      // On a line of its own, what a stage holds is indented by the width of the mark.
      onLines += [mark, .space, .nest(2, [stage])]
      onOne += [.space, mark, .space, stage]
    }
    let broken = Layout.nest(2, onLines)
    let flat = Layout.sequence(onOne)
    if isBroken || hasComments || earlierBreaks { return .sequence([source, broken]) }
    if !mayBreak(source, pipeline.source) {
      return .choice([.sequence([source, flat]), .sequence([source, broken])])
    }
    // Behind the bracket that closes a source of several lines there is room for stages.
    guard endsInBracket, case .expression = pipeline.source else { return .sequence([source, broken]) }
    return .sequence([source, .choice([flat, broken])])
  }

  /// Whether a source goes over several lines, or has a text in it that does, around which its other parts may end up on
  /// lines of their own. A text alone is as long as it is.
  private func mayBreak(_ layout: Layout, _ source: PipelineSource) -> Bool {
    if layout.mustBreak { return true }
    if case .expression(let expression) = source, case .string = expression.kind { return false }
    return layout.flatWidth >= Layout.tooWide
  }

  private func hasComment(_ index: Int) -> Bool {
    !gap(index).comments.isEmpty || gap(index).trailing != nil
  }

  private func source(_ source: PipelineSource, chainIndent: Int) -> Layout {
    switch source {
    case .find(let find): self.find(find)
    case .create(let create): self.create(create)
    case .upsert(let upsert): self.upsert(upsert)
    case .expression(let expression): self.expression(expression, chainIndent: chainIndent)
    }
  }

  private func find(_ find: Find) -> Layout {
    let words = take(1 + (find.all == nil ? 0 : 1) + (find.object == nil ? 0 : 1))
    guard let condition = find.condition else { return words }
    return spaced([words, self.condition(condition)])
  }

  /// `where` and its condition. In a long one each `and` stands below the `where`.
  private func condition(_ condition: Expression) -> Layout {
    let isChain = chainOperator(condition).map { $0 == .and || $0 == .or } ?? false
    let parts = [take(), .space, expression(condition, chainIndent: 0)]
    return isChain ? .align(parts) : .sequence(parts)
  }

  private func stage(_ stage: Stage) -> Layout {
    switch stage.kind {
    case .where(let value): condition(value)
    case .take(let value), .skip(let value), .map(let value), .save(let value), .distinct(let value?):
      spaced([take(), expression(value, chainIndent: 2)])
    case .distinct(nil): take()
    case .select(let columns): spaced([take(), self.columns(columns)])
    case .sort(let orders): sort(orders)
    case .groupBy(let columns, let record): spaced([take(2), self.columns(columns), self.record(record)])
    case .each(let name, let body): spaced([take(name == nil ? 1 : 2), joinedBlocks([block(body)])])
    case .create(let create): self.create(create)
    case .upsert(let upsert): self.upsert(upsert)
    case .update(let update): spaced([take(), record(update.record)] + guards(update.guards))
    case .archive(let guards): spaced([take()] + self.guards(guards))
    case .associate(let target, let guards): spaced([take(), self.target(target)] + self.guards(guards))
    case .call(let path, let arguments): call(path.count, arguments)
    }
  }

  private func sort(_ orders: [Order]) -> Layout {
    guard !orders.isEmpty else { return take() }
    return spaced([
      take(),
      filled(orders.count) { number in
        let value = expression(orders[number].value)
        return token.word == .asc || token.word == .desc ? spaced([value, take()]) : value
      },
    ])
  }

  private func columns(_ columns: [Column]) -> Layout {
    filled(columns.count) { number in
      let name = columns[number].name == nil ? [] : [take(), take(), .space]
      return .sequence(name + [expression(columns[number].value)])
    }
  }

  /// Elements with commas between and no brackets around them.
  private func filled(_ count: Int, _ element: (Int) -> Layout) -> Layout {
    var parts: [Layout] = []
    for number in 0..<count {
      if number > 0 { parts.append(gap.hasLineEnd ? .hardLine() : .line()) }
      let content = element(number)
      parts.append(.nest(number > 0 ? 2 : 0, number < count - 1 ? [content, take()] : [content]))
    }
    for place in stride(from: 1, to: parts.count, by: 2) { parts[place] = .nest(2, [parts[place]]) }
    return .fill(parts)
  }

  private func call(_ names: Int, _ arguments: [Argument]?) -> Layout {
    let path = Layout.sequence((0..<names).map { _ in take() })
    guard let arguments else { return path }
    return .sequence([path, self.arguments(arguments)])
  }

  // MARK: Verbs and their clauses

  private func create(_ create: Create) -> Layout {
    let words = take(create.object == nil ? 1 : 2)
    return spaced([words, record(create.record)] + (create.target.map { [target($0)] } ?? []) + guards(create.guards))
  }

  private func upsert(_ upsert: Upsert) -> Layout {
    let words = take(upsert.object == nil ? 3 : 4)
    return spaced([words, record(upsert.record)] + (upsert.target.map { [target($0)] } ?? []) + guards(upsert.guards))
  }

  private func target(_ target: Target) -> Layout { spaced([take(2), expression(target.id)]) }

  private func guards(_ guards: [Guard]) -> [Layout] {
    guards.map { clause in
      switch clause {
      case .atMost(let limit, _): spaced([take(2), expression(limit)])
      case .onErrorContinue: take(3)
      }
    }
  }
}
