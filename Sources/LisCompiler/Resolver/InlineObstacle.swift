import LisSyntax

/// Why a function in the condition of a `find` has to be called for each row, instead of being asked of HubSpot.
public struct InlineObstacle: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// It reads a `var`, which may hold something else when the rows come.
    case variable(String)
    /// It has a function without a name in it.
    case lambda
    /// It is no single expression.
    case block
  }

  public var kind: Kind
  public var function: String
  /// In the text of the function.
  public var span: Span

  /// The first one in a declaration whose names are resolved.
  static func first(in declaration: Function, _ resolution: Resolution) -> InlineObstacle? {
    func obstacle(_ kind: Kind, _ span: Span) -> InlineObstacle {
      InlineObstacle(kind: kind, function: declaration.name.text, span: span)
    }
    guard case .pipeline(let body) = declaration.body else { return obstacle(.block, declaration.name.span) }
    var found: InlineObstacle?
    let search = TreeSearch(expression: { node in
      switch node.kind {
      case .lambda: found = obstacle(.lambda, node.span)
      case .name(let name):
        guard case .variable(let variable)? = resolution.binding(at: node), variable.isAssignable else { break }
        found = obstacle(.variable(name), node.span)
      default: break
      }
      return found != nil
    })
    _ = search.finds(in: body)
    return found
  }
}

extension InlineObstacle {
  var label: String {
    switch kind {
    case .variable(let name): "`\(name)` may hold something else when the rows come"
    case .lambda: "a function inside of `\(function)`"
    case .block: "`\(function)` is a block"
    }
  }

  var hint: String {
    switch kind {
    case .variable(let name):
      "`\(function)` reads the `var` `\(name)`, so it is called for each row: hand the value over as an argument, or "
        + "declare it with `let`"
    case .lambda:
      "`\(function)` has a function inside, so it is called for each row: write the comparison into the condition itself"
    case .block:
      "`\(function)` is a block, so it is called for each row: only `fn \(function)(…) = …` of one expression is asked of "
        + "HubSpot"
    }
  }
}

extension FunctionSymbol {
  /// The obstacle in its own code, or the first in that of the functions it calls.
  func anyObstacle() -> (symbol: FunctionSymbol, obstacle: InlineObstacle)? {
    var waiting = [self]
    var seen: Set<ObjectIdentifier> = []
    while let next = waiting.popLast() {
      guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
      if let obstacle = next.obstacle { return (next, obstacle) }
      waiting += next.calls.reversed()
    }
    return nil
  }
}
