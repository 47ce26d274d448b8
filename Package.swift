// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "lis",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
  ],
  targets: [
    .target(name: "CCurl"),
    .target(name: "HubSpot", dependencies: ["CCurl"]),
    .target(name: "LisSyntax"),
    .target(name: "LisSchema"),
    .target(name: "LisCore"),
    .target(name: "LisFormats", dependencies: ["LisCore"]),
    .target(name: "LisCompiler", dependencies: ["LisSyntax", "LisSchema", "LisCore"]),
    .target(
      name: "LisEngine",
      dependencies: ["LisCore", "LisSchema", "HubSpot", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "LisRuntime", dependencies: ["LisCompiler", "LisEngine", "LisFormats", "LisSchema", "HubSpot"]),
    .target(
      name: "PracticePortal",
      dependencies: [
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(name: "CLineEdit", linkerSettings: [.linkedLibrary("edit")]),
    .target(name: "LisShell", dependencies: ["CLineEdit"]),
    .executableTarget(
      name: "lis",
      dependencies: [
        "LisRuntime", "LisShell", "PracticePortal", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "LisCoreTests", dependencies: ["LisCore"]),
  ],
  swiftLanguageModes: [.v6]
)
