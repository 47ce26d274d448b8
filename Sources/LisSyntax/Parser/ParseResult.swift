/// What the parser makes of a source. There is always a tree; places that could not be understood hold `missing`.
public struct ParseResult: Sendable {
  public var program: Program
  /// In source order, at most `Parser.problemLimit`, at most one for a place.
  public var diagnostics: [Diagnostic]
  /// The same complaints as data.
  public var problems: [SyntaxProblem]
  /// The only thing wrong is that the input ends too early: another line could complete it.
  public var needsMoreInput: Bool
  /// Every comment, in source order.
  public var comments: [Comment]

  public var hasErrors: Bool { !diagnostics.isEmpty }
}

/// Parses a script, a module or a REPL entry. Never fails and never recurses deeper than a fixed limit, so that it is
/// safe on any input and on threads with small stacks.
///
/// - Parameters:
///   - firstNode: The index of the first node id. Ids are dense from there; `Program.nodeCount` is one more than the
///     last. With the default 0 it is the number of nodes.
///   - stop: Asked whether to go on. What was parsed until it said no is of no use.
public func parse(
  _ source: SourceText, firstNode: Int = 0, stop: CompilationStop = CompilationStop()
) -> ParseResult {
  let parser = Parser(source, firstNode: firstNode, stop)
  return parser.run()
}
