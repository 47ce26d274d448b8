import HubSpot
import LisCompiler
import LisEngine
import LisSyntax

/// Holds what a program does against what its token may do, before the first request of the run.
struct ScopePreflight {
  /// What is asked of the token: nil when nobody says what it may do, and then nothing is checked.
  ///
  /// - Parameter fresh: what was learnt some minutes ago does not do.
  typealias Scopes = @Sendable (_ fresh: Bool) async -> [String]?

  let analysis: Compiler.Analysis
  let rules: ApprovalRules
  let isExplaining: Bool

  /// One diagnostic for each thing that the token lacks, at the first statement that needs it.
  ///
  /// - Parameter scopes: asks, and waits for the answer.
  func missing(_ scopes: (_ fresh: Bool) throws -> [String]?) rethrows -> [Diagnostic] {
    let needed = needs
    guard !needed.isEmpty, let known = try scopes(false) else { return [] }
    if lacking(needed, known).isEmpty { return [] }
    // A scope may have been added since.
    guard let fresh = try scopes(true) else { return [] }
    return lacking(needed, fresh).map(diagnostic)
  }

  private typealias Need = (use: PortalUse, need: ScopeNeed)

  /// Nothing is written by `plan` and `explain`, and nothing may be under `--read-only`.
  private var needs: [Need] {
    let writes = !rules.planOnly && !rules.readOnly && !isExplaining
    return analysis.portalUses.compactMap { use in
      guard let type = try? ObjectType(use.object), use.kind == .reads || writes else { return nil }
      return (use, use.kind == .reads ? .reading(type) : .writing(type))
    }
  }

  private func lacking(_ needs: [Need], _ scopes: [String]) -> [Need] {
    let scopes = Set(scopes)
    return needs.filter { !$0.need.isMet(by: scopes) }
  }

  private func diagnostic(_ lack: Need) -> Diagnostic {
    let verb = lack.use.kind == .reads ? "read" : "write"
    return Diagnostic(
      severity: .error, code: "LIS0211",
      message: "the token may not \(verb) \(lack.use.object): it lacks the scope \(lack.need.words); nothing was sent",
      labels: [
        Diagnostic.Label(span: lack.use.span, text: "needs it here", isPrimary: true, source: analysis.source)
      ],
      hints: [
        "add the scope to the service key, the private app or the app in HubSpot, and sign in again with "
          + "`lis auth login` where it gives another token"
      ])
  }
}
