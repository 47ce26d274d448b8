import ArgumentParser
import Glibc

/// lis: the command line. Arguments, environment and files enter; an exit code leaves. One file a command.
@main
struct Lis: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lis",
    abstract: "A small language for bulk work on HubSpot CRM line items.",
    discussion: """
      lis FILE runs a script; without arguments, lis is a prompt on a terminal and runs its input otherwise.

      Nothing is written that was not shown first as a plan: a terminal asks, everything else needs --apply.
      """,
    version: "0.1.0",
    subcommands: [Run.self, PlanOnly.self, Check.self, Repl.self, Practice.self, SchemaCommands.self])

  static func main() {
    signal(SIGPIPE, SIG_IGN)
    var arguments = Array(CommandLine.arguments.dropFirst())
    let words = Set(configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"])
    if arguments.isEmpty {
      arguments = [isatty(0) == 1 ? "repl" : "run"]
    } else if !words.contains(arguments[0]),
      !["-h", "--help", "--version", "--experimental-dump-help"].contains(arguments[0]),
      !arguments[0].hasPrefix("--generate-completion-script")
    {
      // `lis FILE` is `lis run FILE`; options alone belong to the prompt, or to the input that stands in for it.
      let runs = isatty(0) != 1 || arguments.contains { !$0.hasPrefix("-") || $0 == "-" || $0 == "-e" }
      arguments.insert(runs ? "run" : "repl", at: 0)
    }
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch {
      // The parser's own code for a usage error is EX_USAGE, as ours is; help and the version end with 0.
      exit(withError: error)
    }
  }
}
