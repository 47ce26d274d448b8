import HubSpot
import LisCompiler
import LisCore
import LisEngine
import LisFormats
import LisSyntax

/// Faults of a running program in words, with their place.
struct FaultDescriber {
  let compiler: Compiler

  func words(_ fault: Fault) -> FaultWords {
    switch fault.kind {
    case .host(let error): return hostWords(error)
    default: return FaultWords(message: message(fault.kind), hint: hint(fault.kind), code: code(fault.kind))
    }
  }

  /// The diagnostic at the innermost place that has a source text, with the calls that led there.
  func diagnostic(_ fault: Fault) -> Diagnostic {
    let words = words(fault)
    var labels: [Diagnostic.Label] = []
    var calls: [Call] = []
    for entry in fault.trace {
      guard entry.source >= 0, entry.source < compiler.sources.count else { continue }
      let source = compiler.sources[entry.source]
      if labels.isEmpty {
        labels.append(
          Diagnostic.Label(span: Span(entry.lower, entry.upper), text: "", isPrimary: true, source: source))
      } else if entry.function != "rows", entry.function != "row expression" {
        let call = Call(place: "\(source.name):\(source.position(of: entry.lower).line)")
        if calls.last?.place == call.place { calls[calls.count - 1].count += 1 } else { calls.append(call) }
      }
      // Those between belong to the same loop of calls nearly always.
      if entry.callsLeftOut > 0 { calls.append(Call(place: nil, count: entry.callsLeftOut)) }
    }
    var hints = words.hint.map { [$0] } ?? []
    if let row = fault.trace.lazy.compactMap(\.row).first { hints.append("at the row \(FaultDescriber.name(row))") }
    hints += FaultDescriber.calls(calls)
    return Diagnostic(severity: .error, code: words.code, message: words.message, labels: labels, hints: hints)
  }

  /// Calls from one place that follow each other; without a place, those that are not listed.
  private struct Call {
    var place: String?
    var count = 1
  }

  private static func calls(_ calls: [Call]) -> [String] {
    // The innermost tell what happened, the outermost how it began.
    let shown = 3
    var listed = calls
    if calls.count > 2 * shown + 1 {
      let between = calls[shown..<(calls.count - shown)].reduce(0) { $0 + $1.count }
      listed = calls.prefix(shown) + [Call(place: nil, count: between)] + calls.suffix(shown)
    }
    return listed.map { call in
      let times = call.count > 1 ? ", \(Counts.grouped(call.count)) times" : ""
      return call.place.map { "called at \($0)\(times)" }
        ?? "… \(Counts.grouped(call.count)) more call\(call.count == 1 ? "" : "s")"
    }
  }

  private static func tooLarge(_ what: String, _ limit: Int) -> String {
    switch what {
    case "list": "a list would have more than \(Counts.grouped(limit)) items"
    case "record": "a record would have more than \(Counts.grouped(limit)) fields"
    case "number of different records": "the program makes more than \(Counts.grouped(limit)) kinds of record"
    case "nesting written as JSON": "a value written as JSON is nested more than \(Counts.grouped(limit)) deep"
    default:
      "a \(what) would be larger than \(limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(Counts.grouped(limit)) bytes")"
    }
  }

  /// `id 8041, fixes.csv:12`
  private static func name(_ row: RowName) -> String {
    let place = row.file.flatMap { file in row.line.map { "\(file):\($0)" } }
    return [row.id.map { "id \($0)" }, place].compactMap(\.self).joined(separator: ", ").escapedForDisplay
  }

  private func hostWords(_ error: any Error) -> FaultWords {
    switch error {
    case let error as EngineError: FaultWords(message: error.message, hint: error.hint, code: error.code)
    case let problem as JournalProblem: hostWords(EngineError.journal(problem))
    case HubSpotError.cancelled(maybeSent: false): FaultWords(message: "interrupted", hint: nil, code: "LIS0413")
    case HubSpotError.cancelled(maybeSent: true):
      FaultWords(message: "interrupted while reading; this statement wrote nothing", hint: nil, code: "LIS0413")
    case let error as HubSpotError: FaultWords(message: "\(error)", hint: portalHint(error), code: "LIS0340")
    case let error as FileAccess.Problem: FaultWords(message: error.message, hint: error.hint, code: "LIS0350")
    case let error as FileFault: FaultWords(message: error.message, hint: error.hint, code: "LIS0351")
    case let error as TestProblem: FaultWords(message: error.message, hint: error.hint, code: error.code)
    case let error as SessionProblem: FaultWords(message: error.message, hint: error.hint, code: error.code)
    default: FaultWords(message: "\(error)", hint: nil, code: "LIS0399")
    }
  }

  private func portalHint(_ error: HubSpotError) -> String? {
    if case .credential(let problem) = error {
      return switch problem {
      case .authorizationEnded: "sign in again; what this run has done is in the journal"
      case .misconfigured: "compare the client id, the client secret and the redirect address with those of the app"
      case .unavailable: "try again later; nothing was sent with the old token"
      case .store, .cancelled: nil
      }
    }
    guard case .api(let failure) = error else { return nil }
    if failure.rateLimit == .daily {
      return
        "the account's quota of the day is used up, and the next one begins at midnight in the account's time zone; "
        + "what this run has done is in the journal"
    }
    if failure.isScope {
      return "the token lacks a scope; what it needs: \(failure.missingScopes.joined(separator: " or "))"
    }
    if failure.isAuth {
      return
        "`lis auth status` says which token is used (`LIS_TOKEN` without a sign-in); `lis auth login` takes another"
    }
    return nil
  }

  private func code(_ kind: FaultKind) -> String {
    switch kind {
    case .cannot: "LIS0401"
    case .arithmetic: "LIS0402"
    case .time: "LIS0403"
    case .notABool: "LIS0404"
    case .notReadable: "LIS0405"
    case .noField: "LIS0406"
    case .noColumn, .notRead: "LIS0419"
    case .indexOutside, .indexNotWhole: "LIS0407"
    case .notAFunction, .wrongArgumentCount: "LIS0408"
    case .noMatchingArm: "LIS0409"
    case .usedTooEarly: "LIS0410"
    case .tooDeep: "LIS0411"
    case .tooLarge, .tooManyRows: "LIS0412"
    case .interrupted: "LIS0413"
    case .outOfTime: "LIS0417"
    case .outOfMemory: "LIS0418"
    case .raised: "LIS0414"
    case .badArgument, .emptyArgument: "LIS0415"
    case .badPattern: "LIS0416"
    case .host: "LIS0399"
    }
  }

  private func message(_ kind: FaultKind) -> String {
    switch kind {
    case .cannot(let verb, let left, let right):
      right.map { "cannot \(verb) \(left.article) and \($0.article)" } ?? "cannot \(verb) \(left.article)"
    case .arithmetic(let fault): "\(fault)"
    case .time(let fault): "\(fault)"
    case .notABool(.null): "the condition is null: something in it is missing"
    case .notABool(let type): "a condition must be true or false, and this is \(type.article)"
    case .notReadable(.range): "only a range of whole numbers can be read one by one"
    case .notReadable(let type): "rows can be read from a list or a stream, and this is \(type.article)"
    case .noField(let name, let type): "\(type.article) has no field `\(name)`"
    case .noColumn(let name, _, let file, let line):
      "\(file.escapedForDisplay):\(line): the file has no column `\(name.escapedForDisplay)`"
    case .notRead(let property): "the property `\(property.escapedForDisplay)` was not read with this row"
    case .indexOutside(let index, let count): "there is no item \(index) in a list of \(count)"
    case .indexNotWhole(let type, let number): "an index must be a whole number, and this is \(number ?? type.article)"
    case .notAFunction(let type): "\(type.article) cannot be called"
    case .wrongArgumentCount(let given, let least, let most):
      "the function takes \(least == most ? "\(most)" : "\(least) to \(most)") arguments, and \(given) \(given == 1 ? "is" : "are") given"
    case .noMatchingArm(let text): "no arm of this `match` fits \(text.escapedShort)"
    case .usedTooEarly(let name): "\(name.isEmpty ? "a name" : "`\(name)`") is used before it has a value"
    case .tooDeep(let limit): "the program calls itself more than \(limit) times deep"
    case .tooLarge(let what, let limit): FaultDescriber.tooLarge(what, limit)
    case .tooManyRows(let limit): "more than \(limit) rows"
    case .interrupted: "interrupted"
    case .outOfTime(let seconds): "the run took longer than \(seconds.asSeconds)"
    case .outOfMemory(let limit): "the values of the program take more than \(limit >> 20) MiB"
    case .raised(let message): message
    case .badArgument(let function, let parameter, let expected, let found):
      "`\(parameter)` of `\(function)` must be \(expected), and this is \(found.article)"
    case .emptyArgument(let function, let parameter): "`\(parameter)` of `\(function)` must not be empty"
    case .badPattern(let text, let problem): "\(text.escapedShort) is not a pattern: \(problem.words)"
    case .host(let error): "\(error)"
    }
  }

  private func hint(_ kind: FaultKind) -> String? {
    switch kind {
    case .notABool(.null): "compare with null first: `… != null and …`, or give a default: `… ?? 0`"
    case .noField(_, .null): "use `??` to give a default before reading a field"
    case .noColumn(let name, let fields, _, _): FaultDescriber.columnHint(name, fields)
    case .notRead(let property):
      "only properties that the program names are asked for: `prop(\"\(property.escapedForDisplay)\")` or a field of that name "
        + "anywhere in it is enough"
    case .cannot("add", .string, .number), .cannot("add", .number, .string): "put the number into the text: \"${…}\""
    case .cannot(_, .stream, _), .cannot(_, _, .stream), .noField(_, .stream), .badArgument(_, _, _, .stream):
      "`list(…)` reads a stream into a list"
    case .notReadable(.range): nil
    case .notReadable: "`list(…)` makes a list"
    case .noMatchingArm: "add an arm `_ => …` for everything else"
    case .tooDeep: "does the recursion end?"
    case .outOfTime: "`--time-limit` set that limit; what was written until then is in the journal"
    case .outOfMemory: "pass rows on as a stream instead of keeping all of them in a list"
    default: nil
    }
  }
}

extension FaultDescriber {
  /// Names of columns in a hint; of a wide file these are the first.
  private static let columnsShown = 12

  /// `did you mean "price"? The columns are "sku", "price". Whether …`
  fileprivate static func columnHint(_ name: String, _ columns: [String]) -> String {
    func quoted(_ name: String) -> String { "\"\(name.escapedForDisplay)\"" }
    let meant = Spelling.suggestion(for: name, among: columns).map { "did you mean \(quoted($0))? " } ?? ""
    var shown = columns.prefix(columnsShown).map(quoted).joined(separator: ", ")
    if columns.count > columnsShown { shown += " and \(columns.count - columnsShown) more" }
    return "\(meant)the columns are \(shown); `\(quoted(name)) in .` asks whether a row has one"
  }
}

extension ValueType {
  /// With its article, for messages.
  var article: String {
    switch self {
    case .null: "null"
    case .invalid: "an invalid value"
    default: "a \(rawValue)"
    }
  }
}

extension Pattern.Problem {
  /// What is wrong, for a message.
  var words: String {
    switch self {
    case .unbalanced(let offset): "the bracket at character \(offset + 1) has no partner"
    case .nothingToRepeat(let offset): "there is nothing to repeat at character \(offset + 1)"
    case .badRange(let offset): "the range at character \(offset + 1) runs backwards or is not finished"
    case .unknownEscape(let character, let offset): "`\\\(character)` at character \(offset + 1) means nothing"
    case .tooLarge(let limit): "it is larger than \(limit) steps"
    }
  }
}

extension String {
  /// For a message: escaped and not longer than a line.
  var escapedShort: String { "`\(self.escapedForDisplay.truncated(toWidth: 60))`" }
}

extension Double {
  /// A number of seconds for a message, without decimals that say nothing.
  var asSeconds: String {
    let isWhole = self == rounded() && self < 1e9
    let number = isWhole ? "\(Int(self))" : "\(self)"
    return "\(number) second\(self == 1 ? "" : "s")"
  }
}
