/// Sorting by keys, in place of the standard library's: that one cannot be stopped.
extension Machine {
  /// The rows in the order of their keys; rows with equal keys stay in the order they have.
  /// - Parameters:
  ///   - keys: for each row a list of keys, the first one weighing most.
  ///   - descending: for each key whether large values come first. Missing values come last either way.
  public func sorted(_ rows: Value, keys: Value, descending: [Bool]) throws(FaultKind) -> Value {
    let count = rows.itemCount ?? 0
    var order = Array(0..<count)
    var spare = order
    var width = 1
    while width < count {
      for start in stride(from: 0, to: count, by: 2 * width) {
        try merge(
          order, into: &spare, start, min(start + width, count), min(start + 2 * width, count), keys, descending)
      }
      swap(&order, &spare)
      width *= 2
    }
    let list = heap.list(capacity: count)
    for index in order {
      heap.push(list.list, rows.item(index) ?? .null)
      try work(1)
    }
    return list
  }

  /// The items of a list from the last to the first.
  public func reversed(_ items: Value) throws(FaultKind) -> Value {
    let count = items.itemCount ?? 0
    let list = heap.list(capacity: count)
    for index in stride(from: count - 1, through: 0, by: -1) {
      heap.push(list.list, items.item(index) ?? .null)
      try work(1)
    }
    return list
  }

  /// Merges the sorted stretches `start..<middle` and `middle..<end`.
  private func merge(
    _ order: [Int], into target: inout [Int], _ start: Int, _ middle: Int, _ end: Int, _ keys: Value,
    _ descending: [Bool]
  ) throws(FaultKind) {
    var (left, right) = (start, middle)
    // Rows are often in order already.
    var isMerged = middle >= end
    if !isMerged { isMerged = try !comesFirst(order[middle], order[middle - 1], keys, descending) }
    for place in start..<end {
      var takesRight = left >= middle
      if !takesRight, !isMerged, right < end {
        takesRight = try comesFirst(order[right], order[left], keys, descending)
      }
      if takesRight {
        target[place] = order[right]
        right += 1
      } else {
        target[place] = order[left]
        left += 1
      }
      try work(1)
    }
  }

  /// Whether one row's keys belong before another's.
  private func comesFirst(
    _ one: Int, _ other: Int, _ keys: Value, _ descending: [Bool]
  ) throws(FaultKind) -> Bool {
    try work(8)
    guard let first = keys.item(one), let second = keys.item(other) else { return false }
    for index in 0..<(first.itemCount ?? 0) {
      let (x, y) = (first.item(index) ?? .null, second.item(index) ?? .null)
      let verdict = try orderForSorting(x, y)
      if verdict == 0 { continue }
      let isReversed = index < descending.count && descending[index] && !x.isNull && !y.isNull
      return (verdict < 0) != isReversed
    }
    return false
  }
}
