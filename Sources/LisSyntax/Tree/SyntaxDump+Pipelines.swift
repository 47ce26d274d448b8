extension SyntaxDump {
  func pipeline(_ pipeline: Pipeline) {
    if pipeline.plan != nil { text += "(plan " }
    if !pipeline.stages.isEmpty { text += "(| " }
    source(pipeline.source)
    for stage in pipeline.stages {
      text += " "
      self.stage(stage)
    }
    if !pipeline.stages.isEmpty { text += ")" }
    if pipeline.plan != nil { text += ")" }
  }

  private func source(_ source: PipelineSource) {
    switch source {
    case .find(let find):
      text += "(find" + (find.all != nil ? " all" : "") + (find.object.map { " " + $0.text } ?? "")
      if let condition = find.condition {
        text += " where "
        expression(condition)
      }
      text += ")"
    case .create(let create): self.create(create)
    case .upsert(let upsert): self.upsert(upsert)
    case .expression(let expression): self.expression(expression)
    }
  }

  private func stage(_ stage: Stage) {
    switch stage.kind {
    case .where(let value): one("where", value)
    case .take(let value): one("take", value)
    case .skip(let value): one("skip", value)
    case .map(let value): one("map", value)
    case .save(let value): one("save", value)
    case .distinct(let value):
      if let value { one("distinct", value) } else { text += "(distinct)" }
    case .select(let columns):
      text += "(select"
      self.columns(columns)
      text += ")"
    case .sort(let orders): sort(orders)
    case .groupBy(let columns, let record):
      text += "(group"
      self.columns(columns)
      text += " "
      self.record(record)
      text += ")"
    case .each(let name, let block):
      text += "(each " + (name.map { $0.text + " " } ?? "")
      self.block(block)
      text += ")"
    case .create(let create): self.create(create)
    case .upsert(let upsert): self.upsert(upsert)
    case .update(let update):
      text += "(update "
      record(update.record)
      guards(update.guards)
    case .archive(let guards):
      text += "(archive"
      self.guards(guards)
    case .associate(let target, let guards):
      text += "(associate"
      self.target(target)
      self.guards(guards)
    case .call(let path, let arguments):
      text += "(do " + path.map(\.text).joined(separator: ".")
      if let arguments { self.arguments(arguments) }
      text += ")"
    }
  }

  private func sort(_ orders: [Order]) {
    text += "(sort"
    for order in orders {
      text += " "
      expression(order.value)
      if order.descending { text += " desc" }
    }
    text += ")"
  }

  private func one(_ head: String, _ value: Expression) {
    text += "(\(head) "
    expression(value)
    text += ")"
  }

  private func columns(_ columns: [Column]) {
    for column in columns {
      text += " " + (column.name.map { $0.text + ":" } ?? "")
      expression(column.value)
    }
  }

  private func create(_ create: Create) {
    text += "(create" + (create.object.map { " " + $0.text } ?? "") + " "
    record(create.record)
    if let target = create.target { self.target(target) }
    guards(create.guards)
  }

  private func upsert(_ upsert: Upsert) {
    text += "(upsert" + (upsert.object.map { " " + $0.text } ?? "") + " by " + upsert.key.text + " "
    record(upsert.record)
    if let target = upsert.target { self.target(target) }
    guards(upsert.guards)
  }

  private func target(_ target: Target) {
    text += " to \(target.object.text) "
    expression(target.id)
  }

  /// The guards and the bracket that closes their verb.
  private func guards(_ guards: [Guard]) {
    for clause in guards {
      switch clause {
      case .atMost(let limit, _):
        text += " at-most "
        expression(limit)
      case .onErrorContinue: text += " on-error-continue"
      }
    }
    text += ")"
  }
}
