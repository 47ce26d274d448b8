import LisSyntax

extension Checker {
  /// The rules that look at a whole program once its names have types. Each gives warnings and nothing else.
  mutating func applyRules(_ program: Program) {
    var writes = UnboundedWrites(resolution)
    var reads = StreamReads(resolution)
    var updates = SelfReadingUpdates(resolution)
    var names = UnusedNames(resolution, sparesTop: isInteractive || program.onlyDeclares)
    var conditions = ImpossibleConditions(source, resolution.stop)
    // Tests work on a portal in memory, where nothing can be overdone.
    for node in program.nodes(withTests: false) {
      if !isInteractive { writes.visit(node) }
      reads.visit(node)
      updates.visit(node)
    }
    for node in program.nodes(withTests: true) {
      names.visit(node)
      conditions.visit(node)
    }
    for (notice, span) in writes.found + reads.found + updates.found + names.found + conditions.found {
      note(notice, span)
    }
  }
}

extension Program {
  /// Nothing but names, as in a module, whose names others may use.
  fileprivate var onlyDeclares: Bool {
    items.allSatisfy { item in
      switch item.kind {
      case .use, .function, .test: true
      case .param, .step: false
      case .statement(let statement): if case .declare = statement.kind { true } else { false }
      }
    }
  }
}
