import LisEngine
import LisFormats
import LisSchema

/// A plan and what became of it, as a person reads it.
public enum PlanText {
  /// Kinds of change shown for one property, and ids of records to archive, where a person can ask for more; the rest is
  /// counted. Where nobody can ask, everything is shown.
  public static let shownToPeople = 12

  /// ```
  /// plan  update 4,060 line_items in 41 batches · portal practice
  ///       price  44.00 → 49.00   (1,020 records)
  ///       12 records already have these values and are left out
  /// ```
  public static func lines(_ plan: Plan, shown: Int = .max) -> [String] {
    let set = plan.changes
    guard !set.records.isEmpty else {
      if !set.refused.isEmpty {
        return [
          "plan  nothing to send: \(Counts.grouped(set.planned - set.refused.count)) as wanted, "
            + "\(count(set.refused.count, "row", "rows")) cannot be written · portal \(plan.portal.escapedForDisplay)"
        ]
      }
      if set.planned == 0 {
        return ["plan  nothing to change: no row was given · portal \(plan.portal.escapedForDisplay)"]
      }
      return [
        "plan  nothing to change: \(Counts.grouped(set.planned)) \(set.planned == 1 ? "record is" : "records are") as wanted · portal \(plan.portal.escapedForDisplay)"
      ]
    }
    var lines = [
      "plan  \(what(plan)) in \(count(plan.batches, "batch", "batches")) · portal \(plan.portal.escapedForDisplay)"
    ]
    for group in plan.groups { lines += changeLines(group, isOnly: verbs(set).count == 1, most: shown) }
    lines += archiveLines(set, most: shown)
    lines += associateLines(set, most: shown)
    if set.unchanged > 0 {
      lines.append(
        "      \(count(set.unchanged, "record already has", "records already have")) these values and \(set.unchanged == 1 ? "is" : "are") left out"
      )
    }
    if !set.refused.isEmpty {
      lines.append(
        "      \(count(set.refused.count, "row", "rows")) cannot be written and \(set.refused.count == 1 ? "is" : "are") left out"
      )
    }
    return lines + plan.notices.map { "note  \($0)" } + quotaLines(plan)
  }

  /// What the account's quotas mean for a plan, where that is more than a moment: how long it takes, and that it cannot
  /// be finished today.
  private static func quotaLines(_ plan: Plan) -> [String] {
    guard let forecast = plan.forecast else { return [] }
    var lines: [String] = []
    if let pace = forecast.pace, let duration = forecast.duration, duration >= pace.period {
      lines.append(
        "note  \(count(forecast.requests, "request", "requests")) take about "
          + "\(Pace.text(Double(duration.components.seconds))) at the quota of \(Counts.grouped(pace.limit)) in "
          + "\(pace.period.components.seconds) s")
    }
    if forecast.exceedsToday, let left = forecast.leftToday {
      lines.append(
        "note  this cannot be finished today: \(count(left, "request is", "requests are")) left of the account's day, and "
          + "\(count(forecast.requests, "is", "are")) needed; the day ends at midnight in the account's time zone")
    }
    return lines
  }

  /// The text of a plan that a program holds: as it is shown, with every kind of change.
  public static func summary(_ plan: Plan) -> String { lines(plan).joined(separator: "\n") }

  private static func verbs(_ set: ChangeSet) -> [String] {
    var found: [String] = []
    for record in set.records where !found.contains("\(record.verb.rawValue) \(record.object)") {
      found.append("\(record.verb.rawValue) \(record.object)")
    }
    return found
  }

  private static func what(_ plan: Plan) -> String {
    verbs(plan.changes).map { verb -> String in
      let number = plan.changes.records.count { "\($0.verb.rawValue) \($0.object)" == verb }
      let words = verb.split(separator: " ", maxSplits: 1)
      let what =
        "\(words[0]) \(Counts.grouped(number)) \(number == 1 ? ObjectNames.singular(String(words[1])) : String(words[1]))"
      guard words[0] == WriteVerb.associate.rawValue else { return what }
      let targets = plan.changes.records.filter { $0.verb == .associate && $0.object == words[1] }.compactMap(\.target)
      return what + " to " + PlanText.targets(targets)
    }.joined(separator: ", ")
  }

  private static func changeLines(_ group: Plan.PropertyGroup, isOnly: Bool, most: Int) -> [String] {
    let name = isOnly ? group.property : "\(group.verb.rawValue) \(group.property)"
    var lines: [String] = []
    for change in group.changes.prefix(most) {
      let before = change.before.map { shown($0) + " → " } ?? ""
      lines.append("      \(name)  \(before)\(shown(change.after))   (\(count(change.count, "record", "records")))")
    }
    let rest = group.changes.dropFirst(most)
    if !rest.isEmpty {
      let records = rest.reduce(0) { $0 + $1.count }
      lines.append(
        "      \(name)  … \(Counts.grouped(rest.count)) more kinds of change (\(count(records, "record", "records")))")
    }
    return lines
  }

  /// `deal 123`, or `3 deals` when there are several.
  private static func targets(_ all: [AssociationTarget]) -> String {
    let distinct = Set(all)
    if distinct.count == 1, let only = distinct.first { return "\(ObjectNames.singular(only.object)) \(only.id)" }
    let objects = Set(distinct.map(\.object))
    return "\(Counts.grouped(distinct.count)) \(objects.count == 1 ? objects.first ?? "" : "records")"
  }

  /// Ids, six on a line: an archive has no fields to show.
  private static func archiveLines(_ set: ChangeSet, most: Int) -> [String] {
    idLines("archive", set.records.filter { $0.verb == .archive }.compactMap(\.id), most)
  }

  /// Each target with what is linked to it.
  private static func associateLines(_ set: ChangeSet, most: Int) -> [String] {
    var order: [AssociationTarget] = []
    var ids: [AssociationTarget: [String]] = [:]
    for record in set.records where record.verb == .associate {
      guard let target = record.target, let id = record.id else { continue }
      if ids[target] == nil { order.append(target) }
      ids[target, default: []].append(id)
    }
    var lines = order.prefix(most).flatMap { target in
      idLines("to \(ObjectNames.singular(target.object)) \(target.id)", ids[target] ?? [], most)
    }
    if order.count > most { lines.append("      to  … \(Counts.grouped(order.count - most)) more") }
    return lines
  }

  private static func idLines(_ head: String, _ ids: [String], _ most: Int) -> [String] {
    var lines: [String] = []
    let listed = ids.prefix(most)
    for start in stride(from: 0, to: listed.count, by: 6) {
      lines.append("      \(head)  " + listed[start..<min(start + 6, listed.count)].joined(separator: " "))
    }
    if ids.count > listed.count { lines.append("      \(head)  … \(Counts.grouped(ids.count - listed.count)) more") }
    return lines
  }

  private static func shown(_ text: String) -> String {
    text.isEmpty ? "\"\"" : text.escapedForDisplay.truncated(toWidth: 40)
  }

  /// Every record of the plan, for the question's `d`.
  public static func details(_ plan: Plan, limit: Int = 500) -> [String] {
    var lines: [String] = []
    for record in plan.changes.records.prefix(limit) {
      var changes = record.properties.map { property in
        "\(property.name) \(property.beforeShown.map { shown($0) + " → " } ?? "")\(shown(property.afterShown))"
      }
      if let target = record.target { changes.append("to \(ObjectNames.singular(target.object)) \(target.id)") }
      lines.append(
        "      \(record.verb.rawValue) \(record.id ?? "new")  \(changes.joined(separator: ", "))  (\(record.place.description))"
      )
    }
    if plan.changes.records.count > limit {
      lines.append("      … and \(Counts.grouped(plan.changes.records.count - limit)) more")
    }
    return lines
  }

  // MARK: Reports

  /// `done  4,060 planned, all applied · 82 requests (41 read, 41 write)`; `partly` when something was left undone or the
  /// run did not come to its end.
  public static func summary(_ counts: ReportCounts, _ requests: RequestSummary, isDone: Bool) -> String {
    let isWhole = isDone && counts.applied + counts.unchanged == counts.planned
    return (isWhole ? "done  " : "partly  ") + accounting(counts) + " · " + summary(requests)
  }

  static func accounting(_ counts: ReportCounts) -> String {
    if counts.planned == 0 { return "nothing to change" }
    if counts.applied == counts.planned { return "\(Counts.grouped(counts.planned)) planned, all applied" }
    if counts.unchanged == counts.planned { return "\(Counts.grouped(counts.planned)) planned, nothing to change" }
    var parts = ["\(Counts.grouped(counts.planned)) planned", "\(Counts.grouped(counts.applied)) applied"]
    if counts.unchanged > 0 { parts.append("\(Counts.grouped(counts.unchanged)) unchanged") }
    if counts.failed > 0 { parts.append("\(Counts.grouped(counts.failed)) failed") }
    if counts.skipped > 0 { parts.append("\(Counts.grouped(counts.skipped)) skipped") }
    if counts.unknown > 0 { parts.append("\(Counts.grouped(counts.unknown)) unknown") }
    return parts.joined(separator: ", ")
  }

  static func summary(_ requests: RequestSummary) -> String {
    let kinds = [
      (requests.schema, "schema"), (requests.search, "search"), (requests.list, "list"), (requests.read, "read"),
      (requests.write, "write"), (requests.other, "other"),
    ].filter { $0.0 > 0 }.map { "\(Counts.grouped($0.0)) \($0.1)" }
    let total = count(requests.total, "request", "requests")
    return kinds.isEmpty ? total : "\(total) (\(kinds.joined(separator: ", ")))"
  }

  /// The failed, skipped and unknown records of a statement.
  public static func troubles(_ report: Report, withFailures: Bool = true, limit: Int = 20) -> [String] {
    var kinds = [("skipped", report.skipped)]
    if withFailures { kinds += [("failed", report.failed), ("unknown", report.unknown)] }
    return kinds.flatMap { kind, records -> [String] in
      var lines = records.prefix(limit).map { record in
        let id = record.id.map { "id \($0)" } ?? "row \(record.row)"
        return "      \(kind)  \(record.place.description)  \(id)  \(record.reason.escapedForDisplay)"
          + (record.correlationID.map { "  (correlation id \($0.escapedForDisplay))" } ?? "")
      }
      if records.count > limit { lines.append("      … and \(Counts.grouped(records.count - limit)) more \(kind)") }
      return lines
    }
  }

  // MARK: Numbers

  static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(Counts.grouped(number)) \(number == 1 ? one : many)"
  }
}
