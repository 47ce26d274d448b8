import LisSyntax

extension Compiler.Analysis {
  /// Whether the program makes at most one plan, so that its number of changes is known before anything is sent: one
  /// statement of the top level writes, in no loop, and calls no function that might write more than once.
  public var writesOnce: Bool {
    let writing = program.items.flatMap { item -> [Statement] in
      switch item.kind {
      case .statement(let statement): [statement]
      case .step(_, let body): body.statements
      default: []
      }
    }.filter { resolver.resolution.writing.contains($0.id) }
    guard let only = writing.first, writing.count == 1 else { return false }
    switch only.kind {
    case .pipeline(let pipeline), .declare(_, _, let pipeline), .assign(_, let pipeline):
      return !Compiler.Analysis.callsWriter(pipeline)
    default: return false
    }
  }

  private static func callsWriter(_ pipeline: Pipeline) -> Bool {
    let search = TreeSearch(expression: { node in
      switch node.kind {
      case .name(let name): name.hasSuffix("!") && name != "apply!"
      case .member(_, let name): name.text.hasSuffix("!")
      default: false
      }
    })
    let inStages = pipeline.stages.contains { stage in
      if case .call(let path, _) = stage.kind { path.last?.text.hasSuffix("!") == true } else { false }
    }
    return inStages || search.finds(in: pipeline)
  }
}
