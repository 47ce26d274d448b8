import Glibc
import LisEngine

/// How fast something goes, and how long the rest of it takes at that speed.
struct Pace {
  /// Earlier than this, the speed says little: the first requests go alone.
  private static let settled = 5.0

  private let began: Double
  private let start: Int

  /// - Parameters:
  ///   - seconds: the present, of a clock that only goes forward.
  ///   - done: what had been done when it began.
  init(_ seconds: Double = Pace.now, done: Int = 0) {
    began = seconds
    start = done
  }

  /// Seconds until the rest is done; nil while that cannot be said.
  func left(_ done: Int, of total: Int, at seconds: Double = Pace.now) -> Double? {
    let elapsed = seconds - began
    guard elapsed >= Pace.settled, done > start, total > done else { return nil }
    return elapsed / Double(done - start) * Double(total - done)
  }

  /// ` · about 4 min left`, or nothing.
  func leftText(_ done: Int, of total: Int, at seconds: Double = Pace.now) -> String {
    left(done, of: total, at: seconds).map { " · about \(Pace.text($0)) left" } ?? ""
  }

  /// A length of time as precise as an estimate can be: `40 s`, `4 min`, `3 h`, `2 days`.
  static func text(_ seconds: Double) -> String {
    let seconds = max(1, seconds)
    if seconds < 100 { return "\(Int(seconds.rounded(.up))) s" }
    if seconds < 100 * 60 { return "\(Int((seconds / 60).rounded(.up))) min" }
    if seconds < 48 * 3600 { return "\(Int((seconds / 3600).rounded(.up))) h" }
    return "\(Counts.grouped(Int(min(seconds / 86_400, 1e9).rounded(.up)))) days"
  }

  /// Seconds of the machine's own clock.
  static var now: Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}
