import LisSyntax

extension Expression {
  /// The parts of `[...xs, x]` and `xs + [x]`.
  var lengthening: (list: Expression, item: Expression)? {
    switch kind {
    case .list(let elements):
      guard elements.count == 2, case .spread(let list) = elements[0], case .value(let pipeline) = elements[1] else {
        return nil
      }
      return pipeline.expression.map { (list, $0) }
    case .binary(.add, let list, let right, _):
      guard case .list(let elements) = right.kind, elements.count == 1, case .value(let pipeline) = elements[0] else {
        return nil
      }
      return pipeline.expression.map { (list, $0) }
    default: return nil
    }
  }

  /// The name in front, if it is one.
  var lengthenedName: String? {
    guard case .name(let name)? = lengthening?.list.kind else { return nil }
    return name
  }
}

/// Lists that grow in loops. `xs = [...xs, x]` makes a new list each time, which shares its memory with the old one;
/// but while the name's register is the only place that refers to the old one, nobody can tell whether it was lengthened
/// where it is. The machine keeps that knowledge in the list itself: `lengthen` makes a list that its register owns, and
/// whatever else reads the name says `share` first.
extension Lowering {
  /// Before a name is read in a way that lets its value be seen elsewhere.
  func share(_ variable: Variable, _ register: Int) {
    if variable.isLengthened && variable.isPlainLocal { code.emit(.share, register) }
  }

  /// Whether `list` is the name that `target` is the home of, so that it can be lengthened there.
  func isHome(_ target: Int, of list: Expression, before item: Expression) -> Bool {
    guard case .name = list.kind, folded[list.id] == nil,
      case .variable(let variable)? = resolution.bindings[list.id.index],
      variable.isLengthened, directRegister(variable, isSeen: false) == target
    else { return false }
    return !TreeSearch.assigns(item)
  }
}
