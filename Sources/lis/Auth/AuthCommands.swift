import ArgumentParser

/// `lis auth`: signing in and out, and who is signed in.
struct Auth: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "auth", abstract: "Sign in, sign out, and see who is signed in.",
    subcommands: [Login.self, Status.self, Logout.self])
}

/// Which portal a command about sign-ins means.
struct AuthOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The profile; LIS_PORTAL, then the default of config.toml, then `default` where none is named.", valueName: "name"
    ))
  var portal: String?
}

extension AnswerFormat: ExpressibleByArgument {}
