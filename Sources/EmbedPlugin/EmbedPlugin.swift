import Foundation
import PackagePlugin

/// EmbedPlugin: the package manager enters with the files of a target, and leaves with the command that turns those in
/// the language into Swift. It runs `embed-tool` again when a module is changed, added or removed, because its target is
/// the folder of the modules itself.
@main struct EmbedPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let target = target.sourceModule else { return [] }
    let modules = target.sourceFiles(withSuffix: ".lis").map(\.url).sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedModules.swift")
    return [
      .buildCommand(
        displayName: "Embedding the standard library", executable: try context.tool(named: "embed-tool").url,
        arguments: [output.path] + modules.map(\.path), inputFiles: modules, outputFiles: [output])
    ]
  }
}
