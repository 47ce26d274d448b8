import Glibc
import LisCore
import LisEngine
import Synchronization

/// Ends a run when its time is over, as Ctrl-C would: what is being written is finished and noted first.
///
/// A thread of its own waits for the end of the time or of the run, whichever comes first. The machine keeps no clock.
final class TimeLimit: Sendable {
  private let stop: StopFlag
  private let interrupter = Mutex<Interrupter?>(nil)
  /// Both ends of a pipe: closing the second wakes the thread.
  private let waiting: Int32
  private let closing: Int32

  /// - Parameter seconds: from now.
  init(seconds: Double, stop: StopFlag) {
    self.stop = stop
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 { for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) } }
    (waiting, closing) = (ends[0], ends[1])
    let work = Unmanaged.passRetained(Work(limit: self, seconds: seconds))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, work.toOpaque())
    if code == 0 { pthread_detach(thread) } else { work.release() }
  }

  deinit { close(waiting) }

  /// The connection to the portal exists from now on; requests under way are stopped too.
  func reach(_ interrupter: Interrupter) {
    self.interrupter.withLock { $0 = interrupter }
    if stop.reason == .timeLimit { interrupter.interrupt() }
  }

  /// The run is over. To be called once.
  func end() { close(closing) }

  private final class Work: Sendable {
    let limit: TimeLimit
    let seconds: Double

    init(limit: TimeLimit, seconds: Double) {
      self.limit = limit
      self.seconds = seconds
    }

    func run() {
      let deadline = Work.now + seconds
      while true {
        let left = deadline - Work.now
        guard left > 0 else { break }
        var end = pollfd(fd: limit.waiting, events: Int16(POLLIN), revents: 0)
        // Longer waits than poll's are made of several.
        if poll(&end, 1, Int32(min(left * 1000 + 1, 1e9))) > 0 { return }
      }
      limit.stop.stop(.timeLimit)
      limit.interrupter.withLock { $0 }?.interrupt()
    }

    private static var now: Double {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }
}
