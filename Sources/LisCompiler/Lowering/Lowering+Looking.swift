import LisCore
import LisSchema
import LisSyntax

/// `trace`, `prop` and `explain`, which are more than calls.
extension Lowering {
  // MARK: trace

  /// The native of a stage `| trace`.
  func traceNative(_ stage: Stage) -> Int? {
    guard case .call = stage.kind, case .builtin(let builtin)? = resolution.bindings[stage.id.index],
      case .trace(let native) = builtin.implementation
    else { return nil }
    return native
  }

  /// Shows the row in a register, which passes on as it is.
  func trace(_ native: Int, _ stage: Stage, _ row: Int) {
    let top = state.top
    let window = state.take(2)
    code.emit(.move, window, row)
    if case .call(_, let arguments) = stage.kind, let index = resolution.plans[stage.id]?.argument(1), let arguments {
      value(of: arguments[index].value, into: window + 1)
    } else {
      code.emit(.loadAbsent, window + 1)
    }
    mark(stage.span)
    code.callNative(native, window: window, count: 2, into: window)
    state.top = top
  }

  // MARK: prop

  /// The field that `prop("deal")` reads; nil where the name is only known when the program runs.
  static func propertyField(_ arguments: [Argument]) -> String? {
    guard let name = arguments.last?.value.expression.flatMap({ Checker.literalText($0) }) else { return nil }
    return FieldName.of(property: name)
  }

  func property(_ native: Int, _ id: NodeID, _ span: Span, _ arguments: [Argument], into target: Int) {
    let top = state.top
    let window = state.take(2)
    if arguments.count == 1, case .variable(let row)? = resolution.bindings[id.index] {
      load(row, into: window)
    } else if let row = arguments.first {
      value(of: row.value, into: window)
    }
    // The names of most properties are fields as they are.
    if let field = Lowering.propertyField(arguments), FieldName.property(of: field) == field {
      mark(span)
      code.getField(field, of: window, into: target)
    } else {
      if let name = arguments.last { value(of: name.value, into: window + 1) }
      mark(span)
      code.callNative(native, window: window, count: 2, into: target)
    }
    state.top = top
  }

  // MARK: explain

  func isExplanation(_ pipeline: Pipeline) -> Bool {
    guard let expression = pipeline.expression, case .call(let callee, _) = expression.kind,
      case .builtin(let builtin)? = resolution.bindings[callee.id.index], case .explain = builtin.implementation
    else { return false }
    return true
  }

  /// At a prompt an explanation stands there as it is, without the quotes of a text.
  func printText(_ pipeline: Pipeline) {
    let top = state.top
    let window = state.take()
    value(of: pipeline, into: window)
    if case .native(let print)? = environment.builtins["print"]?.implementation {
      code.callNative(print, window: window, count: 1, into: window)
    }
    state.top = top
  }

  func explain(_ native: Int, _ span: Span, _ pipeline: Pipeline?, into target: Int) {
    guard let pipeline else { return code.emit(.loadNull, target) }
    let top = state.top
    defer { state.top = top }
    switch pipeline.source {
    case .find(let find):
      stagesBehind[find.id] = pipeline.stages[...]
      self.find(
        find, isShown: pipeline.stages.allSatisfy { keepsRows($0) }, native: self.native(.explain), into: target)
    case .expression(let expression):
      if case .pipeline(let inner) = expression.kind, pipeline.stages.isEmpty {
        return explain(native, span, inner, into: target)
      }
      let window = state.take(2)
      self.expression(expression, into: window)
      let texts = state.top
      for stage in pipeline.stages { code.loadText(source.text(stage.span), into: state.take()) }
      code.newList(from: texts, count: pipeline.stages.count, into: window + 1)
      mark(span)
      code.callNative(native, window: window, count: 2, into: target)
    default: code.emit(.loadNull, target)
    }
  }

  /// Whether rows that were read whole would be shown whole behind the stage.
  func keepsRows(_ stage: Stage) -> Bool {
    switch stage.kind {
    case .where, .take, .skip, .distinct, .sort: true
    default: traceNative(stage) != nil
    }
  }

  /// Whether what comes out of the stages has all fields of the rows that were read.
  func showsWholeRows(_ stages: ArraySlice<Stage>) -> Bool {
    !stages.contains { stage in
      switch stage.kind {
      case .select, .map, .groupBy: true
      default: false
      }
    }
  }

  // MARK: What stands behind a find

  /// Whether a `take` or `first` ends the reading before everything that matches was read.
  func isBounded(_ find: Find) -> Bool {
    if firstOnly.contains(find.id) { return true }
    for stage in stagesBehind[find.id] ?? [] {
      switch stage.kind {
      case .take: return true
      case .where, .map, .select, .skip, .distinct: continue
      case .call:
        guard case .builtin(let builtin)? = resolution.bindings[stage.id.index] else { return false }
        switch builtin.implementation {
        case .first: return true
        case .stage, .trace: continue
        default: return false
        }
      default: return false
      }
    }
    return false
  }

  /// `sort .field | take n` right behind a `find`.
  func firstByOrder(_ find: Find) -> (field: String, descending: Bool, count: Expression)? {
    guard let stages = stagesBehind[find.id], stages.count >= 2,
      case .sort(let orders) = stages[stages.startIndex].kind,
      case .take(let count) = stages[stages.startIndex + 1].kind, orders.count == 1,
      case .field(let name) = orders[0].value.kind, !ObjectNames.isAssociation(name.text)
    else { return nil }
    switch count.kind {
    // Its value is needed twice, so only what costs nothing and does nothing.
    case .number, .name: return (name.text, orders[0].descending, count)
    default: return nil
    }
  }
}
