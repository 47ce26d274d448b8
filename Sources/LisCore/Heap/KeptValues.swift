/// Values that Swift code holds over safepoints.
///
/// An object of its own, because keepers let go of their values at any time: while a collection releases the Swift
/// object that holds them, and after the machine itself is gone.
final class KeptValues {
  private(set) var values: UnsafeMutablePointer<Value>
  /// Places in use or free again; the collector looks at all of them.
  private(set) var count = 0
  private var capacity = 16
  private var free: [Int] = []

  init() { values = .allocate(capacity: capacity) }

  deinit { values.deallocate() }

  subscript(index: Int) -> Value {
    get { values[index] }
    set { values[index] = newValue }
  }

  func add(_ value: Value) -> Int {
    if let index = free.popLast() {
      values[index] = value
      return index
    }
    if count == capacity { grow() }
    values[count] = value
    count += 1
    return count - 1
  }

  func remove(_ index: Int) {
    values[index] = .end
    free.append(index)
  }

  private func grow() {
    let larger = UnsafeMutablePointer<Value>.allocate(capacity: capacity * 2)
    larger.update(from: values, count: count)
    values.deallocate()
    values = larger
    capacity *= 2
  }
}
