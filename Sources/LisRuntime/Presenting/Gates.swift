import LisEngine

/// What the flags of a run say about writing, and the person who can be asked.
public struct ApprovalRules: Sendable {
  /// `--apply`: approved beforehand.
  public var apply = false
  /// `lis plan`.
  public var planOnly = false
  public var readOnly = false
  public var expectedChanges: Int?
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

  init(rules: ApprovalRules, console: any Console, ask: ((String) -> Answer)?) {
    self.rules = rules
    self.console = console
    self.ask = ask
  }

  func decide(_ plan: Plan) -> GateDecision {
    let count = plan.changes.records.count
    if rules.planOnly { return .planOnly }
    if rules.readOnly { return .refuse(.readOnly) }
    if let expected = rules.expectedChanges, expected != count { return .refuse(.unexpectedCount(expected: expected)) }
    if let most = rules.maximumChanges, count > most { return .refuse(.overMaximum(most)) }
    if rules.apply { return .apply }
    guard let ask else { return .refuse(.noTerminal) }
    return question(plan, ask)
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
      if answer == wanted || (!plan.needsCount && answer.lowercased() == "yes") { return .apply }
      guard answer.lowercased() == "d" else { return .refuse(.declined) }
      for line in PlanText.details(plan) { console.note(line) }
    }
  }
}
