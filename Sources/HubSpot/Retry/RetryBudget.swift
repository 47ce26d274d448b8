import Synchronization

/// Bounds how much of a client's work is repetition, so that an outage does not become a storm.
///
/// A repetition costs, a success gives back what the last repetition cost, or one when there was none; when nothing is
/// left, a failure is reported as it is. The figures and the way are those of the standard retry mode of the AWS SDKs
/// ("retry quota"), which were tuned on outages. A refusal that says how long to wait costs nothing: it is no sign of
/// an outage, and the wait bounds it.
struct RetryBudget: Sendable, Hashable {
  static let capacity = 500
  static let cost = 5
  /// For requests without a reply.
  static let costAfterSilence = 10

  private(set) var left = RetryBudget.capacity

  /// What repeating after an error costs.
  static func cost(of error: HubSpotError) -> Int {
    switch error {
    case .api(let failure): failure.isRefusedForNow ? 0 : cost
    case .transport: costAfterSilence
    default: cost
    }
  }

  /// Pays for a repetition; false when not enough is left.
  mutating func take(_ cost: Int) -> Bool {
    guard left >= cost else { return false }
    left -= cost
    return true
  }

  /// - Parameter cost: what the repetition that succeeded had cost; nil for a first attempt.
  mutating func succeed(afterRepetition cost: Int?) { left = min(RetryBudget.capacity, left + max(cost ?? 1, 0)) }
}
