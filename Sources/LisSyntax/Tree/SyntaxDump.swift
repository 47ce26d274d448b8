/// The tree as s-expressions, one item a line: what tests compare and what `--debug` can show. Not source text.
public func dump(_ program: Program) -> String {
  let dump = SyntaxDump()
  for (count, item) in program.items.enumerated() {
    if count > 0 { dump.text += "\n" }
    dump.item(item)
  }
  return dump.text
}

/// One expression as an s-expression.
public func dump(_ expression: Expression) -> String {
  let dump = SyntaxDump()
  dump.expression(expression)
  return dump.text
}

final class SyntaxDump {
  var text = ""

  func item(_ item: Item) {
    switch item.kind {
    case .use(let use):
      text += "(use " + (use.isPath ? literal(use.module.text) : use.module.text)
      if let alias = use.alias { text += " as " + alias.text }
      text += ")"
    case .param(let parameter):
      text += "(param "
      self.parameter(parameter)
      text += ")"
    case .function(let function): self.function(function)
    case .test(let title, let body): titled("test", title, body)
    case .step(let title, let body): titled("step", title, body)
    case .statement(let statement): self.statement(statement)
    }
  }

  private func titled(_ word: String, _ title: String, _ body: Block) {
    text += "(\(word) \(literal(title)) "
    block(body)
    text += ")"
  }

  private func parameter(_ parameter: Parameter) {
    text += parameter.name.text
    if let type = parameter.type { text += ":" + type.text }
    if let fallback = parameter.fallback {
      text += "="
      expression(fallback)
    }
  }

  private func function(_ function: Function) {
    text += "(fn \(function.name.text) ("
    for (count, parameter) in function.parameters.enumerated() {
      if count > 0 { text += " " }
      self.parameter(parameter)
    }
    text += ")"
    if let result = function.result { text += ":" + result.text }
    text += " "
    switch function.body {
    case .pipeline(let pipeline): self.pipeline(pipeline)
    case .block(let block): self.block(block)
    }
    text += ")"
  }

  func block(_ block: Block) {
    text += "{"
    for (count, statement) in block.statements.enumerated() {
      text += count > 0 ? "; " : ""
      self.statement(statement)
    }
    text += "}"
  }

  func statement(_ statement: Statement) {
    switch statement.kind {
    case .declare(let name, let mutable, let value): node(mutable ? "var" : "let", name.text, value)
    case .assign(let name, let value): node("=", name.text, value)
    case .forEach(let name, let source, let body):
      text += "(for \(name.text) "
      pipeline(source)
      text += " "
      block(body)
      text += ")"
    case .return(let value):
      text += "(return"
      if let value { spaced(value) }
      text += ")"
    case .break: text += "(break)"
    case .continue: text += "(continue)"
    case .tryCatch(let body, let name, let handler):
      text += "(try "
      block(body)
      text += " \(name.text) "
      block(handler)
      text += ")"
    case .expect(let value): node("expect", nil, value)
    case .given(let value): node("given", nil, value)
    case .function(let function): self.function(function)
    case .pipeline(let pipeline): self.pipeline(pipeline)
    }
  }

  private func node(_ head: String, _ name: String?, _ value: Pipeline) {
    text += "(" + head + (name.map { " " + $0 } ?? "")
    spaced(value)
    text += ")"
  }

  private func spaced(_ value: Pipeline) {
    text += " "
    pipeline(value)
  }
}
