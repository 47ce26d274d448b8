import LisSyntax

extension Checker {
  /// What a builtin gives, as far as its arguments say it; otherwise what the table says.
  func resultType(
    _ builtin: Builtin, _ plan: CallPlan?, _ types: [Int: StaticType], _ input: StaticType?
  ) -> StaticType {
    func given(_ slot: Int) -> StaticType? { plan?.argument(slot).flatMap { types[$0] } }
    let rows = input ?? given(0) ?? .unknown
    switch builtin.implementation {
    case .first: return rows.element
    case .trace: return input.map { .stream($0.element) } ?? rows
    case .list: return .list(rows.element)
    case .stage(let kind):
      guard kind == .map else { return .stream(rows.element) }
      let mapped = given(1) ?? .unknown
      return .stream(mapped == .function ? .unknown : mapped.asDatum)
    default: break
    }
    switch builtin.name {
    case "last", "one": return rows.element
    // It gives nothing, so what stands beside it decides.
    case "fail_with": return .null
    case "reverse": return .list(rows.element)
    case "min", "max":
      let value = given(1) ?? rows.element
      return value == .function ? .unknown : value
    default: return builtin.result
    }
  }

  /// Stages and functions of rows take a list, a stream, a range or one record.
  mutating func checkRows(_ found: StaticType, _ function: String, _ span: Span) {
    switch found {
    case .bool, .number, .string, .option, .date, .datetime, .duration:
      report(.needsRows(function: function, found: found.name), span)
    default: break
    }
  }

  // MARK: Members

  /// A member of a value whose members are known.
  mutating func member(_ name: Name, of base: StaticType, _ span: Span) -> StaticType {
    guard let members = base.members else { return .unknown }
    if let found = members[name.text] { return found }
    report(
      .unknownMember(
        name.text, of: base.name, suggestion: Spelling.suggestion(for: name.text, among: members.keys.sorted()),
        known: members.keys.sorted()), span)
    return .unknown
  }

  /// A record that was written down in the program has no other fields than those.
  mutating func noteMissing(_ name: Name, among fields: [String: StaticType], _ span: Span) {
    // Rows from files keep their place through `select`.
    guard !fields.isEmpty, name.text != "source" else { return }
    note(
      .missingMember(name.text, suggestion: Spelling.suggestion(for: name.text, among: fields.keys.sorted())), span)
  }

  mutating func checkIndex(_ index: StaticType, of base: StaticType, _ span: Span) {
    guard case .list = base else { return }
    switch index {
    case .unknown, .null, .number: break
    default: report(.wrongIndex(index.name), span)
    }
  }
}

extension StaticType {
  /// The members of the values that lis itself makes.
  var members: [String: StaticType]? {
    switch self {
    case .report:
      let failures = StaticType.list(
        .record([
          "source": .record(["file": .string, "line": .number]), "id": .string, "reason": .string, "category": .string,
          "correlation_id": .string,
        ]))
      return [
        "planned": .number, "applied": .number, "unchanged": .number, "failed": failures, "skipped": failures,
        "unknown": failures, "not_sent": .number, "created": .list(.string), "requests": .number, "journal": .string,
      ]
    case .plan: return StaticType.planMembers
    case .error: return ["message": .string, "hint": .string, "code": .string]
    default: return nil
    }
  }
}
