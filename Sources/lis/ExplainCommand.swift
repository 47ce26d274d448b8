import ArgumentParser
import LisRuntime

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what a script would ask of HubSpot; no row is read and nothing is written.",
    discussion: """
      The script runs without rows: every `find` tells what it would send and gives none, `print`,
      `save` and writes do nothing. A `find` in a loop over rows is told of as it is written, with
      the rows that it is asked for. The list of properties is asked of the portal when no earlier
      run has left it behind.

      Example:
        lis explain --portal practice -e 'find where .price > 100 | sort .price desc | take 5'
      """)

  @OptionGroup var options: SessionOptions

  @Option(name: .short, help: ArgumentHelp("Code instead of a file.", valueName: "code"))
  var execute: String?

  @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The script, or - for standard input, and its parameters."))
  var script: [String] = []

  func run() throws {
    let input = try ScriptInput(code: execute, words: script)
    let outcome = try ScriptRun(options: options, approval: nil, planOnly: false, explainsOnly: true).run(input)
    throw ExitCode(outcome.exitCode)
  }
}
