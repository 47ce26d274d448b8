import LisSchema
import LisSyntax

/// Finds writes whose input has no known end and that do not say `at most`. A run stops at the standard limit before it
/// sends anything, and then nothing is done: a script should say how many records it is about.
///
/// ```
/// find where .price < 0 | archive              warned of
/// find where .price < 0 | take 20 | archive    has an end
/// fn drop!(rows) { rows | archive }            not known, so nothing is said
/// ```
struct UnboundedWrites {
  let resolution: Resolution
  private(set) var found: [(notice: CheckNotice, span: Span)] = []
  /// What is known of the rows that a name holds.
  private var extents: [ObjectIdentifier: Extent] = [:]
  /// The loops around the current place.
  private var around = Extent.few

  /// Records that one statement may write without `at most`, in a script.
  static let standardLimit = 1000

  enum Extent {
    /// As many as stand in the program.
    case few
    /// As many as a portal or a file has.
    case any
    case unknown
  }

  init(_ resolution: Resolution) { self.resolution = resolution }

  mutating func visit(_ node: SyntaxNode) {
    guard resolution.stop.goesOn() else { return }
    switch node {
    case .pipeline(let pipeline): _ = visit(pipeline)
    case .statement(let statement): visit(statement)
    case .function(let function):
      let outer = around
      around = .few
      for child in SyntaxNode.function(function).children { visit(child) }
      around = outer
    default: for child in node.children { visit(child) }
    }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .declare(_, let mutable, let value):
      let extent = visit(value)
      if !mutable, let variable = resolution.declared[statement.id]?.first {
        extents[ObjectIdentifier(variable)] = extent
      }
    case .forEach(_, let source, let body):
      loop(visit(source), resolution.declared[statement.id], .block(body))
    default: for child in SyntaxNode.statement(statement).children { visit(child) }
    }
  }

  /// Every turn of a loop adds to the writes of one statement.
  private mutating func loop(_ rows: Extent, _ names: [Variable]?, _ body: SyntaxNode) {
    let outer = around
    if rows == .any { around = .any }
    for variable in names ?? [] { extents[ObjectIdentifier(variable)] = .few }
    visit(body)
    around = outer
  }

  /// How many rows leave a pipeline.
  private mutating func visit(_ pipeline: Pipeline) -> Extent {
    var extent: Extent
    switch pipeline.source {
    case .find(let find):
      if let condition = find.condition { visit(.expression(condition)) }
      extent = find.condition.map { namesRecords($0) } == true ? .few : .any
    case .create(let create):
      visit(.create(create))
      note("create", Span(create.span.lower, create.span.lower + 6), .few, create.guards)
      extent = .few
    case .upsert(let upsert):
      visit(.upsert(upsert))
      note("upsert", Span(upsert.span.lower, upsert.span.lower + 6), .few, upsert.guards)
      extent = .few
    case .expression(let expression): extent = visit(expression)
    }
    for stage in pipeline.stages { extent = visit(stage, extent) }
    return extent
  }

  private mutating func visit(_ stage: Stage, _ extent: Extent) -> Extent {
    if case .each(_, let block) = stage.kind {
      loop(extent, resolution.declared[stage.id], .block(block))
      return .few
    }
    for child in SyntaxNode.stage(stage).children { visit(child) }
    switch stage.kind {
    case .take: return .few
    case .create(let create): note("create", stage.head, extent, create.guards)
    case .upsert(let upsert): note("upsert", stage.head, extent, upsert.guards)
    case .update(let update): note("update", stage.head, extent, update.guards)
    case .archive(let guards): note("archive", stage.head, extent, guards)
    case .associate(_, let guards): note("associate", stage.head, extent, guards)
    case .call: return called(resolution.bindings[stage.id.index], extent)
    case .where, .skip, .map, .distinct, .select, .sort, .groupBy: return extent
    case .save, .each: break
    }
    return .few
  }

  private mutating func note(_ verb: String, _ span: Span, _ extent: Extent, _ guards: [Guard]) {
    guard !guards.hasLimit, extent == .any || around == .any else { return }
    found.append((.unboundedWrite(verb: verb, limit: UnboundedWrites.standardLimit), span))
  }

  private mutating func visit(_ expression: Expression) -> Extent {
    switch expression.kind {
    case .pipeline(let pipeline): return visit(pipeline)
    case .name:
      guard case .variable(let variable)? = resolution.binding(at: expression) else { return .unknown }
      return extents[ObjectIdentifier(variable)] ?? .unknown
    case .call(let callee, let arguments):
      var first: Extent?
      for argument in arguments {
        let extent = visit(argument.value)
        first = first ?? extent
      }
      guard case .name = callee.kind else { return .unknown }
      return called(resolution.binding(at: callee), first ?? .unknown)
    case .list(let elements):
      var extent = Extent.few
      for element in elements {
        switch element {
        case .value(let pipeline): _ = visit(pipeline)
        case .spread(let inner): extent = visit(inner)
        }
      }
      return extent
    case .record, .null, .row:
      for child in SyntaxNode.expression(expression).children { visit(child) }
      return .few
    default:
      for child in SyntaxNode.expression(expression).children { visit(child) }
      return .unknown
    }
  }

  /// What a function makes of the rows it gets first.
  private func called(_ binding: Binding?, _ extent: Extent) -> Extent {
    guard case .builtin(let builtin)? = binding else { return .unknown }
    switch builtin.name {
    case "csv", "ndjson", "json": return .any
    case "list", "reverse", "filter", "map": return extent
    case "first", "last", "one", "record": return .few
    default: return .unknown
    }
  }

  /// Whether a condition names the records by their ids.
  private func namesRecords(_ condition: Expression) -> Bool {
    switch condition.bare.kind {
    case .binary(.and, let left, let right, _): return namesRecords(left) || namesRecords(right)
    case .binary(.equal, let left, _, _): return Checker.fieldName(left.bare).map { $0 == "id" } ?? false
    case .binary(.isIn, let left, let right, _):
      guard Checker.fieldName(left.bare) == "id", case .list = right.bare.kind else { return false }
      return true
    default: return false
    }
  }
}
