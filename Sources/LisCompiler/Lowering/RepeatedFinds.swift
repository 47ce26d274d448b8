import LisSyntax

/// Which calls of `find` stand in loops over rows, and so are asked once for each of them.
struct RepeatedFinds {
  let source: SourceText
  let resolution: Resolution
  /// What gives the rows around a `find`, as it is written, innermost first.
  private(set) var rows: [NodeID: [String]] = [:]
  private var around: [String] = []

  init(_ program: Program, _ source: SourceText, _ resolution: Resolution) {
    self.source = source
    self.resolution = resolution
    for node in program.nodes(withTests: true) { visit(node) }
  }

  private mutating func visit(_ node: SyntaxNode) {
    guard resolution.stop.goesOn() else { return }
    switch node {
    case .function:
      let outer = around
      around = []
      visitChildren(node)
      around = outer
    case .statement(let statement):
      guard case .forEach(_, let rows, let body) = statement.kind else { return visitChildren(node) }
      visit(.pipeline(rows))
      inside(rows.span) { $0.visit(.block(body)) }
    case .pipeline(let pipeline): visit(pipeline)
    case .expression(let expression):
      guard case .call(let callee, let arguments) = expression.kind else { return visitChildren(node) }
      visit(.expression(callee))
      visit(arguments, of: arguments.first?.value.span)
    default: visitChildren(node)
    }
  }

  private mutating func visitChildren(_ node: SyntaxNode) { for child in node.children { visit(child) } }

  private mutating func visit(_ pipeline: Pipeline) {
    if case .find(let find) = pipeline.source, !around.isEmpty { rows[find.id] = around.reversed() }
    visitSource(pipeline)
    for stage in pipeline.stages {
      let before = Span(pipeline.span.lower, max(pipeline.span.lower, stage.span.lower))
      switch stage.kind {
      case .take, .skip, .save: visitChildren(.stage(stage))
      case .call(_, let arguments): visit(arguments ?? [], of: before)
      default: inside(before) { $0.visitChildren(.stage(stage)) }
      }
    }
  }

  private mutating func visitSource(_ pipeline: Pipeline) {
    var alone = pipeline
    alone.stages = []
    visitChildren(.pipeline(alone))
  }

  /// Arguments that are computed for each row stand in a loop.
  private mutating func visit(_ arguments: [Argument], of rows: Span?) {
    for argument in arguments {
      if let rows, resolution.rows[argument.expression.id] != nil {
        inside(rows) { $0.visit(.pipeline(argument.value)) }
      } else {
        visit(.pipeline(argument.value))
      }
    }
  }

  private mutating func inside(_ rows: Span, _ body: (inout RepeatedFinds) -> Void) {
    var words = source.text(rows).split(whereSeparator: \.isWhitespace)
    while words.last == "|" { words.removeLast() }
    around.append(words.joined(separator: " "))
    body(&self)
    around.removeLast()
  }
}
