import HubSpot
import LisEngine
import LisFormats

/// Tells a person what a run does: plans, progress, reports. Nothing of it goes to standard output.
final class Narrator: RunObserver {
  private let console: any Console
  /// Where there is no terminal: one line at most every 30 seconds, so that a log shows that the run is alive.
  private var lastBeat = Pace.now
  /// The speed of what is read or sent at present, from its beginning.
  private var pace: (what: String, done: Int, pace: Pace)?
  /// When a wait for a failing server was told of where there is no terminal.
  private var lastRetry: Double?

  /// Nothing is planned and nothing is written, so there is nothing to tell.
  private let isSilent: Bool

  init(console: any Console, isSilent: Bool = false) {
    self.console = console
    self.isSilent = isSilent
  }

  private func progress(_ text: String) {
    if console.noteIsTerminal {
      console.status(text)
    } else if Pace.now - lastBeat >= Narrator.beat {
      lastBeat = Pace.now
      console.note(text)
    }
  }

  /// Seconds between two lines where nobody watches.
  private static let beat = 30.0

  /// How long it takes still, as a text that may be empty.
  private func timeLeft(_ what: String, _ done: Int, of total: Int) -> String {
    // Fewer than before is the next statement.
    if pace?.what != what || pace.map({ $0.done > done }) != false {
      pace = (what, done, Pace(done: done))
    } else {
      pace?.done = done
    }
    return pace?.pace.leftText(done, of: total) ?? ""
  }

  func reading(_ object: String, rows: Int, total: Int?) {
    // A total of exactly 10,000 may be a cap and is not shown as if it were exact.
    let of = total.map { $0 > rows && $0 != 10_000 ? " of \(Counts.grouped($0))" : "" } ?? ""
    let left = total.map { timeLeft("read " + object, rows, of: $0) } ?? ""
    progress("read  \(Counts.grouped(rows))\(of) \(object.escapedForDisplay)\(left)")
  }

  func planned(_ plan: Plan) {
    if isSilent { return }
    let shown = console.noteIsTerminal ? PlanText.shownToPeople : Int.max
    for line in PlanText.lines(plan, shown: shown) { console.note(line) }
  }

  func sent(_ progress: SendProgress) {
    let failed = progress.failed > 0 ? ", \(Counts.grouped(progress.failed)) failed" : ""
    let left = timeLeft("send", progress.done, of: progress.total)
    self.progress("send  \(Counts.grouped(progress.done)) of \(Counts.grouped(progress.total))\(failed)\(left)")
  }

  func waiting(_ wait: RequestWait) {
    let seconds = Double(wait.duration.components.seconds) + Double(wait.duration.components.attoseconds) * 1e-18
    // Nobody notices less.
    guard seconds >= 1 else { return }
    switch wait.reason {
    case .quota: progress("wait  at most \(Pace.text(seconds)) for the quota")
    case .retry(_, let reason):
      let text = "wait  \(Pace.text(seconds)), then again: \(reason.escapedForDisplay)"
      if !console.noteIsTerminal, lastRetry.map({ Pace.now - $0 >= Narrator.beat }) != false {
        lastRetry = Pace.now
        console.note(text)
      } else {
        progress(text)
      }
    }
  }

  func finished(_ report: Report, plan: Plan) {
    console.status(nil)
    // A write that does not go on after errors raises them, and the fault names the records.
    for line in PlanText.troubles(report, withFailures: report.continuesOnError) { console.note(line) }
  }

  func notice(_ text: String) { console.note("note  \(text)") }
}
