import Glibc

/// embed-tool: paths of files in the language enter, and one Swift file with their texts leaves. It runs while the
/// package is built: `embed-tool OUTPUT MODULE.lis…`.
///
/// A text in the program itself needs no folder beside the binary, which is what a static build is for.
@main struct EmbedTool {
  static func main() {
    do throws(EmbedProblem) {
      try embed(Array(CommandLine.arguments.dropFirst()))
    } catch {
      let line = Array("embed-tool: \(error.message)\n".utf8)
      _ = Glibc.write(STDERR_FILENO, line, line.count)
      exit(1)
    }
  }

  private static func embed(_ paths: [String]) throws(EmbedProblem) {
    guard let output = paths.first else { throw .noOutput }
    var swift = "/// Made by embed-tool from the modules of the standard library.\nenum EmbeddedModules {\n"
    swift += "  static let texts: [(name: String, text: String)] = [\n"
    for path in paths.dropFirst().sorted() {
      let name = moduleName(path)
      // Tests stand beside the modules and are no modules.
      if name.hasSuffix("_test") { continue }
      guard name.utf8.allSatisfy({ $0 == 95 || (48...57).contains($0) || (97...122).contains($0) }) else {
        throw .badName(path)
      }
      swift += "    (\"\(name)\", \(literal(try text(path)))),\n"
    }
    swift += "  ]\n}\n"
    try write(swift, to: output)
  }

  private static func moduleName(_ path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.dropLast(".lis".count))
  }

  /// A raw literal with one `#` more than any run of them in the text, so that nothing in it can end or enter it.
  private static func literal(_ text: String) -> String {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "#") ? run + 1 : 0
      longest = max(longest, run)
    }
    let marks = String(repeating: "#", count: longest + 1)
    return "\(marks)\"\"\"\n\(text)\n\"\"\"\(marks)"
  }

  private static func text(_ path: String) throws(EmbedProblem) -> String {
    guard let file = fopen(path, "r") else { throw .cannotRead(path, errno) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      bytes += chunk[..<count]
      if count == 0 { break }
    }
    if ferror(file) != 0 { throw .cannotRead(path, errno) }
    // The literal would not keep a carriage return, and the compiler refuses a NUL.
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0), !bytes.contains(0x0d) else {
      throw .notText(path)
    }
    return text
  }

  private static func write(_ text: String, to path: String) throws(EmbedProblem) {
    guard let file = fopen(path, "w") else { throw .cannotWrite(path, errno) }
    let written = fputs(text, file)
    if fclose(file) != 0 || written < 0 { throw .cannotWrite(path, errno) }
  }
}

/// Why the modules cannot be embedded; the build stops.
enum EmbedProblem: Error {
  case noOutput
  case badName(String)
  case notText(String)
  case cannotRead(String, Int32)
  case cannotWrite(String, Int32)

  var message: String {
    switch self {
    case .noOutput: "usage: embed-tool OUTPUT MODULE.lis…"
    case .badName(let path): "\(path): a module is named with small letters, digits and `_`, as `use` writes it"
    case .notText(let path): "\(path): the text must be UTF-8 without NUL and with plain line feeds"
    case .cannotRead(let path, let code): "\(path) cannot be read: \(String(cString: strerror(code)))"
    case .cannotWrite(let path, let code): "\(path) cannot be written: \(String(cString: strerror(code)))"
    }
  }
}
