import LisCore
import LisSchema

/// One row given to a write verb.
struct WriteRequest {
  var description: WriteDescription
  var number: Int
  var object: String
  var row: Value
  var record: Value
  var target: Value
}

/// The writes of one statement while its input is being read. Rows become plain Swift values at once, so nothing of the
/// heap has to be kept alive.
final class WriteCollection {
  /// Statements inside this one.
  var nesting = 0
  /// `at most`, by the number of the verb's description.
  var limits: [Int: Int] = [:]
  private(set) var rows: [InputRow] = []
  private(set) var problems: [RowProblem] = []
  private(set) var problemCount = 0
  private var counts: [Int: Int] = [:]
  private(set) var continuesOnError = false

  static let standardLimit = 1_000
  static let shownProblems = 20

  func add(_ request: WriteRequest, schema: ObjectSchema, machine: Machine) throws {
    let place = WriteCollection.place(request, machine)
    let count = counts[request.number, default: 0] + 1
    counts[request.number] = count
    if request.description.continuesOnError { continuesOnError = true }
    let limit = limits[request.number]
    if count > limit ?? WriteCollection.standardLimit {
      throw EngineError.tooMany(
        verb: request.description.verb, found: count, limit: limit ?? WriteCollection.standardLimit,
        isDefault: limit == nil, place: request.description.place)
    }
    var input = InputRow(
      number: rows.count + 1, verb: request.description.verb, object: request.object, place: place,
      statement: request.number)
    if request.description.verb != .create { input.id = try identifier(request, place, machine) }
    if request.description.verb == .create, !request.target.isNothing || request.description.target != nil {
      input.target = try target(request, place, machine)
    }
    readSnapshot(request, &input, schema, machine)
    readRecord(request, &input, schema, machine)
    rows.append(input)
  }

  /// The id as text; a number from a file would do, if it is whole.
  private func identifier(_ request: WriteRequest, _ place: RowPlace, _ machine: Machine) throws -> String {
    let id = machine.field(request.row, "id") ?? .null
    let text = id.string ?? id.int.map { String($0) }
    guard let text, !text.isEmpty else { throw EngineError.missingID(place) }
    return text
  }

  private func target(_ request: WriteRequest, _ place: RowPlace, _ machine: Machine) throws -> AssociationTarget? {
    guard let object = request.description.target else { return nil }
    let text = request.target.string ?? request.target.int.map { String($0) }
    guard let text, !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
      throw EngineError.badRows(
        [
          RowProblem(
            place: place, id: nil, property: "to \(ObjectNames.singular(object))",
            reason: .notCanonical(expected: "id (digits)", text: machine.text(of: request.target)))
        ], total: 1)
    }
    return AssociationTarget(object: object, id: text)
  }

  /// A row that was read from the portal brings the values the plan rests on.
  private func readSnapshot(
    _ request: WriteRequest, _ input: inout InputRow, _ schema: ObjectSchema, _ machine: Machine
  ) {
    guard machine.portalSource(of: request.row) != nil else { return }
    for (name, value) in machine.fields(request.row) {
      guard schema.properties[name] != nil else { continue }
      input.snapshot[name] = Snapshot(key: machine.key(of: value), shown: machine.text(of: value))
    }
  }

  private func readRecord(
    _ request: WriteRequest, _ input: inout InputRow, _ schema: ObjectSchema, _ machine: Machine
  ) {
    guard request.description.verb != .archive else { return }
    let wire = WireText(machine: machine, schema: schema)
    let reader = PropertyReader(machine: machine)
    for (name, value) in machine.fields(request.record) {
      do {
        let text = try wire.text(value, for: name)
        // Compared and shown as it will read back, not as it was written.
        let typed = reader.value(machine.makeText(text), schema.properties[name])
        input.properties.append(
          PropertyChange(
            name: name, before: nil, beforeShown: nil, after: text, afterKey: machine.key(of: typed),
            afterShown: text.isEmpty ? "null" : machine.text(of: typed)))
      } catch {
        note(RowProblem(place: input.place, id: input.id, property: name, reason: error), &input)
      }
    }
    if request.description.verb != .archive, input.writes("discount"), input.writes("hs_discount_percentage") {
      note(RowProblem(place: input.place, id: input.id, property: "discount", reason: .conflictingDiscounts), &input)
    }
  }

  private func note(_ problem: RowProblem, _ input: inout InputRow) {
    problemCount += 1
    if problems.count < WriteCollection.shownProblems { problems.append(problem) }
    if input.problem == nil { input.problem = problem }
  }

  private static func place(_ request: WriteRequest, _ machine: Machine) -> RowPlace {
    let origin = machine.source(of: request.row)
    return RowPlace(file: origin?.file, line: origin?.line, statement: request.description.place)
  }
}

/// One row of input to a change set.
struct InputRow {
  var number: Int
  var verb: WriteVerb
  var object: String
  var id: String?
  var target: AssociationTarget?
  var properties: [PropertyChange] = []
  /// Values of the row as it was read, by property.
  var snapshot: [String: Snapshot] = [:]
  var place: RowPlace
  /// Number of the verb's description.
  var statement: Int
  var problem: RowProblem?

  init(number: Int, verb: WriteVerb, object: String, place: RowPlace, statement: Int) {
    self.number = number
    self.verb = verb
    self.object = object
    self.place = place
    self.statement = statement
  }

  func writes(_ property: String) -> Bool { properties.contains { $0.name == property && !$0.after.isEmpty } }
}

/// A value as it was when the row was read: a key that is equal for equal values, and how it reads.
struct Snapshot: Sendable, Hashable {
  var key: String
  var shown: String
}

public struct AssociationTarget: Sendable, Hashable {
  public var object: String
  public var id: String
}
