import HubSpot
import LisSchema

/// Every message of this room: what happened, where, whether anything was written, and what to do next.
extension EngineError {
  public var code: String {
    switch self {
    case .unknownObject: "LIS0301"
    case .noAssociation: "LIS0302"
    case .needsAll: "LIS0303"
    case .readLimit: "LIS0360"
    case .unknownProperty: "LIS0361"
    case .badOperand: "LIS0305"
    case .associationNotSent: "LIS0308"
    case .serverLoop: "LIS0306"
    case .unreadableAnswer: "LIS0307"
    case .badRows: "LIS0310"
    case .missingID: "LIS0311"
    case .tooMany: "LIS0312"
    case .conflictingChanges: "LIS0313"
    case .changedAndArchived: "LIS0314"
    case .repeatedKey: "LIS0315"
    case .planApplied: "LIS0316"
    case .notAPlan: "LIS0317"
    case .appliedInside: "LIS0318"
    case .notApproved: "LIS0320"
    case .writeFailed: "LIS0321"
    case .interrupted: "LIS0322"
    case .journal: "LIS0330"
    case .unaccounted: "LIS0398"
    }
  }

  public var message: String {
    switch self {
    case .unknownObject(let name): "`\(name)` cannot be the name of an object type"
    case .noAssociation(let from, let to): "the portal has no association from \(from) to \(to)"
    case .needsAll(let object, _, _):
      "nothing of this condition can be asked of HubSpot, so all \(object) would be read"
    case .readLimit(let object, let expected?, let limit, _):
      "\(Counts.grouped(expected)) \(object) match, and a `find` without `all` reads at most \(Counts.grouped(limit)); "
        + "nothing was written by this statement"
    case .readLimit(let object, nil, let limit, _):
      "more than \(Counts.grouped(limit)) \(object) were found, and a `find` without `all` reads no more; "
        + "nothing was written by this statement"
    case .unknownProperty(let object, let property): "`\(object)` have no property `\(property)`"
    case .associationNotSent(let field):
      "only HubSpot can decide the condition on `.\(field)`, and it can do so only where every row has to fulfil it"
    case .badOperand(let field, let expected, let found):
      "`.\(field)` is compared with a \(found) instead of \(expected)"
    case .serverLoop(let object, let id):
      "the server loops: reading \(object), it came back to \(id); reading was stopped, nothing was written by it"
    case .unreadableAnswer(let reason): "the answer of the portal cannot be read: \(reason)"
    case .badRows(let problems, let total):
      "\(total) \(total == 1 ? "value" : "values") cannot be written; nothing was sent\n"
        + problems.map {
          "  \($0.place.description)\($0.id.map { "  id \($0)" } ?? "")  \($0.property): \($0.reason.message)"
        }
        .joined(separator: "\n") + (total > problems.count ? "\n  … and \(total - problems.count) more" : "")
    case .missingID(let place): "\(place.description): the row has no `id`, so it names no record; nothing was sent"
    case .tooMany(let verb, _, let limit, let isDefault, _):
      "this \(verb.rawValue) has more than \(limit) rows\(isDefault ? ", the standard limit" : ""); nothing was sent"
    case .conflictingChanges(let id, let property, let first, let second):
      "two rows give `\(property)` of record \(id) different values: \(first.description) and \(second.description); "
        + "nothing was sent"
    case .changedAndArchived(let id, let first, let second):
      "record \(id) is to be written in two ways: \(first.description) and \(second.description); nothing was sent"
    case .repeatedKey(let property, let key, let first, let second):
      "two rows have the key `\(property)` \"\(key)\": \(first.description) and \(second.description); nothing was sent"
    case .planApplied: "this plan has been applied before in this run; nothing was sent for it again"
    case .notAPlan: "`apply!` carries out a plan, and this is none; nothing was sent"
    case .appliedInside:
      "`apply!` stands inside of a statement that collects its own writes; nothing was sent"
    case .notApproved(let refusal, let changes): refusal.message(changes)
    case .writeFailed(let report): EngineError.failureMessage(report)
    case .interrupted(let counts):
      "interrupted: \(counts.applied) of \(counts.planned) applied, the batch in flight was finished and written down"
    case .journal(let problem): problem.description
    case .unaccounted(let counts):
      "internal fault: of \(counts.planned) rows only \(counts.accounted) are accounted for; see the journal"
    }
  }

  public var hint: String? {
    switch self {
    case .needsAll(_, _, let field?):
      "`.\(field)` is a date, and a moment such as `now()` cannot be asked for: compare it with a date, such as "
        + "`today()`; or say `find all … where …` if reading all of them is meant"
    case .needsAll: "say `find all … where …` if that is meant"
    case .associationNotSent: "let it stand alone or joined by `and`, and put everything else into a `where` stage"
    case .readLimit:
      "narrow the condition, say `find all … where …` if that many are meant, or give --read-limit N or --read-limit off"
    case .serverLoop: "try again later; if it stays, report it to HubSpot with the correlation id of the search"
    case .badRows: "correct the input, or add `on error continue` to write the other rows"
    case .missingID: "rows of `update`, `archive` and `associate` need the record's id in a column or field named `id`"
    case .tooMany: "set the limit that is meant with `at most`"
    case .conflictingChanges: "keep one of the two rows, for example with `distinct .id`"
    case .repeatedKey(let property, _, _, _):
      "keep one of the two rows, for example with `distinct .\(property)`; keys that differ only in case count as the "
        + "same where HubSpot keeps them unique"
    case .planApplied: "make a new plan: it is computed from what the portal has by then"
    case .notAPlan: "`plan` in front of a pipeline that writes makes one: `let p = plan find where … | update { … }`"
    case .appliedInside: "call it outside of `each`, `for` and `plan`, or let them write by themselves"
    case .notApproved(let refusal, _): refusal.hint
    case .writeFailed(let report):
      report.continuesOnError ? nil : "`on error continue` sends the remaining records and reports all failures"
    case .interrupted:
      "run it again for the rest: absolute values that are there already are left out, but creates and changes that read "
        + "what they write would be made twice"
    case .journal: "make room or correct the permissions, or set LIS_HOME to another folder"
    default: nil
    }
  }

  /// What a statement came to that could not be carried on; the error itself follows.
  static func stoppedNotice(_ counts: ReportCounts) -> String {
    "stopped early: of \(counts.planned) planned, \(counts.applied) applied, \(counts.unchanged) unchanged, "
      + "\(counts.failed) failed, \(counts.skipped) not sent or skipped, \(counts.unknown) unknown"
  }

  private static func failureMessage(_ report: Report) -> String {
    let counts = report.counts
    var lines = ["\(counts.failed) of \(counts.planned) records were refused, \(counts.applied) applied"]
    if counts.unknown > 0 { lines[0] += ", \(counts.unknown) unknown" }
    if report.notSent > 0 { lines[0] += ", \(report.notSent) not sent" }
    for failure in (report.failed + report.unknown).prefix(20) {
      lines.append("  \(failure.place.description)  \(failure.id.map { "id \($0)  " } ?? "")\(failure.reason)")
    }
    let more = report.failed.count + report.unknown.count - 20
    if more > 0 { lines.append("  … and \(more) more") }
    return lines.joined(separator: "\n")
  }
}

extension JournalProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "the journal \(path) cannot be opened: \(reason)"
    case .newerVersion(let path): "the journal \(path) was written by a newer lis; nothing was sent"
    case .cannotWrite(let path, let reason):
      "the journal \(path) cannot be written, so nothing more was sent: \(reason)"
    }
  }
}

extension Refusal {
  func message(_ changes: Int) -> String {
    switch self {
    case .noTerminal:
      "\(Counts.grouped(changes)) changes were not approved: there is no terminal to ask on; nothing was sent"
    case .declined: "\(Counts.grouped(changes)) changes were not approved; nothing was sent"
    case .readOnly: "\(Counts.grouped(changes)) changes are refused by --read-only; nothing was sent"
    case .unexpectedCount(let expected, let before, let isPlan):
      Refusal.over(changes, before, isPlan, "--expect-changes says \(expected)")
    case .overMaximum(let most, let before, let isPlan):
      Refusal.over(changes, before, isPlan, "--max-changes allows \(most)")
    }
  }

  private static func over(_ changes: Int, _ before: Int, _ isPlan: Bool, _ limit: String) -> String {
    if before == 0 { return "\(Counts.grouped(changes)) changes are planned, and \(limit); nothing was sent" }
    return "\(Counts.grouped(changes)) changes are planned after \(Counts.grouped(before)) of this run, and \(limit) "
      + "in all; nothing \(isPlan ? "" : "more ")was sent"
  }

  var hint: String? {
    switch self {
    case .noTerminal: "look at the plan above, then run it again with --apply"
    default: nil
    }
  }
}
