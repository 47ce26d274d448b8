import LisCompiler
import LisCore
import LisSyntax

/// Reference: what `lis help` and the pages beside the sources say of the language. The table of builtins and the pages
/// of this folder enter; text for a terminal and Markdown leave.

/// The pages of the language, and each word that has a heading in one.
public struct LanguageHelp: HelpProvider {
  public init() {}

  public var title: String { "The language" }

  public var topics: [(name: String, summary: String)] { ReferencePage.all.map { ($0.name, $0.summary) } }

  /// The words with a section in a page.
  public var words: [String] { ReferencePage.all.flatMap(\.words) }

  public func page(_ topic: String) -> String? {
    if let page = ReferencePage.all.first(where: { $0.name == topic }) { return page.plain }
    return ReferencePage.all.lazy.compactMap { $0.section(topic) }.first
  }
}

/// The builtins: one page for each and one for each group.
public struct BuiltinHelp: HelpProvider {
  private let builtins: [Builtin]

  public init(_ builtins: [Builtin]) { self.builtins = builtins }

  public var title: String { "Builtins, by group" }

  public var topics: [(name: String, summary: String)] {
    groups.map { group in (group, members(group).map(\.name).joined(separator: ", ")) }
  }

  public var names: [String] { builtins.map(\.name) }

  public func page(_ topic: String) -> String? {
    if let builtin = builtins.first(where: { $0.name == topic }) { return BuiltinHelp.plain(builtin) }
    let members = members(topic)
    return members.isEmpty ? nil : members.map(BuiltinHelp.plain).joined(separator: "\n")
  }

  private var groups: [String] {
    var seen: Set<String> = []
    return builtins.map(\.group).filter { seen.insert($0).inserted }
  }

  private func members(_ group: String) -> [Builtin] { builtins.filter { $0.group == group } }

  private static func plain(_ builtin: Builtin) -> String {
    var lines = [builtin.signature + result(builtin), "", builtin.summary]
    if let effect = effect(builtin) { lines += ["", effect] }
    if !builtin.examples.isEmpty { lines.append("") }
    for example in builtin.examples {
      lines += example.code.split(separator: "\n").map { "    " + $0 }
      lines += example.result.split(separator: "\n").map { "    → " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The page of all builtins beside the sources.
  public var markdown: String {
    var text = """
      # builtins: functions in scope without `use`

      Made from the table of builtins in the sources; each example is run by the tests. Parameters in brackets may be
      left out. The first parameter can be the rows of a pipeline: `rows | count` is `count(rows)`.

      """
    for group in groups {
      text += "\n## \(group)\n"
      for builtin in members(group) {
        text += "\n### `\(builtin.signature)`\(BuiltinHelp.result(builtin))\n\n\(builtin.summary)\n"
        if let effect = BuiltinHelp.effect(builtin) { text += "\n\(effect)\n" }
        for example in builtin.examples {
          text += "\n```lis\n\(example.code)\n```\n"
          if !example.result.isEmpty { text += "\n```text\n\(example.result)\n```\n" }
        }
      }
    }
    return text
  }

  private static func result(_ builtin: Builtin) -> String {
    builtin.result == .unknown ? "" : ": \(builtin.result.name)"
  }

  private static func effect(_ builtin: Builtin) -> String? {
    switch builtin.effect {
    case .writes: "It writes, so that a function around it has to end in `!`."
    default: nil
    }
  }
}

/// The modules of the standard library, by what their own comments say.
public struct LibraryHelp: HelpProvider {
  private let modules: [(name: String, summary: String, functions: [(signature: String, text: String)])]

  public init(_ library: ModuleLibrary) {
    modules = library.names.map { name in
      let source = SourceText(name: name, text: library.text(name) ?? "")
      let functions = parse(source).program.items.compactMap { item -> (signature: String, text: String)? in
        guard case .function(let function) = item.kind, !function.name.text.hasPrefix("_") else { return nil }
        let parameters = function.parameters.map { parameter in
          parameter.fallback == nil ? parameter.name.text : "[\(parameter.name.text)]"
        }
        let signature = "\(name).\(function.name.text)(\(parameters.joined(separator: ", ")))"
        return (signature, function.documentation ?? "")
      }
      return (name, LibraryHelp.summary(source), functions)
    }
  }

  public var title: String { "Library modules, for `use NAME`" }

  public var topics: [(name: String, summary: String)] { modules.map { ($0.name, $0.summary) } }

  /// `money`, or `money.cents`.
  public func page(_ topic: String) -> String? {
    for module in modules {
      if module.name == topic {
        return "\(module.name): \(module.summary)\n\n" + module.functions.map(LibraryHelp.plain).joined(separator: "\n")
      }
      if let function = module.functions.first(where: { $0.signature.hasPrefix(topic + "(") }) {
        return LibraryHelp.plain(function)
      }
    }
    return nil
  }

  private static func plain(_ function: (signature: String, text: String)) -> String {
    let lines = function.text.split(separator: "\n", omittingEmptySubsequences: false)
    return function.signature + "\n" + lines.map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
  }

  /// The first line of the file, which says what the module is for.
  private static func summary(_ source: SourceText) -> String { String(source.line(1).drop { $0 == "#" || $0 == " " }) }
}

extension HelpTopics {
  /// Lines of all pages that hold a word, with the topic in front, in the order of the topics.
  /// - Parameter limit: how many at most for one topic.
  public func search(_ word: String, limit: Int = 3) -> [(topic: String, line: String)] {
    let wanted = word.lowercased()
    guard !wanted.isEmpty else { return [] }
    return providers.flatMap { provider in
      provider.topics.flatMap { topic -> [(topic: String, line: String)] in
        let lines = (provider.page(topic.name) ?? "").split(separator: "\n").filter { line in
          line.lowercased().contains(wanted)
        }
        return lines.prefix(limit).map { line in (topic.name, String(line.drop { $0 == " " })) }
      }
    }
  }
}

extension Session {
  /// Everything `lis help` knows.
  /// - Parameter library: the modules that `use` finds.
  public static func helpTopics(_ library: ModuleLibrary) -> HelpTopics {
    let table = BuiltinTable(machine: Machine(limits: MachineLimits()), session: SessionHolder())
    return HelpTopics([LanguageHelp(), BuiltinHelp(table.builtins), LibraryHelp(library), CodeHelp()])
  }

  /// The same for the names of this session.
  public var helpTopics: HelpTopics {
    HelpTopics([LanguageHelp(), BuiltinHelp(builtins), LibraryHelp(options.library), CodeHelp()])
  }
}
