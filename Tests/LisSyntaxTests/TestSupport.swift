import FoundationEssentials

@testable import LisSyntax

/// The folder of the sources and expectations these tests read.
let goldens =
  String(#filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))
  + "/Goldens"

func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// The files of a folder below `Goldens` that end in `suffix`, in the order of their names.
func files(_ folder: String, _ suffix: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: goldens + folder).filter { $0.hasSuffix(suffix) }.sorted()
}

func source(_ text: String) -> SourceText { SourceText(name: "test.lis", text: text) }

func parsed(_ text: String) -> ParseResult { parse(source(text)) }

/// The tree as text; diagnostics instead when there are any.
func tree(_ text: String) -> String {
  let result = parsed(text)
  if result.hasErrors {
    return "errors: " + result.diagnostics.map { "\($0.code) \($0.message)" }.joined(separator: "; ")
  }
  return dump(result.program)
}

/// Codes with the line and column of their place: `LIS0007@1:5`.
func complaints(_ text: String) -> [String] {
  parsed(text).diagnostics.map { diagnostic in
    guard let label = diagnostic.primaryLabel else { return diagnostic.code }
    let position = label.source.position(of: label.span.lower)
    return "\(diagnostic.code)@\(position.line):\(position.column)"
  }
}
