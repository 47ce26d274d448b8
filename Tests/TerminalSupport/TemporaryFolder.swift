import Glibc

/// A folder of a test's own, removed with everything in it.
package final class TemporaryFolder {
  package let path: String

  package init() throws {
    var template = Array("/tmp/lis-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Session.Failure.notStarted(errno: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    // A test may have taken the permissions away.
    chmod(path, 0o700)
    for name in names(in: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  package func names(in folder: String) -> [String] { Self.names(in: folder) }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  package func permissions(of name: String) -> mode_t {
    var status = stat()
    return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
  }

  /// Writes a file and the folder it is in.
  package func write(_ text: String, to name: String) { write(Array(text.utf8), to: name) }

  package func write(_ bytes: [UInt8], to name: String) {
    if let cut = name.lastIndex(of: "/") { makeFolder(String(name[..<cut])) }
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  package func makeFolder(_ name: String) {
    var made = path
    for part in name.split(separator: "/") {
      made += "/" + part
      mkdir(made, 0o700)
    }
  }

  package func exists(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

  package func text(of name: String) -> String {
    guard let file = fopen("\(path)/\(name)", "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
