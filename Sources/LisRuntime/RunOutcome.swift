import HubSpot
import LisCore
import LisEngine
import LisFormats

/// How a run ended, and the exit code that says so.
public enum RunOutcome: Sendable, Equatable {
  case done
  case fault
  case planHasChanges
  case someFailed
  case someUnknown
  case someSkipped
  case noAccess
  case transport
  case notApproved
  case usage(String)
  case checkFailed
  case interrupted

  public var exitCode: Int32 {
    switch self {
    case .done: 0
    case .fault: 1
    case .planHasChanges: 2
    case .someFailed: 3
    case .someUnknown: 4
    case .someSkipped: 5
    case .noAccess: 6
    case .transport: 7
    case .notApproved: 9
    case .usage: 64
    case .checkFailed: 65
    case .interrupted: 130
    }
  }

  /// A word for journals and logs.
  public var name: String {
    switch self {
    case .done: "done"
    case .fault: "fault"
    case .planHasChanges: "planned"
    case .someFailed: "failed"
    case .someUnknown: "unknown"
    case .someSkipped: "skipped"
    case .noAccess: "no access"
    case .transport: "transport"
    case .notApproved: "not approved"
    case .usage: "usage"
    case .checkFailed: "check"
    case .interrupted: "interrupted"
    }
  }

  /// The exit code of a fault.
  init(_ fault: Fault) {
    switch fault.kind {
    case .interrupted: self = .interrupted
    case .host(let error): self = RunOutcome.of(error)
    default: self = .fault
    }
  }

  private static func of(_ error: any Error) -> RunOutcome {
    switch error {
    case let error as EngineError:
      switch error {
      case .notApproved: return .notApproved
      case .writeFailed(let report): return report.unknown.isEmpty ? .someFailed : .someUnknown
      case .interrupted: return .interrupted
      case .serverLoop, .unreadableAnswer: return .transport
      default: return .fault
      }
    case let error as HubSpotError: return of(error)
    case let error as SessionProblem: return error.outcome
    default: return .fault
    }
  }

  private static func of(_ error: HubSpotError) -> RunOutcome {
    switch error {
    case .api(let failure):
      if failure.isAuth || failure.isScope { return .noAccess }
      // Locked (423) and being moved to another data centre (477) pass, as a refused rate does.
      if [423, 429, 477].contains(failure.status) || failure.status >= 500 { return .transport }
      return .fault
    case .transport, .unexpectedBody, .redirectRefused, .serverLoop, .credential(.unavailable): return .transport
    case .credential(.store): return .fault
    case .credential(.cancelled): return .interrupted
    case .credential: return .noAccess
    case .invalidRequest: return .fault
    case .cancelled: return .interrupted
    }
  }
}

/// What can be wrong before anything is asked of a portal.
public enum SessionProblem: Error, Sendable {
  /// No credential is configured.
  case noCredential
  case badToken(String)
  case badAddress(String)
  case unknownPortal(String)
  /// The credential that is configured cannot be had: what happened, and what to do.
  case credential(String, hint: String?)
  /// The account is not the one that the profile is for; nothing is written there.
  case wrongAccount(String, hint: String?)
  case cannotStart(String)
  case closed
  /// `confirm` where there is no terminal.
  case nobodyToAsk(String)
}

extension SessionProblem {
  public var message: String {
    switch self {
    case .noCredential: "no credential is configured; nothing was sent"
    case .badToken(let reason): "the token cannot be used: \(reason); nothing was sent"
    case .badAddress(let reason): "LIS_API_URL cannot be used: \(reason); nothing was sent"
    case .unknownPortal(let name): "there is no portal named `\(name)`; nothing was sent"
    case .credential(let reason, _): "\(reason); nothing was sent"
    case .wrongAccount(let reason, _): "\(reason); nothing was written"
    case .cannotStart(let reason): reason
    case .closed: "the session has ended"
    case .nobodyToAsk(let question): "the program asks \"\(question)\", and there is nobody to answer"
    }
  }

  public var hint: String? {
    switch self {
    case .noCredential:
      "run `lis auth login`, set LIS_TOKEN to a service key or private-app token, or rehearse with --portal practice"
    case .unknownPortal:
      "`practice` is built in, `lis auth login --portal NAME` adds others; without --portal the token of LIS_TOKEN is used"
    case .credential(_, let hint), .wrongAccount(_, let hint): hint
    case .badToken: "copy it again, whole and without quotes, or sign in with `lis auth login`"
    case .nobodyToAsk: "run it on a terminal, or answer beforehand with --yes or --apply"
    default: nil
    }
  }

  public var code: String {
    switch self {
    case .noCredential: "LIS0201"
    case .badToken: "LIS0202"
    case .badAddress: "LIS0203"
    case .unknownPortal: "LIS0204"
    case .cannotStart: "LIS0205"
    case .closed: "LIS0206"
    case .nobodyToAsk: "LIS0207"
    case .credential: "LIS0208"
    case .wrongAccount: "LIS0209"
    }
  }

  var outcome: RunOutcome {
    switch self {
    case .noCredential, .badToken, .credential, .wrongAccount: .noAccess
    case .badAddress, .unknownPortal: .usage(message)
    case .cannotStart, .closed: .fault
    case .nobodyToAsk: .notApproved
    }
  }
}
