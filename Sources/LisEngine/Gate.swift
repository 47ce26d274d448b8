import HubSpot

/// Decides whether a plan may be sent: a person, a flag, a policy.
public protocol Gate {
  func decide(_ plan: Plan) throws -> GateDecision
}

public enum GateDecision: Sendable {
  /// Approved beforehand.
  case apply
  /// Somebody was asked and agreed, which may have taken any time.
  case agreed
  /// The plan was the purpose; the run goes on as if it had been applied.
  case planOnly
  case refuse(Refusal)
}

/// Hears what a run does, for progress lines and reports. All calls come on the engine's thread.
public protocol RunObserver {
  func reading(_ object: String, rows: Int, total: Int?)
  func planned(_ plan: Plan)
  func sent(_ progress: SendProgress)
  func finished(_ report: Report, plan: Plan)
  /// The run stands still because requests wait.
  func waiting(_ wait: RequestWait)
  /// Something the user should know that is no error.
  func notice(_ text: String)
}

public struct SendProgress: Sendable {
  public var done: Int
  public var total: Int
  public var failed: Int
}
