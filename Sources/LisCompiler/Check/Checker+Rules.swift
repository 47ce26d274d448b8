import LisSyntax

extension Checker {
  /// The rules that look at a whole program once its names have types. Each gives warnings and nothing else.
  mutating func applyRules(_ program: Program) {
    var writes = UnboundedWrites(resolution)
    var reads = StreamReads(resolution)
    var updates = SelfReadingUpdates(resolution)
    var names = UnusedNames(resolution, sparesTop: isInteractive)
    var conditions = ImpossibleConditions(source)
    for node in program.nodes {
      if !isInteractive { writes.visit(node) }
      reads.visit(node)
      updates.visit(node)
      names.visit(node)
      conditions.visit(node)
    }
    for (notice, span) in writes.found + reads.found + updates.found + names.found + conditions.found {
      note(notice, span)
    }
  }
}
