// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that a build of LeakTrace never builds benchmarks.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let core = Target.Dependency.product(name: "LeakTraceCore", package: "LeakTrace")

let package = Package(
  name: "LeakTraceBenchmarks",
  dependencies: [
    .package(name: "LeakTrace", path: "../"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .executableTarget(name: "TextAccuracy", dependencies: [core], swiftSettings: settings),
    .executableTarget(name: "KernelBenchmarks", dependencies: [core], swiftSettings: settings),
    .executableTarget(name: "HashingSpeed", dependencies: [core], swiftSettings: settings),
    .executableTarget(
      name: "DecodeCost",
      dependencies: [core, .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "LibraryScale",
      dependencies: [core, .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "NullCalibration",
      dependencies: [core, .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: settings
    ),
  ]
)
