import Glibc

/// What can be wrong with a file or folder of configuration or credentials. What is in it is never part of it.
public struct FileProblem: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// A link could lead to somebody else's file.
    case symbolicLink
    case notPlain
    case missing
    /// It belongs to another user, by number.
    case foreign(owner: UInt32)
    /// Others may read or change it: its mode, and the one it should have.
    case open(mode: UInt32, wanted: UInt32)
    /// Everybody may change it.
    case writableByAll(mode: UInt32)
    case tooLarge(limit: Int)
    /// What lis was doing, and the system's number of the error.
    case system(doing: String, code: Int32)
    /// It does not have the form that lis gave it.
    case damaged
  }

  public var path: String
  public var kind: Kind

  public init(_ path: String, _ kind: Kind) {
    self.path = path
    self.kind = kind
  }

  static func system(_ path: String, _ doing: String) -> FileProblem {
    FileProblem(path, .system(doing: doing, code: errno))
  }
}

extension FileProblem {
  /// What is wrong, in a sentence without an end.
  public var message: String {
    switch kind {
    case .symbolicLink: "`\(path)` is a symbolic link, which is not followed to where secrets are kept"
    case .notPlain: "`\(path)` is no plain file"
    case .missing: "there is no file `\(path)`"
    case .foreign(let owner): "`\(path)` belongs to another user (number \(owner))"
    case .open(let mode, _): "others may use `\(path)` (its mode is \(FileProblem.octal(mode)))"
    case .writableByAll(let mode): "everybody may change `\(path)` (its mode is \(FileProblem.octal(mode)))"
    case .tooLarge(let limit): "`\(path)` is larger than \(limit) bytes"
    case .system(let doing, let code): "`\(path)` cannot be \(doing): \(String(cString: strerror(code)))"
    case .damaged: "`\(path)` does not have the form in which lis writes it"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch kind {
    case .symbolicLink: "put the file itself there"
    case .notPlain: "move it away"
    case .missing: "correct the path"
    case .foreign: "set LIS_HOME to a folder of your own"
    case .open(_, let wanted): "run: chmod \(FileProblem.octal(wanted)) '\(path)'"
    case .writableByAll: "run: chmod go-w '\(path)'"
    case .tooLarge: "lis did not write it; move it away"
    case .system: "correct that, or set LIS_HOME to a folder that can be used"
    case .damaged: "move it away and sign in again with `lis auth login`"
    }
  }

  private static func octal(_ mode: UInt32) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
