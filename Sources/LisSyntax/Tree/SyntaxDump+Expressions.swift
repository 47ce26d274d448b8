extension SyntaxDump {
  func expression(_ expression: Expression) {
    switch expression.kind {
    case .number(let digits): text += digits
    case .duration(let amount, let unit): text += amount + unit.rawValue
    case .date(let date), .datetime(let date): text += "@" + date
    case .bool(let value): text += value ? "true" : "false"
    case .null: text += "null"
    case .field(let name): text += "." + name.text
    case .row: text += "."
    case .name(let name): text += name
    case .missing: text += "<missing>"
    default: composite(expression.kind)
    }
  }

  private func composite(_ kind: Expression.Kind) {
    switch kind {
    case .string(let parts): string(parts)
    case .list(let elements): list(elements)
    case .record(let record): self.record(record)
    case .pipeline(let pipeline): self.pipeline(pipeline)
    case .member(let base, let name): node("member", base, suffix: " " + name.text)
    case .index(let base, let place): node("index", base, place)
    case .negate(let operand): node("-", operand)
    case .not(let operand): node("not", operand)
    case .binary(let binary, let left, let right, _): node(binary.rawValue, left, right)
    case .call(let callee, let arguments): call(callee, arguments)
    case .lambda(let lambda):
      text += "(lambda (" + lambda.parameters.map(\.text).joined(separator: " ") + ") "
      expression(lambda.body)
      text += ")"
    case .conditional(let conditional): self.conditional(conditional)
    case .match(let match): self.match(match)
    default: break
    }
  }

  private func node(_ head: String, _ left: Expression, _ right: Expression? = nil, suffix: String = "") {
    text += "(\(head) "
    expression(left)
    if let right {
      text += " "
      expression(right)
    }
    text += suffix + ")"
  }

  private func call(_ callee: Expression, _ arguments: [Argument]) {
    text += "(call "
    expression(callee)
    self.arguments(arguments)
    text += ")"
  }

  private func string(_ parts: [StringPart]) {
    if parts.isEmpty { text += "\"\"" }
    if case .text(let only)? = parts.first, parts.count == 1 {
      text += literal(only)
      return
    }
    guard !parts.isEmpty else { return }
    text += "(text"
    for part in parts {
      text += " "
      switch part {
      case .text(let piece): text += literal(piece)
      case .interpolation(let pipeline): self.pipeline(pipeline)
      }
    }
    text += ")"
  }

  private func list(_ elements: [Element]) {
    text += "["
    for (count, element) in elements.enumerated() {
      if count > 0 { text += " " }
      switch element {
      case .value(let pipeline): self.pipeline(pipeline)
      case .spread(let spread):
        text += "..."
        expression(spread)
      }
    }
    text += "]"
  }

  func record(_ record: RecordLiteral) {
    text += "(record"
    for entry in record.entries {
      text += " "
      switch entry {
      case .keyed(let key, let value):
        text += key.text.isPlainName || Word.table[key.text] != nil ? key.text : literal(key.text)
        if let value {
          text += ":"
          pipeline(value)
        }
      case .spread(let spread):
        text += "..."
        expression(spread)
      }
    }
    text += ")"
  }

  func arguments(_ arguments: [Argument]) {
    for argument in arguments {
      text += " " + (argument.label.map { $0.text + ":" } ?? "")
      pipeline(argument.value)
    }
  }

  private func conditional(_ conditional: Conditional) {
    text += "(if "
    expression(conditional.condition)
    text += " "
    block(conditional.then)
    if let otherwise = conditional.otherwise {
      text += " "
      block(otherwise)
    }
    text += ")"
  }

  private func match(_ match: Match) {
    text += "(match "
    expression(match.subject)
    for arm in match.arms {
      text += " ("
      if arm.patterns.isEmpty { text += "_ " }
      for pattern in arm.patterns {
        expression(pattern)
        text += " "
      }
      text += "=> "
      expression(arm.body)
      text += ")"
    }
    text += ")"
  }

  func literal(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result += CellText.visible(scalar)
      }
    }
    return result + "\""
  }
}
