// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "lis",
  products: [
    .executable(name: "lis", targets: ["lis"]),
    .library(name: "HubSpot", targets: ["HubSpot"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
  ],
  targets: [
    // The language. None of these does any I/O.
    .target(name: "LisSyntax"),
    .target(name: "LisSchema"),
    .target(name: "LisCore"),
    .target(name: "LisFormats", dependencies: ["LisCore"]),
    .target(name: "LisCompiler", dependencies: ["LisSyntax", "LisSchema", "LisCore"]),

    // The standard library: its folder holds the modules, which a plugin puts into the program as text.
    .executableTarget(name: "embed-tool"),
    .plugin(
      name: "EmbedPlugin", capability: .buildTool(), dependencies: ["embed-tool"], path: "Sources/EmbedPlugin"),
    .target(name: "LisStdlib", path: "stdlib", plugins: ["EmbedPlugin"]),

    // The API client, a library of its own.
    .target(name: "CCurl"),
    .target(name: "HubSpot", dependencies: ["CCurl"]),

    // Reads, writes, the journal; and the session that joins everything.
    .target(
      name: "LisEngine",
      dependencies: ["LisCore", "LisSchema", "HubSpot", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "LisRuntime",
      dependencies: ["LisSyntax", "LisSchema", "LisCore", "LisFormats", "LisCompiler", "LisEngine", "HubSpot"],
      exclude: ["Reference/Markdown"]),

    // The practice portal: shares nothing with the client.
    .target(
      name: "PracticePortal",
      dependencies: [
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "GRDB", package: "GRDB.swift"),
      ]),

    // The front ends.
    .target(name: "CLineEdit"),
    .target(name: "LisShell", dependencies: ["CLineEdit", "LisFormats"]),
    .executableTarget(
      name: "lis",
      dependencies: [
        "LisRuntime", "LisStdlib", "LisShell", "PracticePortal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests.
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "LisSyntaxTests", dependencies: ["LisSyntax", "TestSupport"], exclude: ["Goldens"]),
    .testTarget(name: "LisCoreTests", dependencies: ["LisCore", "TestSupport"]),
    .testTarget(name: "LisFormatsTests", dependencies: ["LisFormats", "TestSupport"]),
    .testTarget(name: "HubSpotTests", dependencies: ["HubSpot", "PracticePortal", "TestSupport"]),
    .testTarget(name: "PracticePortalTests", dependencies: ["PracticePortal", "TestSupport"]),
    .testTarget(
      name: "LisEngineTests",
      dependencies: [
        "HubSpot", "LisSyntax", "LisSchema", "LisCore", "LisEngine", "LisRuntime", "PracticePortal", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "LanguageTests",
      dependencies: [
        "LisSyntax", "LisSchema", "LisCore", "LisCompiler", "LisEngine", "LisRuntime", "LisStdlib", "HubSpot",
        "PracticePortal", "TestSupport",
      ],
      exclude: ["Programs", "Goldens", "Reference"]),
    .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
    .executableTarget(name: "shell-dev", dependencies: ["LisShell"], path: "Tests/ShellHarness"),
    .target(name: "TerminalSupport", dependencies: ["CPseudoTerminal"], path: "Tests/TerminalSupport"),
    .testTarget(name: "LisShellTests", dependencies: ["LisShell", "TerminalSupport", "shell-dev"]),
    .testTarget(name: "CommandTests", dependencies: ["lis", "CPseudoTerminal", "TerminalSupport", "TestSupport"]),
    .testTarget(name: "HouseTests"),
  ],
  swiftLanguageModes: [.v6]
)

// The machine alone, so that the address sanitizer builds little: see scripts/sanitize.
if Context.environment["LIS_PACKAGE"] == "core" {
  let core: Set = ["LisCore", "TestSupport", "LisCoreTests"]
  package.targets.removeAll { !core.contains($0.name) }
  package.products = []
  package.dependencies = []
}
