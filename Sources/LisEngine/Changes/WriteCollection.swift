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
  /// What is collected becomes a value and is not carried out.
  let isPlan: Bool

  init(isPlan: Bool = false) { self.isPlan = isPlan }

  /// What had been collected when each statement inside this one began, innermost last.
  private var marks: [Mark] = []
  /// `at most`, by the number of the verb's description.
  var limits: [Int: Int] = [:]
  private(set) var rows: [InputRow] = []
  private(set) var problems: [RowProblem] = []
  private(set) var problemCount = 0
  private var counts: [Int: Int] = [:]
  private(set) var continuesOnError = false

  private struct Mark {
    var rows: Int
    var problems: Int
    var problemCount: Int
    var counts: [Int: Int]
  }

  /// Statements inside this one that are being carried out.
  var nesting: Int { marks.count }

  func beginInner() {
    marks.append(Mark(rows: rows.count, problems: problems.count, problemCount: problemCount, counts: counts))
  }

  func endInner() { _ = marks.popLast() }

  /// Statements that a fault broke off never happen: what they had collected goes.
  func breakOff(to nesting: Int) {
    while marks.count > max(nesting, 0), let mark = marks.popLast() {
      rows.removeSubrange(mark.rows...)
      problems.removeSubrange(mark.problems...)
      problemCount = mark.problemCount
      counts = mark.counts
    }
  }

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
      statement: request.number, continuesOnError: request.description.continuesOnError)
    switch request.description.verb {
    case .create, .upsert: readTarget(request, &input, machine)
    case .update, .archive: try readID(request, &input, machine)
    case .associate:
      try readID(request, &input, machine)
      readTarget(request, &input, machine)
    }
    // What an upsert will find is another record than the one its row may have been read from.
    if input.verb != .upsert { readSnapshot(request, &input, schema, machine) }
    readRecord(request, &input, schema, machine)
    readKey(request, &input, schema, machine)
    rows.append(input)
  }

  /// The id as text; a number from a file would do, if it is whole.
  private func readID(_ request: WriteRequest, _ input: inout InputRow, _ machine: Machine) throws {
    let value = machine.field(request.row, "id") ?? .null
    let text = value.string ?? value.int.map { String($0) }
    if text ?? "" == "", value.isNothing || value.string != nil, !input.continuesOnError {
      throw EngineError.missingID(input.place)
    }
    input.id = text
    // A row whose id is not one would spoil the batch it is in.
    guard let text, RecordID.isValid(text) else {
      let problem = WireProblem.notCanonical(expected: "id (digits)", text: text ?? machine.text(of: value))
      return note(RowProblem(place: input.place, id: text, property: "id", reason: problem), &input)
    }
  }

  private func readTarget(_ request: WriteRequest, _ input: inout InputRow, _ machine: Machine) {
    guard let object = request.description.target else { return }
    let text = request.target.string ?? request.target.int.map { String($0) }
    guard let text, RecordID.isValid(text) else {
      let problem = WireProblem.notCanonical(expected: "id (digits)", text: machine.text(of: request.target))
      return note(
        RowProblem(
          place: input.place, id: nil, property: "to \(ObjectNames.singular(object))", reason: problem), &input)
    }
    input.target = AssociationTarget(object: object, id: text)
  }

  /// A row that was read from the portal brings the values the plan rests on.
  private func readSnapshot(
    _ request: WriteRequest, _ input: inout InputRow, _ schema: ObjectSchema, _ machine: Machine
  ) {
    guard machine.isAsRead(request.row) else { return }
    for (name, value) in machine.fields(request.row) {
      guard schema.properties[name] != nil else { continue }
      input.snapshot[name] = Snapshot(value, machine)
    }
  }

  private func readRecord(
    _ request: WriteRequest, _ input: inout InputRow, _ schema: ObjectSchema, _ machine: Machine
  ) {
    guard ![.archive, .associate].contains(request.description.verb) else { return }
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
    if input.writes("discount"), input.writes("hs_discount_percentage") {
      note(RowProblem(place: input.place, id: input.id, property: "discount", reason: .conflictingDiscounts), &input)
    }
  }

  /// The key as it is sent. Whether HubSpot passes over spaces when it compares keys is not established, so one that has
  /// them at its ends is refused instead of being sent.
  private func readKey(
    _ request: WriteRequest, _ input: inout InputRow, _ schema: ObjectSchema, _ machine: Machine
  ) {
    guard let name = request.description.key, input.problem == nil else { return }
    guard let change = input.properties.first(where: { $0.name == name }), !change.after.isEmpty else {
      return note(RowProblem(place: input.place, id: nil, property: name, reason: .missingKey), &input)
    }
    if change.after.first?.isWhitespace == true || change.after.last?.isWhitespace == true {
      return note(RowProblem(place: input.place, id: nil, property: name, reason: .spacedKey(change.after)), &input)
    }
    input.key = UpsertKey(
      property: name, text: change.after, isUnique: schema.properties[name]?.hasUniqueValue ?? false)
  }

  private func note(_ problem: RowProblem, _ input: inout InputRow) {
    if input.problem == nil { input.problem = problem }
    // Rows of a verb that goes on are left out and reported; any other row stops the statement.
    if input.continuesOnError { return }
    problemCount += 1
    if problems.count < WriteCollection.shownProblems { problems.append(problem) }
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
  /// By what an upsert finds its record.
  var key: UpsertKey?
  var properties: [PropertyChange] = []
  /// Values of the row as it was read, by property.
  var snapshot: [String: Snapshot] = [:]
  var place: RowPlace
  /// Number of the verb's description.
  var statement: Int
  var continuesOnError: Bool
  var problem: RowProblem?

  init(
    number: Int, verb: WriteVerb, object: String, place: RowPlace, statement: Int, continuesOnError: Bool
  ) {
    self.number = number
    self.verb = verb
    self.object = object
    self.place = place
    self.statement = statement
    self.continuesOnError = continuesOnError
  }

  func writes(_ property: String) -> Bool { properties.contains { $0.name == property && !$0.after.isEmpty } }
}

/// A value as it was when the row was read: a key that is equal for equal values, and how it reads.
struct Snapshot: Sendable, Hashable {
  var key: String
  var shown: String

  init(_ value: Value, _ machine: Machine) {
    shown = machine.text(of: value)
    // In the language an invalid value equals only itself; the record still has the same text.
    key = value.type == .invalid ? "invalid:" + shown : machine.key(of: value)
  }
}

/// What tells an `upsert` which record a row means.
public struct UpsertKey: Sendable, Hashable {
  public var property: String
  /// The value as it is sent.
  public var text: String
  /// HubSpot lets no two records have the same value, so that making one a second time cannot succeed.
  public var isUnique: Bool
}

public struct AssociationTarget: Sendable, Hashable {
  public var object: String
  public var id: String
}
