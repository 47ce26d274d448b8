/// A command line without any option of lis: a script or code, and values for the script's parameters. Most are of this
/// kind, and understanding them without the parser takes a third of the time that a short script takes as a whole, since
/// the parser first looks at the declarations of all options.
///
/// What it says is what the parser says; a test holds them against each other. Everything else is left to the parser.
struct PlainCommandLine {
  let settings: RunSettings

  /// Nil where there is anything that the parser may take for its own.
  /// - Parameter commands: first words that are no script.
  init?(_ arguments: [String], commands: Set<String>) {
    var words = arguments[...]
    if words.first == "run" {
      words.removeFirst()
    } else if words.first.map(commands.contains) != false {
      return nil
    }
    var script = ScriptWords()
    if words.first == "-e" {
      words.removeFirst()
      guard let code = words.popFirst(), !code.hasPrefix("-") else { return nil }
      script.code = code
    } else {
      guard let name = words.first, !name.isEmpty, !name.hasPrefix("-") else { return nil }
    }
    script.words = Array(words)
    for word in script.words where !PlainCommandLine.isForScript(word) { return nil }
    settings = RunSettings(script: script)
  }

  /// Whether a word can only be meant for the script: a value, or a flag that no option of lis is named like. The parser
  /// has flags of its own that no list of it names, each beginning like one of these.
  private static func isForScript(_ word: String) -> Bool {
    guard word.utf8.first == UInt8(ascii: "-") else { return true }
    guard word.hasPrefix("--"), word.utf8.count > 2 else { return false }
    let flag = String(word.prefix { $0 != "=" })
    return !ReservedFlag.all.contains(flag)
      && !["--help", "--version", "--generate", "--experimental"].contains { flag.hasPrefix($0) }
  }
}
