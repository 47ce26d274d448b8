/// Whether a compilation has to end before it is done, as on Ctrl-C. Every pass asks at each token, statement and
/// expression whether to go on; one question in `stepsBetweenLooks` is handed on to whoever started the compilation.
///
/// Once the answer was no it stays no: every pass returns at once with whatever it has, which nobody may use.
public final class CompilationStop {
  /// A step takes up to some microseconds in a build without optimisation, so that this is a few milliseconds.
  public static let stepsBetweenLooks = 256

  public private(set) var isStopped = false
  private var stepsLeft = stepsBetweenLooks
  private let isWanted: () -> Bool

  /// - Parameter isWanted: whether somebody still waits for the result; once false it is not asked again.
  public init(isWanted: @escaping () -> Bool = { true }) { self.isWanted = isWanted }

  /// Takes one step of work.
  public func goesOn() -> Bool {
    stepsLeft &-= 1
    return stepsLeft > 0 || look()
  }

  @inline(never) private func look() -> Bool {
    if !isStopped { isStopped = !isWanted() }
    stepsLeft = isStopped ? 0 : CompilationStop.stepsBetweenLooks
    return !isStopped
  }
}
