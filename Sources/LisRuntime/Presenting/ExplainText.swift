import LisEngine
import LisFormats
import LisSchema

/// The explanation of a `find` for people. The same `find` over the same values gives the same text.
///
/// ```
/// find line_items
///   way         one search, by ascending id
///   sent        price GT 100
///   checked     lower(.name) contains "keyboard"
///   properties  name, price
///   requests    1 for every 200 that match; the first answer tells how many do
/// ```
enum ExplainText {
  static func lines(_ explanation: Explanation) -> [String] {
    var lines = ["find \(explanation.all ? "all " : "")\(explanation.object)"]
    func add(_ label: String, _ texts: [String]) { lines += ExplainText.entry(label, texts) }
    add("way", way(explanation))
    add("sent", sent(explanation))
    func texts(_ part: Explanation.Part) -> [String] { explanation.conditions.filter { $0.part == part }.map(\.text) }
    add(
      "checked",
      texts(.local).map { "\($0)   (here alone)" } + texts(.superset).map { "\($0)   (HubSpot may give more)" })
    add(
      "properties", [explanation.properties.isEmpty ? "the id alone" : explanation.properties.joined(separator: ", ")])
    add("then", explanation.stages)
    add("requests", requests(explanation))
    return lines
  }

  /// A `find` that is not come to without rows, because it stands in a loop over them or in a branch. What its
  /// condition is compared with is not known, so only its text is told.
  static func unreached(_ find: FindDescription) -> [String] {
    var lines = ["find \(find.all ? "all " : "")\(find.object)"]
    func shown(_ text: String) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ").escapedForDisplay.truncated(toWidth: 80)
    }
    let often = find.loops.map { "once per row of `\(shown($0))`" }.joined(separator: ", ")
    lines += entry("asked", [often.isEmpty ? "perhaps: in a branch, or for rows that this run does not have" : often])
    lines += entry("where", find.conjuncts.map { shown($0.text) })
    lines += entry("then", find.stages.map { shown($0) })
    return lines
  }

  private static func entry(_ label: String, _ texts: [String]) -> [String] {
    texts.enumerated().map { index, text in
      let head = index == 0 ? label : ""
      return "  " + head + String(repeating: " ", count: max(1, 12 - head.count)) + text
    }
  }

  private static func way(_ explanation: Explanation) -> [String] {
    switch explanation.way {
    case .nothing: ["none: no record can match"]
    case .refused:
      [
        "a run is refused without `all`: "
          + (explanation.conditions.isEmpty ? "there is no condition" : "nothing of the condition can be sent")
          + ", so every record would be read"
      ]
    case .list: ["every record, by the list"]
    case .ids(let count): ["\(plural(count, "record")) by id"]
    case .linked(let links):
      [
        "by links: " + links.map { "those of \(plural($0.count, $0.field))" }.joined(separator: " and of ")
          + ", then by id"
      ]
    case .search(let searches):
      if let top = explanation.top {
        ["one search for the first \(top.count) by \(top.property)\(top.descending ? ", largest first" : "")"]
      } else {
        ["\(searches.count == 1 ? "one search" : "\(searches.count) searches, merged"), by ascending id"]
      }
    }
  }

  private static func sent(_ explanation: Explanation) -> [String] {
    switch explanation.way {
    case .ids: return ["the ids"]
    case .linked(let links): return ["the ids of the \(links.map(\.field).joined(separator: " and "))"]
    default: break
    }
    guard case .search(let searches) = explanation.way else { return ["nothing of the condition"] }
    var lines: [String] = []
    for (number, search) in searches.enumerated() {
      for (index, group) in search.enumerated() {
        let head = number == 0 && index == 0 ? "" : "or "
        lines.append(head + group.joined(separator: " and "))
      }
    }
    let most = 12
    return lines.count <= most ? lines : Array(lines.prefix(most)) + ["or … \(lines.count) alternatives in all"]
  }

  private static func requests(_ explanation: Explanation) -> [String] {
    switch explanation.way {
    case .nothing, .refused: return ["none"]
    case .list: return ["1 for every 100 records; how many there are is not known before"]
    case .ids(let count): return ["\((count + 99) / 100)"]
    case .linked(let links):
      let first = links.reduce(0) { $0 + ($1.count + 999) / 1000 }
      return ["\(first) for the links, then 1 for every 100 records they lead to, which is not known before"]
    case .search(let searches):
      if explanation.top != nil {
        return ["1, and the plain search where equal values leave a doubt"]
      }
      let limit = explanation.readLimit.map { "; over \(Counts.grouped($0)) it stops" } ?? ""
      let each = searches.count == 1 ? "1" : "\(searches.count) at least: 1"
      return ["\(each) for every 200 that match; the first answer tells how many do\(limit)"]
    }
  }

  private static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}
