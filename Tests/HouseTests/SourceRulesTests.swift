import Testing

/// Rules of the house that a reader would otherwise have to watch.
@Suite struct SourceRulesTests {
  static let sources = Repository.files("Sources", endings: [".swift", ".c", ".h"])

  @Test func nothingTrapsOnPurpose() throws {
    let forbidden = ["try!", "fatalError(", " as! ", "TODO", "FIXME"]
    for file in Self.sources {
      for (number, line) in try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        for word in forbidden {
          #expect(!line.contains(word), "\(file):\(number + 1) has `\(word)`")
        }
      }
    }
  }

  /// Pointers into values live in LisCore. Elsewhere they appear only where the C library asks for one.
  @Test func unsafePointersStayInTheirRooms() throws {
    let allowed = [
      "Sources/LisCore/", "Sources/HubSpot/Transport/", "Sources/LisShell/", "Sources/lis/", "Sources/CCurl/",
      "Sources/CLineEdit/",
    ]
    for file in Self.sources where !allowed.contains(where: { file.hasPrefix($0) }) {
      let text = try Repository.text(file)
      #expect(!text.contains("UnsafeMutablePointer<"), "\(file) holds an unsafe pointer")
      #expect(!text.contains("unsafeBitCast"), "\(file) casts bits")
    }
  }

  @Test func filesHoldOneIdea() throws {
    for file in Self.sources {
      let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).count
      // The machine's loop is one function by design.
      #expect(lines <= 620 || file.hasSuffix("Machine+Loop.swift"), "\(file) has \(lines) lines")
    }
  }

  @Test func everyRoomSaysWhatEntersAndLeaves() throws {
    let rooms = Set(Self.sources.map { String($0.split(separator: "/")[1]) })
    for room in rooms where !room.hasPrefix("C") || room == "LisCore" {
      let texts = try Self.sources.filter { $0.hasPrefix("Sources/\(room)/") }.map { try Repository.text($0) }
      #expect(
        texts.contains { $0.contains("/// \(room): ") || $0.contains("/// `\(room)`") || $0.contains("/// \(room) ") },
        "no file of \(room) says in a sentence what the room is")
    }
  }
}
