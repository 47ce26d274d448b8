import LisEngine

/// What the flags of a run say about writing, and the person who can be asked.
public struct ApprovalRules: Sendable {
  /// `--apply`: approved beforehand.
  public var apply = false
  /// `lis plan`.
  public var planOnly = false
  public var readOnly = false
  /// `--yes`: what `confirm` asks is answered beforehand, as under `apply`. Plans are approved by `apply` alone.
  public var yes = false
  /// Changes of the whole run, known before the first is sent where the program has one statement that writes.
  public var expectedChanges: Int?
  /// The most changes of the whole run.
  public var maximumChanges: Int?

  public init() {}
}

/// The answer to a question put to a person.
public enum Answer: Sendable, Equatable {
  case text(String)
  /// Ctrl-C, Ctrl-D, or the end of input.
  case none
}

/// Applies the rules, and asks where they leave it open.
final class ApprovalGate: Gate {
  private let rules: ApprovalRules
  private let console: any Console
  /// nil where there is nobody to ask.
  private let ask: ((String) -> Answer)?
  /// Changes of this run that were approved, or would be.
  private(set) var approved = 0
  /// No other plan can come after the first, so that its number is that of the run.
  var isOnlyPlan = false

  init(rules: ApprovalRules, console: any Console, ask: ((String) -> Answer)?) {
    self.rules = rules
    self.console = console
    self.ask = ask
  }

  func decide(_ plan: Plan) -> GateDecision {
    let isPlan = rules.planOnly
    if rules.readOnly && !isPlan { return .refuse(.readOnly) }
    let total = approved + plan.changes.records.count
    if let expected = rules.expectedChanges, total > expected || (isOnlyPlan && total != expected) {
      return .refuse(.unexpectedCount(expected: expected, before: approved, isPlan: isPlan))
    }
    if let most = rules.maximumChanges, total > most {
      return .refuse(.overMaximum(most, before: approved, isPlan: isPlan))
    }
    if isPlan {
      approved = total
      return .planOnly
    }
    let decision = rules.apply ? .apply : ask.map { question(plan, $0) } ?? .refuse(.noTerminal)
    switch decision {
    case .apply, .agreed: approved = total
    case .planOnly, .refuse: break
    }
    return decision
  }

  /// Changes that were expected of the run and did not come.
  var missing: (expected: Int, made: Int)? {
    guard let expected = rules.expectedChanges, approved < expected else { return nil }
    return (expected, approved)
  }

  /// A count that has to be typed cannot be given by habit, as `y` can.
  private func question(_ plan: Plan, _ ask: (String) -> Answer) -> GateDecision {
    let count = plan.changes.records.count
    let changes = count == 1 ? "this change" : "these \(Counts.grouped(count)) changes"
    let wanted = plan.needsCount ? String(count) : "y"
    let question =
      "Apply \(changes)? \(plan.needsCount ? "type \(wanted)" : "y") to go on, d for details, Enter to stop: "
    while true {
      guard case .text(let text) = ask(question) else { return .refuse(.declined) }
      let answer = text.filter { !$0.isWhitespace && $0 != "," }
      if answer == wanted || (!plan.needsCount && answer.lowercased() == "yes") { return .agreed }
      guard answer.lowercased() == "d" else { return .refuse(.declined) }
      for line in PlanText.details(plan) { console.note(line) }
    }
  }
}
