import Glibc
import LisSyntax

/// The files whose tests are to be run.
enum TestFiles {
  struct File {
    var path: String
    var source: SourceText

    /// Titles of its tests, as far as its form can be understood.
    var titles: [String] {
      parse(source).program.items.compactMap { if case .test(let title, _) = $0.kind { title } else { nil } }
    }
  }

  /// Files that are named, and those below folders that hold tests; in alphabetical order below a folder.
  static func find(_ paths: [String]) throws(CommandProblem) -> [File] {
    var files: [File] = []
    for path in paths {
      guard isFolder(path) else {
        files.append(File(path: path, source: try ScriptInput(ScriptWords(words: [path])).source))
        continue
      }
      for name in programs(below: path) {
        let file = File(path: name, source: try ScriptInput(ScriptWords(words: [name])).source)
        if !file.titles.isEmpty { files.append(file) }
      }
    }
    return files
  }

  private static func isFolder(_ path: String) -> Bool { kind(path, following: true) == S_IFDIR }

  private static func kind(_ path: String, following: Bool) -> mode_t? {
    var status = stat()
    guard (following ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
    return status.st_mode & S_IFMT
  }

  /// Hidden folders are left out, and links are not followed: they may lead in a circle.
  private static func programs(below root: String) -> [String] {
    var found: [String] = []
    var waiting = [root]
    while let folder = waiting.popLast() {
      guard let listing = opendir(folder) else { continue }
      defer { closedir(listing) }
      while let entry = readdir(listing) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
          tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasPrefix(".") { continue }
        let path = folder == "." ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
        switch kind(path, following: false) {
        case S_IFDIR: waiting.append(path)
        case S_IFREG where name.hasSuffix(".lis"): found.append(path)
        default: break
        }
      }
    }
    return found.sorted()
  }
}
