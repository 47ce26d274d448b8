/// LisStdlib: the modules of the standard library, which are written in the language, leave as text. The folder they
/// stand in is this room; a build plugin turns them into `EmbeddedModules`, so that a binary needs no file beside it.
public enum StandardLibrary {
  /// The names that `use` knows, in order.
  public static var names: [String] { EmbeddedModules.texts.map(\.name) }

  /// The text of a module; nil when there is none of that name.
  public static func source(named name: String) -> String? {
    EmbeddedModules.texts.first { $0.name == name }?.text
  }
}
