import Testing

/// The architecture page says what is so: its names exist, and imports point the way its table allows.
@Suite struct ArchitectureTests {
  struct Room {
    var name: String
    var imports: Set<String>
  }

  static func page() throws -> String { try Repository.text("Sources/ARCHITECTURE.md") }

  static func rooms() throws -> [Room] {
    try page().split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") && !$0.hasPrefix("| room") }
      .map { line in
        let cells = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
        return Room(name: cells[0][0], imports: Set(cells[2].filter { $0 != "–" }))
      }
  }

  /// Modules that are nobody's room: the system's and the packages', by the rooms that may use them.
  static let outside: [String: Set<String>] = [
    "Glibc": [
      "LisCore", "LisRuntime", "LisEngine", "LisShell", "lis", "HubSpot", "PracticePortal", "LisFormats", "embed-tool",
      "LisAuth",
    ],
    "PackagePlugin": ["EmbedPlugin"],
    "Foundation": ["EmbedPlugin"],
    "Darwin": ["PracticePortal"],
    "Musl": ["PracticePortal"],
    "Synchronization": [
      "LisCore", "LisEngine", "LisRuntime", "LisShell", "lis", "HubSpot", "PracticePortal", "LisAuth",
    ],
    "Dispatch": ["LisEngine"],
    "FoundationEssentials": ["HubSpot", "LisEngine", "LisRuntime", "PracticePortal", "LisAuth"],
    "GRDB": ["LisEngine", "PracticePortal"],
    "Hummingbird": ["PracticePortal", "LisAuth"],
    "HummingbirdCore": ["PracticePortal"],
    "HTTPTypes": ["PracticePortal", "LisAuth"],
    "NIOCore": ["PracticePortal"],
    "NIOHTTPTypes": ["PracticePortal"],
    "Logging": ["PracticePortal", "LisAuth"],
    "ServiceLifecycle": ["PracticePortal", "LisAuth"],
    "ArgumentParser": ["lis"],
  ]

  @Test func everyFolderIsARoomOfThePage() throws {
    let named = Set(try Self.rooms().map(\.name))
    let folders = Set(
      Repository.files("Sources", endings: [".swift", ".c"]).map { String($0.split(separator: "/")[1]) })
    // One room lies where a user of the language would look for it.
    #expect(named == folders.union(["LisStdlib"]))
  }

  @Test func importsPointTheWayThePageSays() throws {
    let rooms = try Self.rooms()
    let names = Set(rooms.map(\.name))
    for room in rooms {
      for file in Repository.files(room.name == "LisStdlib" ? "stdlib" : "Sources/\(room.name)", endings: [".swift"]) {
        for line in try Repository.text(file).split(separator: "\n") {
          guard let module = Self.imported(line) else { continue }
          if names.contains(module) {
            #expect(room.imports.contains(module), "\(file) imports \(module), which \(room.name) may not")
          } else {
            #expect(
              Self.outside[module]?.contains(room.name) == true, "\(file) imports \(module), which \(room.name) may not"
            )
          }
        }
      }
    }
  }

  @Test func nothingImportsInACircle() throws {
    let rooms = Dictionary(uniqueKeysWithValues: try Self.rooms().map { ($0.name, $0.imports) })
    var done: Set<String> = []
    var progress = true
    while progress {
      progress = false
      for (name, imports) in rooms where !done.contains(name) && imports.isSubset(of: done) {
        done.insert(name)
        progress = true
      }
    }
    #expect(done == Set(rooms.keys), "these import each other: \(Set(rooms.keys).subtracting(done).sorted())")
  }

  @Test func everyNameOfThePageIsDeclared() throws {
    let declared = try Self.declaredNames()
    let code = try Self.page().split(separator: "```").enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    var checked = 0
    for text in code {
      for (index, span) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      where index % 2 == 1 {
        // Words of the language stand in code too; names of Swift begin with a letter and hold nothing else.
        guard span != "code", span != "find", span.allSatisfy({ $0.isLetter || $0.isNumber }) else { continue }
        checked += 1
        #expect(declared.contains(String(span)), "the page names `\(span)`, which is not declared anywhere")
      }
    }
    #expect(checked > 30)
  }

  private static func imported(_ line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let position = words.firstIndex(of: "import"), position <= 1, position + 1 < words.count else { return nil }
    guard position == 0 || words[0].hasPrefix("@") else { return nil }
    let name = words[position + 1] == "struct" || words[position + 1] == "func" ? words.last : words[position + 1]
    return name.map { String($0.split(separator: ".")[0]) }
  }

  private static func declaredNames() throws -> Set<String> {
    let keywords: Set<Substring> = [
      "class", "struct", "enum", "protocol", "func", "var", "let", "case", "typealias", "actor",
    ]
    var names: Set<String> = []
    for file in Repository.files("Sources", endings: [".swift"]) + Repository.files("stdlib", endings: [".swift"]) {
      for line in try Repository.text(file).split(separator: "\n") {
        let words = line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
        for (index, word) in words.dropLast().enumerated() where keywords.contains(word) {
          names.insert(String(words[index + 1]))
        }
      }
    }
    return names
  }
}
