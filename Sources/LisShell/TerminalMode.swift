import Glibc

/// The mode of a terminal (termios) at one moment, to be put back later.
struct TerminalMode {
  private let descriptor: Int32
  private var attributes: termios

  /// Nil when the descriptor is no terminal.
  init?(of descriptor: Int32) {
    var attributes = termios()
    guard tcgetattr(descriptor, &attributes) == 0 else { return nil }
    self.descriptor = descriptor
    self.attributes = attributes
  }

  /// The key that interrupts, 0 when there is none.
  var interruptKey: UInt8 { attributes.c_cc.0 }

  /// Puts the terminal back into this mode once its output is drained.
  func restore() {
    var attributes = attributes
    while tcsetattr(descriptor, TCSADRAIN, &attributes) != 0 && errno == EINTR {}
  }

  /// The same mode with whole lines, echo, Ctrl-C as a signal, and a backspace that erases characters and not bytes.
  var reading: TerminalMode {
    var mode = self
    mode.attributes.c_lflag |= tcflag_t(ICANON | ECHO | ECHOE | ISIG)
    mode.attributes.c_iflag |= tcflag_t(ICRNL | IUTF8)
    mode.attributes.c_oflag |= tcflag_t(OPOST | ONLCR)
    return mode
  }

  /// The same, but what is typed is not shown.
  var readingSecret: TerminalMode {
    var mode = reading
    mode.attributes.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHONL)
    return mode
  }
}
