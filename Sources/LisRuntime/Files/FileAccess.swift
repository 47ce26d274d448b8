import Glibc

/// Which files a program may read and write: those below the script's folder or the working folder, and those that were
/// named on the command line.
public struct FileAccess: Sendable {
  public enum Problem: Error, Sendable, Hashable {
    case refused(path: String)
    case notAllowed(path: String)
    case notFound(path: String)
    case failed(path: String, reason: String)
    case unknownFormat(path: String)
  }

  /// Folder of the script; relative names are looked up here first.
  public var scriptFolder: String?
  public var workingFolder: String
  /// Resolved paths from the command line.
  public var named: Set<String>
  /// `--no-files`.
  public var isForbidden: Bool

  public init(scriptFolder: String?, workingFolder: String, named: Set<String> = [], isForbidden: Bool = false) {
    self.scriptFolder = scriptFolder
    self.workingFolder = workingFolder
    self.named = named
    self.isForbidden = isForbidden
  }

  private var folders: [String] { [scriptFolder, workingFolder].compactMap { $0 } }

  /// The path of a file that exists.
  public func reading(_ path: String) throws(Problem) -> String { try reading(path, candidates(path)) }

  /// The path of a module's file. Inside of a module, names are looked up beside it first.
  /// - Parameter from: the file of the module that names it; nil for the program itself.
  func module(_ path: String, from: String?) throws(Problem) -> String {
    var places = candidates(path)
    if let from, from.hasPrefix("/"), !path.hasPrefix("/"), let cut = from.lastIndex(of: "/") {
      places.insert(from[...cut] + path, at: 0)
    }
    return try reading(path, places)
  }

  private func reading(_ path: String, _ places: [String]) throws(Problem) -> String {
    if isForbidden { throw .refused(path: path) }
    // The system would take the name to end there.
    if path.utf8.contains(0) { throw .failed(path: path, reason: "its name holds a NUL character") }
    for candidate in places {
      guard let resolved = FileAccess.resolved(candidate) else { continue }
      guard isAllowed(resolved) else { throw .notAllowed(path: path) }
      return resolved
    }
    throw .notFound(path: path)
  }

  /// The path a file is to be written to; its folder exists.
  public func writing(_ path: String) throws(Problem) -> String {
    if isForbidden { throw .refused(path: path) }
    // The system would take the name to end there.
    if path.utf8.contains(0) { throw .failed(path: path, reason: "its name holds a NUL character") }
    guard let candidate = candidates(path).first else { throw .notFound(path: path) }
    let cut = candidate.lastIndex(of: "/") ?? candidate.startIndex
    let name = candidate[candidate.index(after: cut)...]
    guard !name.isEmpty, name != ".", name != ".." else { throw .failed(path: path, reason: "it names no file") }
    guard let folder = FileAccess.resolved(String(candidate[..<cut]) + "/") else {
      throw .failed(path: path, reason: "its folder does not exist")
    }
    let target = folder == "/" ? "/" + name : folder + "/" + name
    // A link that points out of the folder would lead the write astray.
    if let existing = FileAccess.resolved(target), existing != target, !isAllowed(existing) {
      throw .notAllowed(path: path)
    }
    guard isAllowed(target) else { throw .notAllowed(path: path) }
    return target
  }

  private func candidates(_ path: String) -> [String] {
    path.hasPrefix("/") ? [path] : folders.map { $0 + "/" + path }
  }

  private func isAllowed(_ resolved: String) -> Bool {
    if named.contains(resolved) { return true }
    return folders.contains { folder in
      guard let root = FileAccess.resolved(folder) else { return false }
      return root == "/" || resolved.hasPrefix(root + "/")
    }
  }

  /// Absolute, without links and dots; nil when it does not exist.
  public static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}

extension FileAccess.Problem {
  public var message: String {
    switch self {
    case .refused(let path): "`\(path)` is not opened: the run was started with --no-files"
    case .notAllowed(let path): "`\(path)` lies outside of the script's folder and the working folder"
    case .notFound(let path): "there is no file `\(path)`"
    case .failed(let path, let reason): "`\(path)` cannot be used: \(reason)"
    case .unknownFormat(let path): "the ending of `\(path)` names no format"
    }
  }

  public var hint: String? {
    switch self {
    case .notFound: "relative names are looked up in the script's folder, then in the working folder"
    case .notAllowed: "move the file there"
    case .unknownFormat: "endings: .csv, .tsv, .ndjson, .json, .md, .txt"
    default: nil
    }
  }
}
