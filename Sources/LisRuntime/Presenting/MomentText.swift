import Glibc

/// Moments for people and programs, as ISO 8601 in UTC.
public enum MomentText {
  /// Seconds since 1970: `2026-11-24T09:30:00Z`.
  public static func utc(_ seconds: Int64) -> String { text(seconds) + "Z" }

  /// Milliseconds since 1970: `2026-11-24T09:30:00.125Z`.
  public static func utc(milliseconds: Int) -> String {
    let rest = String(milliseconds % 1000)
    return text(Int64(milliseconds / 1000)) + "." + String(repeating: "0", count: max(0, 3 - rest.utf8.count)) + rest
      + "Z"
  }

  /// This moment.
  public static var now: String { utc(milliseconds: SystemClock().now) }

  private static func text(_ seconds: Int64) -> String {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }
}
