// The encoding of the state: little-endian integers of 64 bits. Durations are nanoseconds, -1 stands for
// none and -2 for no limit.

extension QuotaState {
  /// Changes with every change of the layout, so that processes of different versions do not read each other wrongly.
  private static let layout: Int64 = 1

  /// The whole state.
  public var bytes: [UInt8] {
    var writer = Words()
    writer.append(QuotaState.layout)
    for pool in QuotaPool.allCases { self[pool].write(&writer) }
    writer.append(daily.map { Int64($0.limit) } ?? -1)
    writer.append(Int64(daily?.remaining ?? 0))
    writer.append(daily?.seenAt ?? 0)
    return writer.bytes
  }

  /// Nil for bytes that are not a whole state of this version: the caller begins anew, and the server's headers tell what
  /// is lost.
  public init?(bytes: [UInt8]) {
    var words = Words(bytes: bytes)
    guard words.next() == QuotaState.layout else { return nil }
    var windows: [QuotaPool: QuotaWindow] = [:]
    for pool in QuotaPool.allCases {
      guard let window = QuotaWindow(&words) else { return nil }
      windows[pool] = window
    }
    guard let limit = words.next(), let remaining = words.next(), let seenAt = words.next(), words.isEmpty else {
      return nil
    }
    let daily = limit < 0 ? nil : DailyQuota(limit: Int(limit), remaining: Int(remaining), seenAt: seenAt)
    self.init(windows: windows, daily: daily)
  }
}

extension QuotaWindow {
  fileprivate func write(_ words: inout Words) {
    words.append(limit.map { Int64($0) } ?? (isUnlimited ? -2 : -1))
    words.append(period.nanoseconds)
    words.append(pausedUntil.nanoseconds)
    words.append(interactiveUntil.nanoseconds)
    words.append(Int64(places.count))
    for place in places {
      words.append(Int64(bitPattern: place.ticket))
      words.append(place.freeAt.nanoseconds)
    }
  }

  fileprivate init?(_ words: inout Words) {
    guard let limit = words.next(), limit <= QuotaWindow.meaninglessLimit, let period = words.next(), period > 0,
      let paused = words.next(), let interactive = words.next(), let count = words.next(),
      (0...Int64(words.count / 2)).contains(count)
    else { return nil }
    var places: [Place] = []
    for _ in 0..<count {
      guard let ticket = words.next(), let freeAt = words.next() else { return nil }
      places.append(Place(ticket: UInt64(bitPattern: ticket), freeAt: .nanoseconds(freeAt)))
    }
    self.init(
      limit: limit < 0 ? nil : Int(limit), isUnlimited: limit == -2, period: .nanoseconds(period), places: places,
      pausedUntil: .nanoseconds(paused), interactiveUntil: .nanoseconds(interactive))
  }
}

/// A row of 64-bit numbers as bytes.
private struct Words {
  private(set) var bytes: [UInt8] = []
  private var position = 0

  init() {}
  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Words not read yet.
  var count: Int { (bytes.count - position) / 8 }
  var isEmpty: Bool { position == bytes.count }

  mutating func append(_ number: Int64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  mutating func next() -> Int64? {
    guard count > 0 else { return nil }
    defer { position += 8 }
    return (0..<8).reduce(Int64(0)) { $0 | Int64(bytes[position + $1]) << ($1 * 8) }
  }
}

extension Duration {
  /// Held within 64 bits, which is 292 years.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product &+ attoseconds / 1_000_000_000
  }
}
