import Glibc
import LisFormats
import LisRuntime
import LisSyntax

/// Results as the XML that build servers read: a suite for each file, a case for each test.
enum JUnitReport {
  static func write(_ results: [TestSuiteRun.FileResult], to path: String) throws(CommandProblem) {
    let bytes = Array(text(results).utf8)
    guard let file = fopen(path, "w") else {
      throw .reportNotWritten(path: path, reason: String(cString: strerror(errno)))
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    let isClosed = fclose(file) == 0
    guard written == bytes.count, isClosed else {
      throw .reportNotWritten(path: path, reason: String(cString: strerror(errno)))
    }
  }

  static func text(_ results: [TestSuiteRun.FileResult]) -> String {
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites>"]
    for file in results {
      switch file.result {
      case .ran(let tests):
        if !tests.isEmpty { lines += suite(file.path, tests) }
      case .unusable(let diagnostics, _): lines += suite(file.path, error: diagnostics)
      }
    }
    return (lines + ["</testsuites>"]).joined(separator: "\n") + "\n"
  }

  private static func suite(_ path: String, _ tests: [TestResult]) -> [String] {
    let failures = tests.count { !$0.hasPassed }
    let time = seconds(tests.reduce(0) { $0 + $1.milliseconds })
    var lines = [
      "  <testsuite name=\"\(escaped(path))\" tests=\"\(tests.count)\" failures=\"\(failures)\" errors=\"0\" time=\"\(time)\">"
    ]
    for test in tests {
      let start =
        "    <testcase classname=\"\(escaped(path))\" name=\"\(escaped(test.title))\" line=\"\(test.line)\" "
        + "time=\"\(seconds(test.milliseconds))\""
      guard case .failed(let diagnostic) = test.verdict else {
        lines.append(start + "/>")
        continue
      }
      lines.append(start + ">")
      lines.append("      \(problem("failure", [diagnostic]))")
      lines.append("    </testcase>")
    }
    return lines + ["  </testsuite>"]
  }

  private static func suite(_ path: String, error diagnostics: [Diagnostic]) -> [String] {
    [
      "  <testsuite name=\"\(escaped(path))\" tests=\"1\" failures=\"0\" errors=\"1\" time=\"0\">",
      "    <testcase classname=\"\(escaped(path))\" name=\"the file\" time=\"0\">",
      "      \(problem("error", diagnostics))", "    </testcase>", "  </testsuite>",
    ]
  }

  private static func problem(_ element: String, _ diagnostics: [Diagnostic]) -> String {
    let message = diagnostics.first?.message ?? ""
    let type = diagnostics.first?.code ?? ""
    return "<\(element) message=\"\(escaped(message))\" type=\"\(type)\">"
      + "\(escaped(render(diagnostics, color: false)))</\(element)>"
  }

  private static func seconds(_ milliseconds: Int) -> String {
    let rest = String(milliseconds % 1000)
    return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }

  /// XML 1.0 has no way to write most control characters, so they are shown as the terminal shows them.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\t": result += "&#9;"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE:
        result += String(scalar).escapedForDisplay
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
