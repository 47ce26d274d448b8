/// The entries of this session and those before it, oldest first.
///
/// Several shells may share one file: each adds its own entries to what the file holds at that moment.
struct History {
  private(set) var entries: [String] = []
  private var unsaved: [String] = []
  private let file: HistoryFile?
  private let isSecret: (String) -> Bool

  /// Without a path nothing is read or saved. `isSecret` says which texts must not be kept.
  init(path: String?, isSecret: @escaping (String) -> Bool) {
    file = path.map(HistoryFile.init)
    self.isSecret = { SecretText.isFound(in: $0) || isSecret($0) }
  }

  /// Reads what earlier sessions saved. Throws ``HistoryProblem``.
  mutating func load() throws(HistoryProblem) {
    entries = try file?.read() ?? []
  }

  /// Remembers an entry, unless it holds a secret or repeats the one before.
  mutating func add(_ entry: String) {
    if entry == entries.last || isSecret(entry) { return }
    entries.append(entry)
    if entries.count > HistoryFile.limit { entries.removeFirst(entries.count - HistoryFile.limit) }
    unsaved.append(entry)
  }

  /// Adds to the file what is not in it yet. Entries of the file that hold a secret, from a time when they were not
  /// known as such, are dropped on the way. Throws ``HistoryProblem``.
  mutating func save() throws(HistoryProblem) {
    guard let file, !unsaved.isEmpty else { return }
    var stored = try file.read().filter { !isSecret($0) }
    for entry in unsaved where entry != stored.last { stored.append(entry) }
    try file.write(stored)
    unsaved = []
  }
}
