/// Sources, stages and their clauses.
extension Parser {
  /// Where the next construct begins; at a line end, where the last one ended.
  var startOffset: Int { kind == .lineEnd || kind == .end ? previousEnd : token.span.lower }

  func pipeline() -> Pipeline {
    guard descend(1) else {
      depth -= 1
      return missingPipeline()
    }
    let lower = startOffset
    let plan = isWord(.plan) ? advance().span : nil
    let source = pipelineSource()
    var pipeline = Pipeline(plan: plan, source: source, stages: [], span: span(from: lower))
    if kind == .pipe { takeStages(&pipeline) }
    depth -= 1
    return pipeline
  }

  private func pipelineSource() -> PipelineSource {
    switch word {
    case .find: return .find(find())
    case .create: return .create(create())
    case .upsert: return .upsert(upsert())
    default: return .expression(expression())
    }
  }

  func takeStages(_ pipeline: inout Pipeline) {
    defer { depth -= 1 }
    guard descend(1) else { return }
    while kind == .pipe {
      advance()
      if let stage = stage() {
        pipeline.stages.append(stage)
      } else {
        skipStage()
      }
    }
    pipeline.span.upper = max(pipeline.span.upper, previousEnd)
  }

  private func find() -> Find {
    let id = makeID()
    let lower = advance().span.lower
    let all = isWord(.all) ? advance().span : nil
    let object = objectName()
    let condition = accept(.where) ? expression() : nil
    return Find(id: id, span: span(from: lower), all: all, object: object, condition: condition)
  }

  /// An object type where it may be left out.
  private func objectName() -> Name? {
    guard kind == .name, word != .where, word?.isReserved != true else { return nil }
    let taken = advance()
    return Name(text(taken), taken.span)
  }

  private func create() -> Create {
    let id = makeID()
    let lower = advance().span.lower
    let object = objectName()
    let record = recordLiteral(after: "`create`")
    let target = optionalTarget()
    let guards = guards()
    return Create(
      id: id, span: span(from: lower), object: object, record: record, target: target, guards: guards)
  }

  private func upsert() -> Upsert {
    let id = makeID()
    let lower = advance().span.lower
    let object = isWord(.by) && following?.kind == .name ? nil : objectName()
    var key = Name("", missingPlace)
    if accept(.by) {
      key = keyName()
    } else {
      missed(.word("by", after: "`upsert`"))
    }
    let record = recordLiteral(after: "the key of `upsert`")
    let target = optionalTarget()
    let guards = guards()
    return Upsert(
      id: id, span: span(from: lower), object: object, key: key, record: record, target: target, guards: guards)
  }

  /// A property by its bare name; reserved words may be keys. `.sku` is taken for `sku` with a complaint.
  private func keyName() -> Name {
    switch kind {
    case .name:
      let taken = advance()
      return Name(text(taken), taken.span)
    case .field:
      report(.fieldAsKey(text(token), token.span))
      let taken = advance()
      return Name(String(text(taken).dropFirst()), taken.span)
    default:
      missedName(.key)
      return Name("", missingPlace)
    }
  }

  private func optionalTarget() -> Target? { isWord(.to) ? target() : nil }

  private func target() -> Target {
    if !accept(.to) { missed(.word("to", after: "`associate`")) }
    let object = name(.object)
    return Target(object: object, id: expression(.unary))
  }

  private func guards() -> [Guard] {
    var guards: [Guard] = []
    var limit: Span?
    var onError: Span?
    while true {
      let lower = token.span.lower
      if isWord(.at) {
        if let limit { report(.repeatedClause("at most", first: limit, token.span)) }
        guards.append(atMost(lower))
        limit = span(from: lower)
      } else if isWord(.on) {
        if let onError { report(.repeatedClause("on error continue", first: onError, token.span)) }
        guards.append(onErrorContinue(lower))
        onError = span(from: lower)
      } else {
        return guards
      }
    }
  }

  private func atMost(_ lower: Int) -> Guard {
    advance()
    if !accept(.most) { missed(.word("most", after: "`at`")) }
    let limit = expression(.sum)
    return .atMost(limit, span: span(from: lower))
  }

  private func onErrorContinue(_ lower: Int) -> Guard {
    advance()
    if !accept(.error) {
      missed(.word("error", after: "`on`"))
    } else if !accept(.continue) {
      missed(.word("continue", after: "`on error`"))
    }
    return .onErrorContinue(span: span(from: lower))
  }

  // MARK: Stages

  /// nil when no stage could be made out; the complaint has been made.
  private func stage() -> Stage? {
    guard kind == .name else {
      missed(.stage)
      return nil
    }
    let id = makeID()
    let head = token
    guard let kind = stageKind(head) else { return nil }
    return Stage(id: id, span: span(from: head.span.lower), head: head.span, kind: kind)
  }

  private func stageKind(_ head: Token) -> Stage.Kind? {
    switch head.word {
    case .where, .take, .skip, .map, .save: return stageOfOneExpression()
    case .distinct:
      advance()
      return .distinct(canBeginOptionalOperand ? expression() : nil)
    case .select:
      advance()
      return .select(columns())
    case .sort: return sort()
    case .group: return group()
    case .each: return each()
    case .create: return .create(create())
    case .upsert: return .upsert(upsert())
    case .update: return update()
    case .archive:
      advance()
      return .archive(guards())
    case .associate:
      advance()
      let target = target()
      return .associate(target, guards())
    default: return callStage(head)
    }
  }

  private func stageOfOneExpression() -> Stage.Kind {
    let word = advance().word
    let value = expression()
    switch word {
    case .where: return .where(value)
    case .take: return .take(value)
    case .skip: return .skip(value)
    case .map: return .map(value)
    default: return .save(value)
    }
  }

  private func update() -> Stage.Kind {
    advance()
    let record = recordLiteral(after: "`update`")
    return .update(Update(record: record, guards: guards()))
  }

  private func each() -> Stage.Kind {
    advance()
    let item = kind == .name ? name(.loopVariable) : nil
    return .each(item, block(after: "`each`"))
  }

  private func group() -> Stage.Kind {
    advance()
    if !accept(.by) { missed(.word("by", after: "`group`")) }
    let columns = columns()
    return .groupBy(columns, recordLiteral(after: "the columns of `group by`"))
  }

  private func columns() -> [Column] {
    var columns: [Column] = []
    repeat {
      var name: Name?
      if kind == .name, following?.kind == .colon {
        let taken = advance()
        name = Name(text(taken), taken.span)
        advance()
      }
      columns.append(Column(name: name, value: expression()))
    } while accept(.comma)
    return columns
  }

  private func sort() -> Stage.Kind {
    advance()
    guard canBeginOptionalOperand else { return .sort([]) }
    var orders: [Order] = []
    repeat {
      let value = expression()
      let descending = isWord(.desc)
      if descending || isWord(.asc) { advance() }
      orders.append(Order(value: value, descending: descending))
    } while accept(.comma)
    return .sort(orders)
  }

  /// Whether an operand that may be left out is there. In the head of a `for` a brace begins the loop's block.
  private var canBeginOptionalOperand: Bool {
    switch kind {
    case .leftBrace: return !inLoopHead
    case .name:
      guard let word, word.isReserved else { return true }
      return [.null, .true, .false, .not, .if, .match].contains(word)
    case .number, .duration, .date, .datetime, .string, .stringHead, .field, .dot, .leftParen, .leftBracket, .minus,
      .invalid:
      return true
    default: return false
    }
  }

  /// A function that joins the pipeline: `| count`, `| top(.price, 10)`, `| money.rounded(2)`.
  private func callStage(_ head: Token) -> Stage.Kind? {
    if let word = head.word, word.isReserved {
      missed(.stage)
      return nil
    }
    advance()
    var path = [Name(text(head), head.span)]
    while kind == .field, token.span.lower == previousEnd {
      let member = advance()
      path.append(Name(String(text(member).dropFirst()), Span(member.span.lower + 1, member.span.upper)))
    }
    let arguments = kind == .leftParen ? arguments() : nil
    if arguments == nil, path.count == 1, looksLikeOperand {
      index -= 1
      let name = path[0].text
      let suggestion =
        ForeignWord.stages[name]?.rawValue
        ?? Spelling.suggestion(for: name, among: Word.stages.map(\.rawValue))
      report(.unknownStage(name, suggestion: suggestion, head.span))
      index += 1
      return nil
    }
    return .call(path: path, arguments: arguments)
  }

  /// What could be the operand of a stage, right behind a name that is no stage.
  private var looksLikeOperand: Bool {
    switch kind {
    case .leftBrace: return !inLoopHead
    case .number, .duration, .date, .datetime, .string, .stringHead, .field, .dot, .leftBracket: return true
    case .name: return word?.isReserved != true || word == .not
    default: return false
    }
  }
}
