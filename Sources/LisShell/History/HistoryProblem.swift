import Glibc
import LisFormats

/// What went wrong with the file of the history. The shell goes on without it.
enum HistoryProblem: Error, Equatable, CustomStringConvertible {
  /// `code` is an `errno`.
  case unreadable(path: String, code: Int32)
  case unwritable(path: String, code: Int32)

  var description: String {
    switch self {
    case .unreadable(let path, let code):
      "the history in \(path.escapedForDisplay) could not be read: \(reason(code)); this session starts without it"
    case .unwritable(let path, let code):
      "the history could not be saved in \(path.escapedForDisplay): \(reason(code)); "
        + "entries are remembered until you leave"
    }
  }

  private func reason(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }
}
