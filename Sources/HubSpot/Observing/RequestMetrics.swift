import Synchronization

/// Counts requests and how long they took, for the text format of Prometheus.
public final class RequestMetrics: ExchangeObserver {
  private struct Series: Hashable, Comparable {
    var operation: String
    var outcome: String

    static func < (left: Series, right: Series) -> Bool {
      (left.operation, left.outcome) < (right.operation, right.outcome)
    }
  }

  private struct State {
    var requests: [Series: Int] = [:]
    var retries: [String: Int] = [:]
    /// Requests by operation that took no longer than each bound; and the sum of all.
    var durations: [String: (counts: [Int], count: Int, sum: Double)] = [:]
  }

  /// Upper bounds of the histogram, in seconds: HubSpot answers within tens of milliseconds to a hundred seconds.
  private static let bounds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 100]

  private let state = Mutex(State())

  public init() {}

  public func ended(_ exchange: Exchange) {
    let operation = exchange.operation.rawValue
    let outcome = exchange.status.map { "\($0)" } ?? "none"
    let (seconds, attoseconds) = exchange.duration.components
    let duration = Double(seconds) + Double(attoseconds) * 1e-18
    state.withLock { state in
      state.requests[Series(operation: operation, outcome: outcome), default: 0] += 1
      if exchange.attempt > 1 { state.retries[operation, default: 0] += 1 }
      var times = state.durations[operation] ?? (RequestMetrics.bounds.map { _ in 0 }, 0, 0)
      for (index, bound) in RequestMetrics.bounds.enumerated() where duration <= bound { times.counts[index] += 1 }
      times.count += 1
      times.sum += duration
      state.durations[operation] = times
    }
  }

  /// All of it in Prometheus' text format (exposition format 0.0.4), in a stable order, each metric named after `prefix`.
  public func text(prefix: String) -> String {
    let state = state.withLock { $0 }
    var lines: [String] = []
    lines += RequestMetrics.head(prefix + "_requests_total", "counter", "Requests by operation and HTTP status.")
    for (series, count) in state.requests.sorted(by: { $0.key < $1.key }) {
      lines.append("\(prefix)_requests_total{operation=\"\(series.operation)\",status=\"\(series.outcome)\"} \(count)")
    }
    lines += RequestMetrics.head(prefix + "_request_retries_total", "counter", "Requests that repeated an earlier one.")
    for (operation, count) in state.retries.sorted(by: { $0.key < $1.key }) {
      lines.append("\(prefix)_request_retries_total{operation=\"\(operation)\"} \(count)")
    }
    let name = prefix + "_request_duration_seconds"
    lines += RequestMetrics.head(name, "histogram", "Time from leaving to the whole reply.")
    for (operation, times) in state.durations.sorted(by: { $0.key < $1.key }) {
      for (bound, count) in zip(RequestMetrics.bounds, times.counts) {
        lines.append("\(name)_bucket{operation=\"\(operation)\",le=\"\(bound)\"} \(count)")
      }
      lines.append("\(name)_bucket{operation=\"\(operation)\",le=\"+Inf\"} \(times.count)")
      lines.append("\(name)_sum{operation=\"\(operation)\"} \(times.sum)")
      lines.append("\(name)_count{operation=\"\(operation)\"} \(times.count)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func head(_ name: String, _ kind: String, _ help: String) -> [String] {
    ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"]
  }
}
