import LisSyntax

/// Finds streams that are read more than once. `let` keeps the plan of a stream and not its rows, so that each use asks
/// the portal or opens the file again, and may find other rows.
///
/// Counted is what certainly runs: of two branches the one with more reads, and nothing inside of functions, which may
/// never be called. A stream made of another reads that one.
struct StreamReads {
  let resolution: Resolution
  private(set) var found: [(notice: CheckNotice, span: Span)] = []
  /// The stream that is read when a name is.
  private var streams: [ObjectIdentifier: Stream] = [:]
  private var reads: [ObjectIdentifier: Int] = [:]
  private var firstReads: [ObjectIdentifier: Span] = [:]
  private var reported: Set<ObjectIdentifier> = []
  private var loopDepth = 0

  private struct Stream {
    var variable: Variable
    /// How many loops were around its declaration.
    var loopDepth: Int
  }

  init(_ resolution: Resolution) { self.resolution = resolution }

  mutating func visit(_ node: SyntaxNode) {
    guard resolution.stop.goesOn() else { return }
    switch node {
    case .expression(let expression): visit(expression)
    case .statement(let statement): visit(statement)
    // Its own streams are counted as those of a program of its own.
    case .function(let function): inside(SyntaxNode.function(function))
    case .stage(let stage):
      if case .each(_, let block) = stage.kind { loop(.block(block)) } else { visitChildren(node) }
    case .pipeline(let pipeline):
      // `explain` tells what would be read.
      if case .call(let path, _)? = pipeline.stages.first?.kind, path.first?.text == "explain" { return }
      visitChildren(node)
    default: visitChildren(node)
    }
  }

  private mutating func visitChildren(_ node: SyntaxNode) { for child in node.children { visit(child) } }

  private mutating func inside(_ function: SyntaxNode) {
    let outer = (streams, loopDepth)
    streams = [:]
    loopDepth = 0
    visitChildren(function)
    (streams, loopDepth) = outer
  }

  private mutating func loop(_ body: SyntaxNode) {
    loopDepth += 1
    visit(body)
    loopDepth -= 1
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .declare(_, let mutable, let value):
      guard let variable = resolution.declared[statement.id]?.first, case .stream = variable.type else { break }
      if let origin = origin(of: value) {
        // What a `var` holds later is not followed.
        if !mutable { streams[ObjectIdentifier(variable)] = origin }
        for stage in value.stages { visit(.stage(stage)) }
        return
      }
      if !mutable, StreamReads.asksAgain(value, resolution) {
        streams[ObjectIdentifier(variable)] = Stream(variable: variable, loopDepth: loopDepth)
      }
    case .forEach(_, let source, let body):
      visit(.pipeline(source))
      loop(.block(body))
      return
    default: break
    }
    visitChildren(.statement(statement))
  }

  /// The named stream that a pipeline begins with.
  private func origin(of pipeline: Pipeline) -> Stream? {
    guard case .expression(let expression) = pipeline.source else { return nil }
    switch expression.kind {
    case .pipeline(let inner): return origin(of: inner)
    case .name:
      guard case .variable(let variable)? = resolution.binding(at: expression) else { return nil }
      return streams[ObjectIdentifier(variable)]
    default: return nil
    }
  }

  /// Whether reading a stream costs more than walking through a list.
  private static func asksAgain(_ pipeline: Pipeline, _ resolution: Resolution) -> Bool {
    switch pipeline.source {
    case .find: return true
    case .create, .upsert: return false
    case .expression(let expression):
      switch expression.kind {
      case .pipeline(let inner): return asksAgain(inner, resolution)
      case .call(let callee, _):
        guard case .name = callee.kind, case .builtin(let builtin)? = resolution.binding(at: callee) else {
          return false
        }
        return ["csv", "ndjson"].contains(builtin.name)
      default: return false
      }
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .name: readName(expression)
    case .lambda(let lambda): inside(.expression(lambda.body))
    case .call(let callee, let arguments):
      if case .name("explain") = callee.kind { return }
      for argument in arguments { visit(.pipeline(argument.value)) }
    case .conditional(let conditional):
      visit(conditional.condition)
      branches([.block(conditional.then)] + (conditional.otherwise.map { [.block($0)] } ?? []))
    case .match(let match):
      visit(match.subject)
      branches(match.arms.map { .expression($0.body) })
    default: visitChildren(.expression(expression))
    }
  }

  /// Of several ways one is taken.
  private mutating func branches(_ ways: [SyntaxNode]) {
    let before = reads
    var most = reads
    for way in ways {
      reads = before
      visit(way)
      most.merge(reads) { max($0, $1) }
    }
    reads = most
  }

  private mutating func readName(_ expression: Expression) {
    guard case .variable(let variable)? = resolution.binding(at: expression),
      let stream = streams[ObjectIdentifier(variable)]
    else { return }
    let key = ObjectIdentifier(stream.variable)
    let isRepeated = loopDepth > stream.loopDepth
    reads[key, default: 0] += 1
    let first = firstReads[key]
    if first == nil { firstReads[key] = expression.span }
    guard reads[key, default: 0] > 1 || isRepeated, reported.insert(key).inserted else { return }
    if let first, !isRepeated {
      found.append((.streamReadTwice(stream.variable.name, first: first), expression.span))
    } else {
      found.append((.streamReadInLoop(stream.variable.name, declared: stream.variable.span), expression.span))
    }
  }
}
