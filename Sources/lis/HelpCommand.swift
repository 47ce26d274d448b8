import ArgumentParser
import LisFormats
import LisRuntime

struct HelpPages: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help",
    abstract: "Explain a code such as LIS0140, or a command.",
    discussion: "Without a topic: the commands, and the list of topics.")

  @Argument(help: ArgumentHelp("A code of an error or warning, or a command.", valueName: "topic"))
  var topics: [String] = []

  func run() throws {
    let help = HelpTopics()
    let console = StandardConsole()
    guard let topic = topics.first else {
      console.out(Lis.helpMessage() + "\n" + help.list)
      return
    }
    if let page = help.page(topic) {
      console.out(page)
    } else if let command = HelpPages.command(topics[...], of: Lis.self) {
      console.out(Lis.helpMessage(for: command) + "\n")
    } else {
      throw CommandProblem.unknownTopic(topic, suggestion: help.suggestion(topic))
    }
  }

  /// The command that words such as `schema pull` name.
  private static func command(_ words: ArraySlice<String>, of parent: any ParsableCommand.Type)
    -> (any ParsableCommand.Type)?
  {
    guard let word = words.first else { return parent }
    guard let next = parent.configuration.subcommands.first(where: { $0.configuration.commandName == word }) else {
      return nil
    }
    return command(words.dropFirst(), of: next)
  }
}
