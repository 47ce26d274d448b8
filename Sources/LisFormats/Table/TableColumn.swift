/// A column of a table.
public struct TableColumn: Equatable, Sendable {
  public var title: String
  /// Numbers stand at the right, so that their digits are under each other.
  public var alignsRight: Bool

  public init(_ title: String, alignsRight: Bool = false) {
    self.title = title
    self.alignsRight = alignsRight
  }
}

extension String {
  /// The text with spaces up to `width` cells, at the side away from which it is aligned.
  func padded(toWidth width: Int, alignsRight: Bool) -> String {
    let spaces = String(repeating: " ", count: max(0, width - displayWidth))
    return alignsRight ? spaces + self : self + spaces
  }
}

extension Array where Element == String {
  /// The cell at an index; rows that are shorter than the header are filled with empty cells.
  func cell(_ index: Int) -> String { index < count ? self[index] : "" }
}
