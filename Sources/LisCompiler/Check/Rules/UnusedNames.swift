import LisSyntax

/// Finds names that a program gives a value and never reads. Parameters of functions are left alone, since a function may
/// have to fit a place; so are names that begin with `_`.
struct UnusedNames {
  let resolution: Resolution
  /// Names of the top level are read by later entries of a prompt.
  let sparesTop: Bool
  private(set) var found: [(notice: CheckNotice, span: Span)] = []

  init(_ resolution: Resolution, sparesTop: Bool) {
    self.resolution = resolution
    self.sparesTop = sparesTop
    if !sparesTop { for parameter in resolution.parameters { note(parameter, "parameter") } }
  }

  mutating func visit(_ node: SyntaxNode) {
    guard resolution.stop.goesOn() else { return }
    if case .statement(let statement) = node, case .declare(_, let mutable, _) = statement.kind,
      let variable = resolution.declared[statement.id]?.first, !(sparesTop && variable.isTop)
    {
      note(variable, mutable ? "variable" : "name")
    }
    for child in node.children { visit(child) }
  }

  private mutating func note(_ variable: Variable, _ kind: String) {
    if !variable.isUsed, !variable.name.hasPrefix("_") {
      found.append((.unusedName(variable.name, kind: kind), variable.span))
    }
  }
}
