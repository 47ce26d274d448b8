/// What the printer makes of a tree before it knows where lines end: text, places where a line may end, and which of
/// them end together. After Wadler's "A prettier printer", with the choices that lis needs.
struct Layout: Sendable {
  indirect enum Node: Sendable {
    case text(String)
    /// A line end where the group around it is broken, `flat` where it is not.
    case line(flat: String, blank: Bool)
    /// A line end wherever it stands.
    case hardLine(blank: Bool)
    /// Ends its line. One that is not trailing has the line to itself.
    case comment(String, isTrailing: Bool, blank: Bool)
    case sequence([Layout])
    /// Lines that begin inside are indented by so many more columns.
    case nest(Int, Layout)
    /// Lines that begin inside are indented to the column where it begins.
    case align(Layout)
    /// All its lines end, or none does.
    case group(Layout)
    /// Ends its line where `next`, which stands behind it, does not fit.
    case separator(Layout, next: Layout)
    /// The first that fits up to its first line end, else the last. Inside something flat, the first.
    case choice([Layout])
  }

  var node: Node
  /// A line end inside is certain: groups around it are broken.
  var mustBreak = false
  var endsWithComment = false
  var hasText = false
  /// How many columns it takes on one line; `tooWide` when it cannot stand on one.
  var flatWidth = 0

  static let tooWide = 10_000

  static let empty = Layout(node: .sequence([]))

  static func text(_ text: String) -> Layout {
    Layout(node: .text(text), hasText: !text.isEmpty, flatWidth: text.contains("\n") ? tooWide : text.count)
  }

  static let space = Layout(node: .text(" "), flatWidth: 1)

  static func line(_ flat: String = " ", blank: Bool = false) -> Layout {
    Layout(node: .line(flat: flat, blank: blank), flatWidth: flat.utf8.count)
  }

  static func hardLine(blank: Bool = false) -> Layout {
    Layout(node: .hardLine(blank: blank), mustBreak: true, flatWidth: tooWide)
  }

  static func comment(_ text: String, isTrailing: Bool, blank: Bool = false) -> Layout {
    Layout(
      node: .comment(text, isTrailing: isTrailing, blank: blank), mustBreak: !isTrailing, endsWithComment: true,
      hasText: true, flatWidth: tooWide)
  }

  static func sequence(_ parts: [Layout]) -> Layout { Layout(node: .sequence(parts)).counting(parts) }

  static func nest(_ columns: Int, _ parts: [Layout]) -> Layout {
    let inner = sequence(parts)
    return inner.wrapped(.nest(columns, inner))
  }

  static func align(_ parts: [Layout]) -> Layout {
    let inner = sequence(parts)
    return inner.wrapped(.align(inner))
  }

  static func group(_ parts: [Layout], isBroken: Bool = false) -> Layout {
    let inner = sequence(parts)
    var result = inner.wrapped(.group(inner))
    result.mustBreak = result.mustBreak || isBroken
    return result
  }

  /// Content and separators in turn; as much stands on a line as fits.
  static func fill(_ parts: [Layout]) -> Layout {
    .sequence(
      parts.enumerated().map { number, part in
        number % 2 == 0 ? part : part.wrapped(.separator(part, next: parts[number + 1]))
      })
  }

  static func choice(_ variants: [Layout]) -> Layout { (variants.first ?? .empty).wrapped(.choice(variants)) }

  private func wrapped(_ node: Node) -> Layout {
    var result = self
    result.node = node
    return result
  }

  /// A comment at the very end forces nothing; one with text behind it does.
  private func counting(_ parts: [Layout]) -> Layout {
    var result = self
    for part in parts {
      result.mustBreak = result.mustBreak || part.mustBreak || (result.endsWithComment && part.hasText)
      if part.hasText { result.endsWithComment = part.endsWithComment }
      result.hasText = result.hasText || part.hasText
      result.flatWidth = min(Layout.tooWide, result.flatWidth + part.flatWidth)
    }
    return result
  }

  /// The same with the group it ends in broken; nil when it does not end in one.
  var withLastGroupBroken: Layout? {
    switch node {
    case .group:
      var result = self
      result.mustBreak = true
      return result
    case .sequence(var parts):
      guard let last = parts.popLast(), let broken = last.withLastGroupBroken else { return nil }
      return .sequence(parts + [broken])
    default: return nil
    }
  }
}
