import Glibc
import LisCompiler
import LisSyntax

/// The modules that `use name` finds: the standard library, or what stands in its place.
public struct ModuleLibrary: Sendable {
  public var names: [String]
  /// The text of a module; nil when there is none of the name.
  public var text: @Sendable (String) -> String?

  public init(names: [String], text: @escaping @Sendable (String) -> String?) {
    self.names = names
    self.text = text
  }

  public static let none = ModuleLibrary(names: []) { _ in nil }
}

/// Finds modules: files by the rules for all files of a program, libraries by their names.
struct ModuleFinder {
  let files: FileAccess
  let library: ModuleLibrary

  /// Larger ones are no programs that a person wrote.
  static let sizeLimit = 16 << 20

  func find(_ request: ModuleRequest) -> Result<FoundModule, ModuleProblem> {
    request.isPath ? file(request) : named(request)
  }

  private func named(_ request: ModuleRequest) -> Result<FoundModule, ModuleProblem> {
    guard let text = library.text(request.name) else {
      return .failure(.unknownLibrary(request.name, known: library.names))
    }
    return .success(
      FoundModule(
        identity: request.name, source: SourceText(name: "stdlib/\(request.name).lis", text: text), isLibrary: true))
  }

  private func file(_ request: ModuleRequest) -> Result<FoundModule, ModuleProblem> {
    func failed(_ reason: String, _ hint: String? = nil) -> Result<FoundModule, ModuleProblem> {
      .failure(.unreadable(request.name, reason: reason, hint: hint))
    }
    let path: String
    do { path = try files.module(request.name, from: request.from) } catch {
      let isLibrary = library.names.contains(request.name)
      return failed(
        error.message, isLibrary ? "the library module is written without quotes: `use \(request.name)`" : error.hint)
    }
    do {
      guard try RegularFile.size(path) <= ModuleFinder.sizeLimit else {
        return failed("it is larger than \(ModuleFinder.sizeLimit >> 20) MiB")
      }
      let chunks = try FileChunks(path)
      var bytes: [UInt8] = []
      while let chunk = try chunks.next() { bytes += chunk }
      guard let text = String(validating: bytes, as: UTF8.self) else { return failed("it is not UTF-8") }
      return .success(FoundModule(identity: path, source: SourceText(name: shown(path, request), text: text)))
    } catch let problem as FileAccess.Problem {
      return failed(problem.message)
    } catch {
      return failed("\(error)")
    }
  }

  /// As the program names it, or below the module that names it.
  private func shown(_ path: String, _ request: ModuleRequest) -> String {
    for folder in [files.workingFolder, files.scriptFolder].compactMap({ $0 }) where path.hasPrefix(folder + "/") {
      return String(path.dropFirst(folder.utf8.count + 1))
    }
    return request.name
  }
}

/// What a file is, before it is opened: a pipe would wait for whoever writes to it.
enum RegularFile {
  /// - Returns: the size in bytes.
  static func size(_ path: String) throws(FileAccess.Problem) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .failed(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .failed(path: path, reason: status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is no regular file")
    }
    return status.st_size
  }
}
