// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "lis",
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0")
  ],
  targets: [
    .target(name: "CCurl"),
    .target(name: "HubSpot", dependencies: ["CCurl"]),
    .target(name: "LisSyntax"),
    .target(name: "LisSchema"),
    .target(name: "LisCore"),
    .target(name: "LisFormats"),
    .target(name: "LisCompiler", dependencies: ["LisSyntax", "LisSchema", "LisCore"]),
    .target(
      name: "LisEngine",
      dependencies: ["LisCore", "LisSchema", "HubSpot", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(name: "LisCoreTests", dependencies: ["LisCore"]),
  ],
  swiftLanguageModes: [.v6]
)
