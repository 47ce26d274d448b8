import ArgumentParser
import Glibc
import LisRuntime

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
    subcommands: [
      Run.self, PlanOnly.self, Explain.self, Check.self, FormatScripts.self, TestCommand.self, Repl.self, Practice.self,
      SchemaCommands.self,
    ])

  static func main() {
    signal(SIGPIPE, SIG_IGN)
    StandardDescriptors.fill()
    let given = Array(CommandLine.arguments.dropFirst())
    do {
      if let plain = PlainCommandLine(given, commands: commands) {
        throw ExitCode(try plain.settings.run().exitCode)
      }
      let arguments = withCommand(given)
      if let help = try ScriptHelp.text(arguments) {
        StandardConsole().out(help)
        Glibc.exit(0)
      }
      // The parser has a help command of its own, which knows the commands and nothing else.
      if arguments.first == "help" {
        try HelpCommand.parse(Array(arguments.dropFirst())).run()
        Glibc.exit(0)
      }
      var command = try directly(arguments) ?? parseAsRoot(arguments)
      try command.run()
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch let problem as CommandProblem {
      StandardConsole().note("lis: \(problem.message)")
      Glibc.exit(problem.exitCode)
    } catch {
      // The parser's own code for a usage error is EX_USAGE, as ours is; help and the version end with 0.
      exit(withError: error)
    }
  }

  /// First words that are commands. The parser has a help command of its own.
  static var commands: Set<String> {
    Set(configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"])
  }

  /// The command of most starts, without the parser looking at all others first, which takes longer than a short script.
  /// Nil where the parser has something to say, which it says best when it knows the whole command line.
  private static func directly(_ arguments: [String]) -> (any ParsableCommand)? {
    arguments.first == "run" ? try? Run.parse(Array(arguments.dropFirst())) : nil
  }

  /// The arguments with the command that is meant where none is named: `lis FILE` is `lis run FILE`; flags alone belong
  /// to the prompt when somebody is at the keyboard, and to the input that stands in for it otherwise.
  private static func withCommand(_ arguments: [String]) -> [String] {
    if let first = arguments.first {
      if commands.contains(first) || ["-h", "--help", "--version", "--experimental-dump-help"].contains(first)
        || first.hasPrefix("--generate-completion-script")
      {
        return arguments
      }
    }
    let isPrompt = isatty(STDIN_FILENO) == 1 && (try? Repl.parse(arguments)) != nil
    return [isPrompt ? "repl" : "run"] + arguments
  }
}

/// `lis FILE --help`: what the script itself says.
enum ScriptHelp {
  /// Nil where the help of lis is asked for, or none.
  static func text(_ arguments: [String]) throws -> String? {
    let rest = arguments.dropFirst().filter { $0 != "--help" && $0 != "-h" }
    guard rest.count < arguments.count - 1 else { return nil }
    let words: ScriptWords?
    switch arguments.first {
    case "run": words = (try? Run.parse(Array(rest)))?.script.words
    case "plan": words = (try? PlanOnly.parse(Array(rest)))?.script.words
    case "explain": words = (try? Explain.parse(Array(rest)))?.script.words
    default: words = nil
    }
    guard let words, words.code != nil || words.words.first.map({ !$0.hasPrefix("-") || $0 == "-" }) == true else {
      return nil
    }
    let input = try ScriptInput(words)
    return ScriptParameters(input.source).help(script: input.path ?? input.source.name)
  }
}

/// Standard input, output and error.
enum StandardDescriptors {
  /// Opens those that whoever started the program has closed. Otherwise the next file that is opened takes their number,
  /// and results meant for standard output would be written into the journal.
  static func fill() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      _ = open("/dev/null", O_RDWR)
    }
  }
}
