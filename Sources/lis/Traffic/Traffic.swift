import Glibc
import HubSpot
import LisEngine
import LisRuntime

/// The requests of a session: who is told of them, and a recording that answers them.
final class Traffic {
  let observers: [any ExchangeObserver]
  /// Nil where a portal answers.
  let recording: Recording?
  /// The time of a session: the recording's where there is one, since what is asked often depends on the day.
  let clock: any EngineClock
  private let metrics: (counts: RequestMetrics, file: MetricsFile)?
  /// What is noted are lines of JSON, whichever thread notes it.
  let logsJSON: Bool
  private let console: StandardConsole

  /// Opens the files, so that one that cannot be written ends the run before its first request.
  init(_ settings: TrafficSettings, _ console: StandardConsole) throws(CommandProblem) {
    if settings.record != nil && settings.replay != nil { throw .recordsReplay }
    self.console = console
    logsJSON = settings.logFormat == .json
    var observers: [any ExchangeObserver] = []
    if logsJSON { observers.append(ExchangeLog(date: { MomentText.now }, write: { LogLine.write($0) })) }
    recording = if let path = settings.replay { try Traffic.recording(path) } else { nil }
    clock = if let recording { RecordedClock(Int(recording.startedAt)) } else { SystemClock() }
    if let path = settings.record { observers.append(try Traffic.recorder(path, Int64(clock.now), logsJSON)) }
    if let path = settings.metrics {
      let counts = RequestMetrics()
      metrics = (counts, try MetricsFile(path))
      observers.append(counts)
    } else {
      metrics = nil
    }
    self.observers = observers
  }

  private static func recorder(_ path: String, _ now: Int64, _ logsJSON: Bool) throws(CommandProblem) -> Recorder {
    do throws(Recorder.Problem) {
      return try Recorder(path: path, startedAt: now) { problem in
        StandardConsole(logsJSON: logsJSON).note("note  \(problem.escapedForDisplay); the run goes on")
      }
    } catch {
      switch error {
      case .exists(let path): throw .recordingExists(path: path)
      case .cannotOpen(let path, let reason): throw .fileNotWritable(flag: "--record", path: path, reason: reason)
      }
    }
  }

  private static func recording(_ path: String) throws(CommandProblem) -> Recording {
    let bytes: [UInt8]
    do throws(FileBytes.Failure) { bytes = try FileBytes.read(path) } catch {
      throw .unreadableRecording(path: path, reason: error.reason)
    }
    do throws(Recording.Problem) { return try Recording(bytes) } catch {
      switch error {
      case .notARecording: throw .unreadableRecording(path: path, reason: "it is no recording that --record wrote")
      case .badLine(let line):
        throw .unreadableRecording(path: path, reason: "line \(line) is no request with its reply")
      }
    }
  }

  /// Says and writes down what the run came to.
  func end(_ figures: RunFigures, run: String) {
    if logsJSON { log(figures, run) }
    guard let metrics else { return }
    let text = metrics.counts.text(prefix: "lis") + MetricsFile.text(figures, finished: Int(SystemClock().now / 1000))
    do throws(MetricsFile.Problem) { try metrics.file.write(text) } catch {
      console.note("note  the metrics \(error.path.escapedForDisplay) cannot be written: \(error.reason)")
    }
  }

  private func log(_ figures: RunFigures, _ run: String) {
    var line = LogLine("end")
    line.add("run", run)
    line.add("outcome", figures.outcome.name)
    line.add("exit_code", Int(figures.outcome.exitCode))
    for (name, count) in figures.records { line.add(name, count) }
    line.add("requests", figures.requests)
    line.add("retries", figures.retries)
    line.write()
  }
}

/// A clock that began when a recording did.
private struct RecordedClock: EngineClock {
  private let began: Int
  private let origin = SystemClock().now

  init(_ began: Int) { self.began = began }

  var now: Int { began + max(0, SystemClock().now - origin) }
}
