import Glibc
import LisRuntime

/// A file for the text-file collector of Prometheus' node exporter. It is put into place whole, so that nobody reads half
/// of it.
struct MetricsFile {
  struct Problem: Error {
    var path: String
    var reason: String
  }

  private let path: String
  private var temporary: String { "\(path).\(getpid())" }

  /// Makes sure that the file can be written before anything else happens.
  init(_ path: String) throws(CommandProblem) {
    self.path = path
    do throws(Problem) { try put("") } catch {
      throw .fileNotWritable(flag: "--metrics", path: path, reason: error.reason)
    }
    unlink(temporary)
  }

  func write(_ text: String) throws(Problem) {
    try put(text)
    if rename(temporary, path) != 0 { throw problem() }
  }

  private func put(_ text: String) throws(Problem) {
    guard let file = fopen(temporary, "w") else { throw problem() }
    let bytes = Array(text.utf8)
    let count = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, count == bytes.count else { throw problem() }
  }

  private func problem() -> Problem { Problem(path: path, reason: String(cString: strerror(errno))) }

  /// Figures of a run, in the text format of Prometheus.
  /// - Parameter finished: seconds since 1970.
  static func text(_ figures: RunFigures, finished: Int) -> String {
    var lines = [
      "# HELP lis_run_records Records of the run by what became of them.", "# TYPE lis_run_records gauge",
    ]
    lines += figures.records.map { "lis_run_records{outcome=\"\($0.name)\"} \($0.count)" }
    lines += [
      "# HELP lis_run_exit_code Exit code of the run.", "# TYPE lis_run_exit_code gauge",
      "lis_run_exit_code \(figures.outcome.exitCode)",
      "# HELP lis_run_finished_timestamp_seconds When the run ended.",
      "# TYPE lis_run_finished_timestamp_seconds gauge", "lis_run_finished_timestamp_seconds \(finished)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
