import FoundationEssentials
import Testing

@testable import LisSyntax

/// Rendered diagnostics compared with files. `LIS_UPDATE_GOLDENS=1 swift test --filter GoldenTests` writes them anew;
/// read what has changed before committing it.
@Suite("Diagnostics as they are shown")
struct GoldenTests {
  static let names = ((try? files("", ".lis")) ?? []).map { String($0.dropLast(4)) }

  @Test func thereAreSome() { #expect(Self.names.count > 20) }

  @Test(arguments: names)
  func rendersAsExpected(_ name: String) throws {
    let text = try read("\(goldens)/\(name).lis")
    let result = parse(SourceText(name: name + ".lis", text: text))
    let rendered = render(result.diagnostics) + "\n"
    let path = "\(goldens)/\(name).expected"
    if ProcessInfo.processInfo.environment["LIS_UPDATE_GOLDENS"] == "1" {
      try rendered.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(rendered == (try? read(path)))
  }
}
