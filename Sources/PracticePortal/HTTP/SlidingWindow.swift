/// Moments in ascending order, and how many of them lie in a window that ends at one. Requests may be told of a little
/// out of order, since several threads take them in.
struct SlidingWindow {
  /// Microseconds.
  let length: Int64
  private var moments: [Int64] = []
  /// Moments before this index are forgotten.
  private var first = 0

  /// How much later than a newer one a moment may still be told of.
  private static let slack: Int64 = 5_000_000

  init(length: Int64) { self.length = length }

  /// The moments in the window of `length` that ends with `moment`, it included.
  func count(endingAt moment: Int64) -> Int { index(after: moment) - index(after: moment - length) }

  /// - Returns: the most moments in a window that the new one lies in, the windows that end at a moment.
  @discardableResult
  mutating func insert(_ moment: Int64) -> Int {
    let place = index(after: moment)
    moments.insert(moment, at: place)
    var most = 0
    for later in place..<moments.count where moments[later] < moment + length {
      most = max(most, count(endingAt: moments[later]))
    }
    forget()
    return most
  }

  /// The index of the first moment that is later.
  private func index(after moment: Int64) -> Int {
    var low = first
    var high = moments.count
    while low < high {
      let middle = (low + high) / 2
      if moments[middle] <= moment { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func forget() {
    guard let newest = moments.last else { return }
    first = index(after: newest - length - Self.slack)
    if first > 1000, first > moments.count / 2 {
      moments.removeFirst(first)
      first = 0
    }
  }
}
