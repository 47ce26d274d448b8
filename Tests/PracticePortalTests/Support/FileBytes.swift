import FoundationEssentials

enum FileBytes {
  /// A file as text, whatever is in it; empty when there is none.
  static func read(_ path: String) -> String {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}
