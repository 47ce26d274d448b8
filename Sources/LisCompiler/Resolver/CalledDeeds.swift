/// What functions do, those they call included, found in one go for all of them: each function hands what it does to its
/// callers until nobody learns anything new.
struct CalledDeeds {
  private var deeds: [ObjectIdentifier: Deeds] = [:]

  init(of symbols: [FunctionSymbol]) {
    let all = FunctionSymbol.all(of: symbols)
    var callers: [ObjectIdentifier: [FunctionSymbol]] = [:]
    for symbol in all {
      deeds[ObjectIdentifier(symbol)] = symbol.ownDeeds
      for callee in symbol.calls { callers[ObjectIdentifier(callee), default: []].append(symbol) }
    }
    var waiting = all.filter { self[$0].isAnything }
    while let symbol = waiting.popLast() {
      let given = self[symbol]
      for caller in callers[ObjectIdentifier(symbol)] ?? [] {
        if deeds[ObjectIdentifier(caller)]?.take(given, in: caller.scope) == true { waiting.append(caller) }
      }
    }
  }

  subscript(_ symbol: FunctionSymbol) -> Deeds { deeds[ObjectIdentifier(symbol)] ?? Deeds() }
}

extension FunctionSymbol {
  fileprivate var ownDeeds: Deeds {
    var own = deeds
    own.assigned.removeAll { $0.owner.isInside(scope) }
    return own
  }
}

extension Deeds {
  fileprivate var isAnything: Bool { acts != nil || reads != nil || applies || !assigned.isEmpty }

  /// Adds what a function does that is called in `scope`. Returns whether that was news.
  fileprivate mutating func take(_ other: Deeds, in scope: FunctionScope) -> Bool {
    var isNews = false
    if acts == nil, other.acts != nil { (acts, isNews) = (other.acts, true) }
    if reads == nil, other.reads != nil { (reads, isNews) = (other.reads, true) }
    if !applies, other.applies { (applies, isNews) = (true, true) }
    for variable in other.assigned where !isTold(variable) {
      // What a function inside of it assigns may be its own, which is made afresh by every call.
      if variable.owner.isInside(scope) { continue }
      assigned.append(variable)
      isNews = true
    }
    return isNews
  }

  /// One name of the main program is as good as many: no function has it for its own.
  private func isTold(_ variable: Variable) -> Bool {
    assigned.contains { $0 === variable || $0.owner.parent == nil && variable.owner.parent == nil }
  }
}
