// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "lis",
  targets: [
    .target(name: "LisCore"),
    .testTarget(name: "LisCoreTests", dependencies: ["LisCore"]),
  ],
  swiftLanguageModes: [.v6]
)
