import Glibc

/// A folder of a test's own, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/lis-shell-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Session.Failure.notStarted(errno: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Tests put files here, and folders no deeper than one.
  deinit {
    for name in names(in: path) where unlink("\(path)/\(name)") != 0 {
      for inner in names(in: "\(path)/\(name)") { unlink("\(path)/\(name)/\(inner)") }
      rmdir("\(path)/\(name)")
    }
    rmdir(path)
  }

  func names(in folder: String) -> [String] {
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

  func permissions(of name: String) -> mode_t {
    var status = stat()
    return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
  }

  func write(_ text: String, to name: String) {
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  func text(of name: String) -> String {
    guard let file = fopen("\(path)/\(name)", "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
