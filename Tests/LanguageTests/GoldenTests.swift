import FoundationEssentials
import Glibc
import LisSchema
import LisSyntax
import Testing

@testable import LisRuntime

/// Diagnostics as people see them, against a schema that is always the same. `LIS_UPDATE_GOLDENS=1` writes what is
/// printed over what was expected, to be read before it is kept.
@Suite struct GoldenTests {
  static let folder = languageTests + "/Goldens"

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".lis") }.sorted()

  @Test(arguments: names) func rendered(_ name: String) async throws {
    let text = try readText(GoldenTests.folder + "/" + name)
    let path = GoldenTests.folder + "/" + String(name.dropLast(4)) + ".expected"
    let options = LanguageProgram(name: name, text: text).options
    let printed = try await onThread {
      let console = CapturedConsole()
      var settings = options
      settings.schemas = try FixedSchema.folder()
      settings.folder = GoldenTests.folder
      let session = makeSession(console, settings, { throw UnexpectedConnection() })
      if name.hasPrefix("fault_") {
        _ = session.run(SourceText(name: name, text: text), arguments: settings.arguments)
      } else {
        _ = session.check(SourceText(name: name, text: text))
      }
      return console.notes.joined(separator: "\n") + "\n"
    }
    if getenv("LIS_UPDATE_GOLDENS") != nil { try printed.write(toFile: path, atomically: true, encoding: .utf8) }
    #expect(printed == (try? readText(path)), "\(name)")
  }

  @Test func theGoldensAreThere() { #expect(GoldenTests.names.count >= 30) }
}

/// Line items with one property of each kind.
enum FixedSchema {
  static let lineItems = ObjectSchema(
    object: "line_items",
    properties: [
      PropertySchema(name: "name", label: "Name", type: .string),
      PropertySchema(name: "hs_sku", label: "SKU", type: .string),
      PropertySchema(name: "price", label: "Price", type: .number, isMoney: true),
      PropertySchema(name: "quantity", label: "Quantity", type: .number),
      PropertySchema(name: "amount", label: "Amount", type: .number, isCalculated: true),
      PropertySchema(name: "hs_lastmodifieddate", label: "Modified", type: .datetime, isReadOnly: true),
      PropertySchema(name: "createdate", label: "Created", type: .datetime, isReadOnly: true),
      PropertySchema(name: "hs_recurring_billing_start_date", label: "Start", type: .date),
      PropertySchema(name: "hs_recurring_billing_period", label: "Term", type: .string),
      PropertySchema(name: "taxable", label: "Taxable", type: .bool),
      PropertySchema(
        name: "recurringbillingfrequency", label: "Frequency", type: .enumeration,
        options: ["monthly", "quarterly", "annually"].map { PropertyOption(value: $0, label: $0) }),
    ], readAt: FixedClock().now - 5 * 60_000)

  static func folder() throws -> String {
    let folder = try freshFolder()
    SchemaCache(folder: folder).store(lineItems)
    return folder
  }
}
