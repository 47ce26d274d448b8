import Glibc
import LisRuntime
import LisStdlib

/// What `use name` finds: the modules inside the program, or those of the folder that LIS_STDLIB names, for work on the
/// library itself.
enum LibraryFolder {
  static func library() throws(CommandProblem) -> ModuleLibrary {
    guard let folder = Home.variable("LIS_STDLIB") else {
      return ModuleLibrary(names: StandardLibrary.names) { StandardLibrary.source(named: $0) }
    }
    return ModuleLibrary(names: try names(folder)) { name in
      // Names come from a program: none of them leads out of the folder.
      guard name.utf8.allSatisfy({ $0 == 95 || (48...57).contains($0) || ($0 | 32 >= 97 && $0 | 32 <= 122) }) else {
        return nil
      }
      return text("\(folder)/\(name).lis")
    }
  }

  private static func names(_ folder: String) throws(CommandProblem) -> [String] {
    guard let directory = opendir(folder) else {
      throw .noLibrary(path: folder, reason: String(cString: strerror(errno)))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(".lis"), !name.hasSuffix("_test.lis"), !name.hasPrefix(".") {
        names.append(String(name.dropLast(".lis".count)))
      }
    }
    guard !names.isEmpty else { throw .noLibrary(path: folder, reason: "it holds no modules (*.lis)") }
    return names.sorted()
  }

  private static func text(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return String(validating: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }
}
