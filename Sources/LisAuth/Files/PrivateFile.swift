import Glibc

/// Files that hold secrets: closed to everybody else, and whole at any moment.
enum PrivateFile {
  private static let limit = 8 << 20

  /// The bytes of a file; nil when it does not exist. One that others can reach, that belongs to somebody else or that is
  /// a link is refused, and so is one in a folder that others can reach.
  static func read(_ path: String) throws(FileProblem) -> [UInt8]? {
    let descriptor = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw errno == ELOOP ? FileProblem(path, .symbolicLink) : .system(path, "opened")
    }
    defer { close(descriptor) }
    try checkFolder(of: path)
    let status = try status(descriptor, path)
    guard status.st_uid == geteuid() else { throw FileProblem(path, .foreign(owner: status.st_uid)) }
    guard status.st_mode & 0o077 == 0 else { throw FileProblem(path, .open(mode: status.st_mode, wanted: 0o600)) }
    return try contents(descriptor, path, limit: limit)
  }

  /// The bytes of a file with a token that something else put there: as keys of ssh, it must be closed to others, and it
  /// may belong to the system. Links are followed, since services hand over secrets as such.
  static func readToken(_ path: String) throws(FileProblem) -> [UInt8]? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system(path, "opened")
    }
    defer { close(descriptor) }
    let status = try status(descriptor, path)
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw FileProblem(path, .foreign(owner: status.st_uid))
    }
    guard status.st_mode & 0o077 == 0 else { throw FileProblem(path, .open(mode: status.st_mode, wanted: 0o600)) }
    return try contents(descriptor, path, limit: limit)
  }

  /// Puts new contents in the place of a file: they are on the disk before the old ones are gone, whatever happens.
  static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
    try PrivateFolder.make(folder(of: path))
    try checkFolder(of: path)
    var present = stat()
    if lstat(path, &present) == 0, present.st_mode & S_IFMT != S_IFREG {
      throw FileProblem(path, present.st_mode & S_IFMT == S_IFLNK ? .symbolicLink : .notPlain)
    }
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max))"
    do throws(FileProblem) {
      try create(temporary, bytes)
      guard rename(temporary, path) == 0 else { throw .system(path, "replaced") }
    } catch {
      unlink(temporary)
      throw error
    }
    try synchronizeFolder(of: path)
  }

  /// Removes a file; that it is not there is as good.
  static func remove(_ path: String) throws(FileProblem) {
    guard unlink(path) == 0 || errno == ENOENT else { throw .system(path, "removed") }
  }

  private static func create(_ path: String, _ bytes: [UInt8]) throws(FileProblem) {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(path, "created") }
    defer { close(descriptor) }
    // The mode of open passes through the umask, that of fchmod does not.
    guard fchmod(descriptor, 0o600) == 0 else { throw .system(path, "closed to others") }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system(path, "written") }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw .system(path, "written to the disk") }
  }

  private static func synchronizeFolder(of path: String) throws(FileProblem) {
    let folder = folder(of: path)
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(folder, "opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system(folder, "written to the disk") }
  }

  /// Whoever may write to the folder could put another file in the place of this one.
  private static func checkFolder(of path: String) throws(FileProblem) {
    let folder = folder(of: path)
    var status = stat()
    guard stat(folder, &status) == 0 else { throw .system(folder, "looked at") }
    guard status.st_uid == geteuid() else { throw FileProblem(folder, .foreign(owner: status.st_uid)) }
    guard status.st_mode & 0o077 == 0 else { throw FileProblem(folder, .open(mode: status.st_mode, wanted: 0o700)) }
  }

  static func folder(of path: String) -> String {
    guard let cut = path.lastIndex(of: "/") else { return "." }
    return cut == path.startIndex ? "/" : String(path[..<cut])
  }

  static func status(_ descriptor: Int32, _ path: String) throws(FileProblem) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, "looked at") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileProblem(path, .notPlain) }
    return status
  }

  static func contents(_ descriptor: Int32, _ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(path, "read") }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      if bytes.count > limit { throw FileProblem(path, .tooLarge(limit: limit)) }
    }
  }
}

/// Folders of a user's own.
public enum PrivateFolder {
  /// Makes a folder and the ones above it where they are missing, closed to others whatever the umask says. What exists
  /// already is left as it is.
  public static func make(_ folder: String) throws(FileProblem) {
    var path = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      path += path.isEmpty || path.hasSuffix("/") ? String(part) : "/" + part
      if isFolder(path) { continue }
      // The mode of mkdir passes through the umask, that of chmod does not.
      guard mkdir(path, 0o700) == 0, chmod(path, 0o700) == 0 else {
        let code = errno
        // Another lis may have made it in between.
        if code == EEXIST && isFolder(path) { continue }
        throw FileProblem(path, .system(doing: "made", code: code == EEXIST ? ENOTDIR : code))
      }
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
