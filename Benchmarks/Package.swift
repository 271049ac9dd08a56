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
  dependencies: [.package(name: "LeakTrace", path: "../")],
  targets: [
    .executableTarget(name: "KernelBenchmarks", dependencies: [core], swiftSettings: settings)
  ]
)
