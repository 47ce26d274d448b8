extension Printer {
  func program(_ program: Program) -> Layout {
    var parts: [Layout] = []
    for (number, item) in program.items.enumerated() {
      if number > 0 { parts.append(.hardLine(blank: blankBefore)) }
      parts += [takeComments(), self.item(item)]
    }
    // The end of the input is a token without text.
    parts += [.hardLine(blank: blankBefore), takeCloser().comments]
    return .sequence(parts)
  }

  private func item(_ item: Item) -> Layout {
    switch item.kind {
    case .use(let use): take(use.alias == nil ? 2 : 4)
    case .param(let parameter): spaced([take(), self.parameter(parameter)])
    case .function(let function): self.function(function)
    case .test(_, let body), .step(_, let body): spaced([take(2), joinedBlocks([block(body)])])
    case .statement(let statement): self.statement(statement)
    }
  }

  private func parameter(_ parameter: Parameter) -> Layout {
    var parts = [take()]
    if parameter.type != nil { parts += [take(), .space, take()] }
    if let fallback = parameter.fallback {
      parts += [.space, take(), assigned(staysOnLine: breaksInside(fallback)) { expression(fallback) }]
    }
    return .sequence(parts)
  }

  func function(_ function: Function) -> Layout {
    var parts = [take(2), brackets(function.parameters.count) { parameter(function.parameters[$0]) }]
    if function.result != nil { parts += [take(), .space, take()] }
    switch function.body {
    case .pipeline(let body):
      parts += [.space, take(), assigned(staysOnLine: breaksInside(body)) { pipeline(body) }]
    case .block(let body): parts += [.space, joinedBlocks([block(body)])]
    }
    return .sequence(parts)
  }

  func statement(_ statement: Statement) -> Layout {
    switch statement.kind {
    case .declare(_, _, let value):
      .sequence([take(3), assigned(staysOnLine: breaksInside(value)) { pipeline(value) }])
    case .assign(_, let value): .sequence([take(2), assigned(staysOnLine: breaksInside(value)) { pipeline(value) }])
    case .forEach(_, let source, let body): spaced([take(3), pipeline(source), joinedBlocks([block(body)])])
    case .return(nil), .break, .continue: take()
    case .return(let value?), .expect(let value), .given(let value): spaced([take(), pipeline(value)])
    case .tryCatch(let body, _, let handler): tryCatch(body, handler)
    case .function(let function): self.function(function)
    case .pipeline(let value): pipeline(value)
    }
  }

  private func tryCatch(_ body: Block, _ handler: Block) -> Layout {
    let first = block(body, after: .sequence([take(), .space]))
    return joinedBlocks([first, block(handler, after: .sequence([.space, take(2), .space]))])
  }

  // MARK: Blocks

  /// A block in its parts, so that blocks that belong together are broken together.
  struct BlockParts {
    /// Everything up to the opening brace.
    var head: Layout
    var body: Layout
    var closer: Layout
    /// The author wrote it on one line.
    var isInline: Bool
  }

  func block(_ block: Block, after head: Layout = .empty) -> BlockParts {
    let isBroken = gap(index + 1).hasLineEnd
    let opener = Layout.sequence([head, take()])
    var parts: [Layout] = []
    for (number, statement) in block.statements.enumerated() {
      if number > 0 { parts.append(.hardLine(blank: blankBefore)) }
      parts += [takeComments(), self.statement(statement)]
    }
    let (comments, closer) = takeCloser()
    parts.append(comments)
    let count = block.statements.count
    let isInline = !comments.hasText && (count == 0 || (count == 1 && !isBroken))
    return BlockParts(head: opener, body: .sequence(parts), closer: closer, isInline: isInline)
  }

  /// On one line when the author wrote all of them so and they fit, else each statement on a line of its own.
  func joinedBlocks(_ blocks: [BlockParts]) -> Layout {
    var parts: [Layout] = []
    for block in blocks {
      parts += block.body.hasText ? [block.head, .nest(2, [.line(), block.body]), .line()] : [block.head]
      parts.append(block.closer)
    }
    return .group(parts, isBroken: !blocks.allSatisfy(\.isInline) && blocks.contains { $0.body.hasText })
  }
}
