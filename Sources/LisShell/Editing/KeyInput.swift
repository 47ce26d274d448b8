import Glibc

/// Characters from a terminal's keys, and the signals that arrive in between.
///
/// It reads byte by byte, so that what follows the end of an entry stays with the terminal for whoever reads next; only
/// within a paste does it read ahead.
struct KeyInput {
  enum Event: Equatable {
    case scalar(Unicode.Scalar)
    case signal(Int32)
    case end
    /// `code` is an `errno`.
    case failed(code: Int32)
  }

  private let input: Int32
  private let signals: SignalPipe
  private var bytes: ArraySlice<UInt8> = []
  private var arrived: ArraySlice<UInt8> = []

  init(input: Int32, signals: SignalPipe) {
    self.input = input
    self.signals = signals
  }

  /// Waits for the next character or signal. Bytes that are not UTF-8 become U+FFFD.
  mutating func next(readingAhead: Bool = false) -> Event {
    switch nextByte(readingAhead) {
    case .byte(let first): return scalar(after: first, readingAhead)
    case .event(let event): return event
    }
  }

  /// The signals that have arrived and were not given out as events, without waiting.
  mutating func takeSignals() -> [Int32] {
    defer { arrived = [] }
    return (arrived + signals.received()).map { Int32($0) }
  }

  private enum Step {
    case byte(UInt8)
    case event(Event)
  }

  private mutating func scalar(after first: UInt8, _ readingAhead: Bool) -> Event {
    if first < 0x80 { return .scalar(Unicode.Scalar(first)) }
    let length =
      switch first {
      case 0xc2...0xdf: 2
      case 0xe0...0xef: 3
      case 0xf0...0xf4: 4
      default: 1
      }
    var sequence = [first]
    while sequence.count < length {
      switch nextByte(readingAhead) {
      case .byte(let byte) where byte & 0xc0 == 0x80: sequence.append(byte)
      case .byte(let byte):
        bytes = [byte] + bytes
        return .scalar("\u{fffd}")
      // A signal in the middle of a character: the character is lost, the signal must not be.
      case .event(let event): return event
      }
    }
    return .scalar(String(decoding: sequence, as: UTF8.self).unicodeScalars.first ?? "\u{fffd}")
  }

  private mutating func nextByte(_ readingAhead: Bool) -> Step {
    while true {
      if let signal = arrived.popFirst() { return .event(.signal(Int32(signal))) }
      if let byte = bytes.popFirst() { return .byte(byte) }
      let ready = Wait.forInput(input, orSignals: signals.reading)
      if ready.signal { arrived = signals.received()[...] }
      if ready.input && arrived.isEmpty, let end = fill(readingAhead ? 4096 : 1) { return .event(end) }
    }
  }

  /// Reads up to `count` bytes. Returns why there are none.
  private mutating func fill(_ count: Int) -> Event? {
    var chunk = [UInt8](repeating: 0, count: count)
    let received = read(input, &chunk, count)
    if received > 0 {
      bytes = chunk[..<received]
      return nil
    }
    if received == 0 { return .end }
    return errno == EINTR || errno == EAGAIN ? nil : .failed(code: errno)
  }
}
