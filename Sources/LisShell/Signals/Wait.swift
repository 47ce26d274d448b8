import Glibc

/// Waiting for input and for signals at once.
enum Wait {
  struct Ready {
    /// The input has bytes, is at its end, or has failed: a read will not wait.
    let input: Bool
    let signal: Bool
  }

  /// Returns when one of the two can be read. `signals` may be -1.
  static func forInput(_ input: Int32, orSignals signals: Int32) -> Ready {
    var descriptors = [
      pollfd(fd: input, events: Int16(POLLIN), revents: 0), pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&descriptors, nfds_t(descriptors.count), -1) < 0 {
      // Anything but a signal in between is an error of the descriptor, which the read that follows reports.
      if errno != EINTR { return Ready(input: true, signal: false) }
    }
    return Ready(input: descriptors[0].revents != 0, signal: descriptors[1].revents != 0)
  }
}
