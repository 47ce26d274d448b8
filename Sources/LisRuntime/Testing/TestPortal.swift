import LisCompiler
import LisCore

public typealias GivenProperty = LisCompiler.GivenProperty

/// A portal that tests may fill and empty. It is talked to as any other portal; this is what only tests can do to it.
public protocol TestPortal: AnyObject {
  /// A connection to it; the same for all tests.
  func connect() throws -> PortalConnection
  /// Whether somebody said which properties records of this type have, so that no others are added.
  func isDescribed(_ object: String) -> Bool
  /// Adds a property that real portals may have and this one does not; nothing happens when it is there.
  func define(_ property: GivenProperty) throws
  func fill(_ records: [TestRecord]) throws
  /// Removes all records.
  func clear() throws
}

/// A record that `given` names.
public struct TestRecord: Sendable {
  /// Plural object name.
  public var object: String
  /// nil takes any.
  public var id: String?
  /// Texts on the wire.
  public var properties: [String: String]
  /// Records it is associated with, by plural name and id.
  public var links: [(object: String, id: String)]
}

/// What the portal of a test says to records it will not take.
public struct TestPortalRefusal: Error {
  public var reason: String

  public init(reason: String) { self.reason = reason }
}

/// Why a test cannot go on, or what it was to find and did not.
enum TestProblem: Error {
  /// `record`, `requests` or `given` in a program that is no test.
  case outsideTest(String)
  case badRecord(String)
  case refused(String)
  case failed(Expectation)
}

extension TestProblem: EndingError {
  /// A test that failed is not saved by its own `try`.
  var endsRun: Bool { if case .failed = self { true } else { false } }
}

/// An `expect` that does not hold.
struct Expectation: Sendable {
  /// Columns of each side that are shown.
  static let shownWidth = 2_000

  /// What its condition was: `false`, `null`, or a value that is no bool.
  var verdict: String
  /// Both sides of a comparison, as they read.
  var sides: (left: String, right: String)?
}

extension TestProblem {
  var message: String {
    switch self {
    case .outsideTest(let name): "`\(name)` works on the portal of a test, and this is none"
    case .badRecord(let reason): "these records cannot be given: \(reason)"
    case .refused(let reason): "the portal of the tests refuses the records: \(reason)"
    case .failed(let expectation):
      switch expectation.verdict {
      case "false": "the expectation does not hold"
      case "null": "the expectation is null: something in it is missing"
      default: "an expectation must be true or false, and this is \(expectation.verdict)"
      }
    }
  }

  var hint: String? {
    switch self {
    case .outsideTest: "`lis test` runs the tests of a file"
    case .badRecord: "a list of line items, or a record of lists by object type: `{ deals: […], line_items: […] }`"
    case .refused: nil
    case .failed(let expectation): expectation.sides.map { "left is \($0.left)\nright is \($0.right)" }
    }
  }

  var code: String {
    switch self {
    case .outsideTest: "LIS0420"
    case .badRecord, .refused: "LIS0421"
    case .failed: "LIS0422"
    }
  }
}
