import LisCompiler
import LisCore

/// Why the parameters of a script cannot be set.
struct ParameterProblem: Error {
  var message: String
}

/// Turns the texts of a command line into values, by the declared types of the parameters.
struct ParameterReader {
  let machine: Machine

  /// One value for each parameter; nil takes the default.
  func values(_ parameters: [UnitParameter], _ given: [String: String]) throws(ParameterProblem) -> [Value?] {
    for name in given.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
      throw ParameterProblem(message: "the script has no parameter `\(name)`\(known(parameters))")
    }
    var values: [Value?] = []
    for parameter in parameters {
      if let text = given[parameter.name] {
        values.append(try value(text, parameter))
      } else {
        guard parameter.fallback != nil else {
          throw ParameterProblem(message: "the script needs \(parameter.flag) \(parameter.type.name.uppercased())")
        }
        values.append(nil)
      }
    }
    return values
  }

  private func known(_ parameters: [UnitParameter]) -> String {
    parameters.isEmpty ? "" : "; it has \(parameters.map(\.flag).joined(separator: ", "))"
  }

  private func value(_ text: String, _ parameter: UnitParameter) throws(ParameterProblem) -> Value {
    guard let value = read(text, parameter.type) else {
      let accepted = parameter.type.accepted(parameter.flag).map { ": it takes \($0)" } ?? ""
      throw ParameterProblem(
        message: "\(parameter.flag) must be a \(parameter.type.name), and `\(text)` is none\(accepted)")
    }
    return value
  }

  private func read(_ text: String, _ type: StaticType) -> Value? {
    switch type {
    case .number: (try? Decimal(parsing: text)).map { machine.makeNumber($0) }
    case .bool: text == "true" ? Value(true) : text == "false" ? Value(false) : nil
    case .date: (try? CivilDate(parsing: text)).map { machine.makeDate($0) }
    case .datetime: (try? Instant(parsing: text)).map { machine.makeDatetime($0) }
    case .duration: (try? CalendarDuration(parsing: text)).map { machine.makeDuration($0) }
    case .range: range(text)
    case .null, .function, .row, .stream, .list, .record, .report, .plan, .error: nil
    case .string, .option, .unknown: machine.makeText(text)
    }
  }

  /// `2026-10-01..2026-12-31`, with or without `@`, or numbers.
  private func range(_ text: String) -> Value? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let gap = parts.indices.dropLast().first(where: { parts[$0].isEmpty }) else { return nil }
    let ends = [parts[..<gap].joined(separator: "."), parts[(gap + 1)...].joined(separator: ".")].map { end in
      end.hasPrefix("@") ? String(end.dropFirst()) : end
    }
    for type in [StaticType.date, .datetime, .number] {
      if let lower = read(ends[0], type), let upper = read(ends[1], type) { return machine.makeRange(lower, upper) }
    }
    return nil
  }
}

extension StaticType {
  /// Values of the type as a command line has them.
  fileprivate func accepted(_ flag: String) -> String? {
    switch self {
    case .number: "a number such as 5 or 2.50"
    case .bool: "true or false, as in \(flag)=false; \(flag) alone means true, and --no-\(flag.dropFirst(2)) false"
    case .date: "a day such as 2026-01-31"
    case .datetime: "a time such as 2026-01-31T10:00:00Z"
    case .duration: "a duration such as 30d or 12mo"
    case .range: "a range such as 2026-01-01..2026-03-31 or 1..10"
    default: nil
    }
  }
}
