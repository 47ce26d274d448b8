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
  @OptionGroup var traffic: TrafficOptions

  @OptionGroup var script: ScriptOptions

  func run() throws {
    let input = try ScriptInput(script.words)
    let run = ScriptRun(options: options.settings(traffic), approval: nil, planOnly: false, explainsOnly: true)
    throw ExitCode(try run.run(input).exitCode)
  }
}
