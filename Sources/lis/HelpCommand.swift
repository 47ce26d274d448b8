import ArgumentParser
import LisFormats
import LisRuntime

/// `lis help TOPIC`: the language, its words, its builtins, the commands.
struct HelpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help",
    abstract: "Show a page: of the language, a word of it, a builtin, or a command.",
    discussion: """
      Examples:
        lis help
        lis help find
        lis help round
        lis help LIS0140
        lis help --search quota
      """)

  @Option(help: ArgumentHelp("Show the lines of all pages that hold a word.", valueName: "word"))
  var search: String?

  @ArgumentParser.Argument(help: ArgumentHelp("The page, or the words of a command.", valueName: "topic"))
  var words: [String] = []

  func run() throws {
    let console = StandardConsole()
    let help = HelpText(topics: Session.helpTopics(try LibraryFolder.library()))
    let topic = words.first
    guard search == nil || topic == nil else { throw CommandProblem.unexpectedWord(topic ?? "") }
    if let search {
      guard let found = help.search(search) else { throw CommandProblem.nothingFound(search) }
      console.out(found)
    } else if let topic {
      if words.count == 1, let page = help.page(topic) {
        console.out(page)
      } else if let command = HelpCommand.command(words[...], of: Lis.self) {
        console.out(Lis.helpMessage(for: command) + "\n")
      } else {
        throw CommandProblem.unknownTopic(topic, suggestion: help.suggestion(topic))
      }
    } else {
      console.out(help.overview)
    }
  }

  /// The command that words such as `schema pull` name.
  private static func command(
    _ words: ArraySlice<String>, of parent: any ParsableCommand.Type
  ) -> (any ParsableCommand.Type)? {
    guard let word = words.first else { return parent }
    guard let next = parent.configuration.subcommands.first(where: { $0.configuration.commandName == word }) else {
      return nil
    }
    return command(words.dropFirst(), of: next)
  }
}

/// Help as text, for the command and for the prompt.
struct HelpText {
  let topics: HelpTopics

  func page(_ topic: String) -> String? { topics.page(topic) }

  func suggestion(_ topic: String) -> String? { topics.suggestion(topic) }

  var overview: String {
    topics.list
      + "\n`lis help TOPIC` shows one of these, a single builtin such as `round`, a word such as `where`, or a "
      + "command\nsuch as `fmt`; `lis help --search WORD` searches all of them. `lis --help` lists the commands.\n"
  }

  /// Nil when nothing holds the word.
  func search(_ word: String) -> String? {
    let found = topics.search(word)
    guard !found.isEmpty else { return nil }
    let width = found.map(\.topic.count).max() ?? 0
    return found.map { entry in
      entry.topic + String(repeating: " ", count: width - entry.topic.count) + "  " + entry.line + "\n"
    }.joined()
  }

  /// What a line at the prompt asks for: `help`, `help TOPIC`. Nil for code, such as `help = 1` or `help(1)`.
  static func answer(toEntry entry: String, _ topics: () -> HelpTopics) -> String? {
    let words = entry.split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(String.init)
    guard words.first == "help", words.count <= 2 else { return nil }
    guard let topic = words.dropFirst().first else { return HelpText(topics: topics()).overview }
    guard topic.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_!.".contains($0)) }), topic != "." else {
      return nil
    }
    let help = HelpText(topics: topics())
    if let page = help.page(topic) { return page }
    let suggestion = help.suggestion(topic).map { "; did you mean `help \($0)`?" } ?? "; `help` lists them"
    return "there is no page `\(topic)`\(suggestion)\n"
  }
}
