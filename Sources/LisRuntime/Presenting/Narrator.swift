import Glibc
import LisEngine
import LisFormats

/// Tells a person what a run does: plans, progress, reports. Nothing of it goes to standard output.
final class Narrator: RunObserver {
  private let console: any Console
  /// Where there is no terminal: one line at most every 30 seconds, so that a log shows that the run is alive.
  private var lastBeat = Narrator.seconds

  /// Nothing is planned and nothing is written, so there is nothing to tell.
  private let isSilent: Bool

  init(console: any Console, isSilent: Bool = false) {
    self.console = console
    self.isSilent = isSilent
  }

  private static var seconds: Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec
  }

  private func progress(_ text: String) {
    if console.noteIsTerminal {
      console.status(text)
    } else if Narrator.seconds - lastBeat >= 30 {
      lastBeat = Narrator.seconds
      console.note(text)
    }
  }

  func reading(_ object: String, rows: Int, total: Int?) {
    // A total of exactly 10,000 may be a cap and is not shown as if it were exact.
    let of = total.map { $0 > rows && $0 != 10_000 ? " of \(Counts.grouped($0))" : "" } ?? ""
    progress("read  \(Counts.grouped(rows))\(of) \(object.escapedForDisplay)")
  }

  func planned(_ plan: Plan) {
    if isSilent { return }
    let shown = console.noteIsTerminal ? PlanText.shownToPeople : Int.max
    for line in PlanText.lines(plan, shown: shown) { console.note(line) }
  }

  func sent(_ progress: SendProgress) {
    let failed = progress.failed > 0 ? ", \(Counts.grouped(progress.failed)) failed" : ""
    self.progress("send  \(Counts.grouped(progress.done)) of \(Counts.grouped(progress.total))\(failed)")
  }

  func finished(_ report: Report, plan: Plan) {
    console.status(nil)
    // A write that does not go on after errors raises them, and the fault names the records.
    for line in PlanText.troubles(report, withFailures: report.continuesOnError) { console.note(line) }
  }

  func notice(_ text: String) { console.note("note  \(text)") }
}
