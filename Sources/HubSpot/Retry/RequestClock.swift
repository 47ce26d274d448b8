/// The time that waits are measured by: a clock without its instants' type, so that a client can hold any.
struct RequestClock: Sendable {
  /// Time since some fixed moment; only differences mean anything.
  let now: @Sendable () -> Duration
  let sleep: @Sendable (Duration) async throws -> Void

  init(_ clock: some Clock<Duration>) {
    let origin = clock.now
    now = { origin.duration(to: clock.now) }
    sleep = { duration in try await clock.sleep(for: duration) }
  }
}
