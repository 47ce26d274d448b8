import Glibc
import HubSpot
import LisAuth
import LisFormats
import LisRuntime

/// The part of a sign-in that a person does: in a browser on this machine, or in one elsewhere whose last address is
/// pasted.
struct BrowserSignIn {
  let signIn: SignIn
  let opensBrowser: Bool
  let console: StandardConsole

  func code() throws(SignInProblem) -> Secret {
    let listener = try listen()
    let isOpen = opensBrowser && listener != nil && signIn.openBrowser { Home.variable($0) }
    console.note(
      isOpen ? "A browser opens this address; choose Connect there:" : "Open this address and choose Connect:")
    console.note("\n  \(signIn.request.url.escapedForDisplay)\n")
    let reads = isatty(STDIN_FILENO) == 1 || !opensBrowser || listener == nil
    if reads {
      console.note("Where the browser is on another machine, paste the address that it ends at, and press Enter:")
    }
    let request = signIn.request
    let lines = reads ? InputLines.stream() : nil
    do {
      let result = try Blocking.wait {
        let result = await BrowserSignIn.first(listener, lines, request)
        await listener?.stop()
        return result
      }
      return try result.get()
    } catch let problem as SignInProblem { throw problem } catch { throw .failed("\(error)") }
  }

  /// Nil when the redirect address is not on this machine, or its port is taken and the address can be pasted.
  private func listen() throws(SignInProblem) -> RedirectListener? {
    guard let port = signIn.redirect.port else { return nil }
    let (request, path) = (signIn.request, signIn.redirect.path)
    do {
      return try Blocking.wait { try await RedirectListener.start(request, path: path, port: port) }
    } catch let failure as RedirectListener.Failure {
      guard isatty(STDIN_FILENO) == 1 || !opensBrowser else { throw .port(failure) }
      console.note("note  \(SignInProblem.port(failure).message.escapedForDisplay)")
      return nil
    } catch { throw .failed("\(error)") }
  }

  /// Whatever comes first: the browser, or a pasted address.
  private static func first(
    _ listener: RedirectListener?, _ lines: AsyncStream<String>?, _ request: AuthorizationRequest
  ) async -> Result<Secret, SignInProblem> {
    await withTaskGroup(of: Result<Secret, SignInProblem>?.self) { group in
      if let listener { group.addTask { await listener.answer()?.mapError { .redirect($0) } } }
      if let lines { group.addTask { await pasted(lines, request) } }
      for await result in group {
        guard let result else { continue }
        group.cancelAll()
        return result
      }
      return .failure(.noInput)
    }
  }

  private static func pasted(
    _ lines: AsyncStream<String>, _ request: AuthorizationRequest
  ) async -> Result<Secret, SignInProblem>? {
    for await line in lines {
      let address = line.trimmedBlanks
      if address.isEmpty { continue }
      do throws(AuthorizationRequest.Refusal) { return .success(try request.code(from: address)) } catch {
        if case .denied = error { return .failure(.redirect(error)) }
        let problem = SignInProblem.redirect(error)
        StandardConsole().note("\(problem.message); \(problem.hint ?? "")")
      }
    }
    return nil
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}

/// Lines of standard input, read by a thread that may wait for ever.
enum InputLines {
  /// Longer than any address.
  private static let limit = 65_536

  static func stream() -> AsyncStream<String> {
    let (lines, announce) = AsyncStream.makeStream(of: String.self)
    OwnThread.start {
      var bytes: [UInt8] = []
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
        if byte == UInt8(ascii: "\n") {
          announce.yield(String(decoding: bytes, as: UTF8.self))
          bytes = []
        } else if bytes.count < limit {
          bytes.append(byte)
        }
      }
      if !bytes.isEmpty { announce.yield(String(decoding: bytes, as: UTF8.self)) }
      announce.finish()
    }
    return lines
  }
}
