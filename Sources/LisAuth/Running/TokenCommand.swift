import Glibc

/// A program whose output is a token. No shell is between; time and output are bounded.
enum TokenCommand {
  private static let seconds = 60

  static func output(_ arguments: [String]) throws(AuthProblem) -> [UInt8] {
    let program = arguments.first ?? ""
    let ended: Subprocess.Ended
    do throws(Subprocess.Failure) {
      ended = try Subprocess.run(arguments, seconds: seconds, outputLimit: TokenText.limit + 2)
    } catch {
      throw .command(program: program, reason: reason(error), errors: "")
    }
    guard ended.status == 0 else {
      throw .command(program: program, reason: "it ended with \(ended.status)", errors: ended.errors)
    }
    return ended.output
  }

  private static func reason(_ failure: Subprocess.Failure) -> String {
    switch failure {
    case .notFound: "there is no such program"
    case .notStarted(let code): "it cannot be started: \(String(cString: strerror(code)))"
    case .tooSlow(let seconds): "it took longer than \(seconds) seconds"
    case .tooMuchOutput: "it printed more than a token can be long"
    }
  }
}
