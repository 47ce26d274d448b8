import Glibc

/// Runs `body` on a thread of its own with a stack of so many kilobytes and waits for its result: the depth limits must
/// hold wherever the parser is called.
func onSmallStack<Result: Sendable>(kilobytes: Int = 512, _ body: @escaping @Sendable () -> Result) -> Result? {
  let answer = Answer<Result>()
  let work = Work { answer.value = body() }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setstacksize(&attributes, kilobytes * 1024)
  var thread = pthread_t()
  let failure = pthread_create(
    &thread, &attributes,
    { argument in
      if let argument { Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue().run() }
      return nil
    }, Unmanaged.passUnretained(work).toOpaque())
  guard failure == 0 else { return nil }
  pthread_join(thread, nil)
  pthread_attr_destroy(&attributes)
  return withExtendedLifetime(work) { answer.value }
}

/// Written by the thread before it ends and read after it was joined.
private final class Answer<Value> {
  var value: Value?
}

private final class Work {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
