/// The envelope around the results of a batch, with or without errors.
struct BatchEnvelope {
  /// One refused input: why, and the names of what it concerns (`objectWriteTraceId` or `ids`).
  struct Failure {
    var refusal: Refusal
    var context: [String: [String]] = [:]
  }

  static let inputLimit = 100

  let startedAt: Int64
  private let clock: WriteClock

  init(_ clock: WriteClock) {
    self.clock = clock
    startedAt = clock.time
  }

  /// - Parameter success: the status when nothing failed; 207 otherwise.
  func answer(
    success: Int, inputs: Int, failures: [Failure] = [], writeResults: (inout JSONWriter) throws -> Void
  ) rethrows -> Answer {
    let body = try JSONWriter.object(reserving: 512 + inputs * 512) { body in
      body.member("status", "COMPLETE")
      try body.memberArray("results", writeResults)
      if !failures.isEmpty {
        body.member("numErrors", failures.count)
        body.memberArray("errors") { list in
          for failure in failures { ErrorEnvelope.entry(failure.refusal, context: failure.context, into: &list) }
        }
      }
      body.member("startedAt", Timestamp.wireText(startedAt))
      body.member("completedAt", Timestamp.wireText(max(clock.time, startedAt)))
    }
    return Answer(status: failures.isEmpty ? success : 207, body: body, inputs: inputs)
  }

  /// Results come back in another order than the inputs, as HubSpot's maintainers confirm they do. The order depends
  /// on the ids alone, so that a rehearsal can be repeated; it never is the order of the inputs.
  static func shuffled<Element>(_ elements: [Element], id: (Element) -> Int64) -> [Element] {
    guard elements.count > 1 else { return elements }
    let mixed = elements.enumerated().sorted {
      (SplitMix64.mix(UInt64(bitPattern: id($0.element))), $0.offset)
        < (SplitMix64.mix(UInt64(bitPattern: id($1.element))), $1.offset)
    }
    let unchanged = zip(mixed, mixed.indices).allSatisfy { $0.0.offset == $0.1 }
    let result = mixed.map(\.element)
    return unchanged ? Array(result.dropFirst() + result.prefix(1)) : result
  }
}
