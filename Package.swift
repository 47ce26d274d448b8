// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "lis",
  targets: [
    .target(name: "LisSyntax"),
    .target(name: "LisSchema"),
    .target(name: "LisCore"),
    .target(name: "LisCompiler", dependencies: ["LisSyntax", "LisSchema", "LisCore"]),
    .testTarget(name: "LisCoreTests", dependencies: ["LisCore"]),
  ],
  swiftLanguageModes: [.v6]
)
