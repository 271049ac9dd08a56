// swift-tools-version: 6.2
import PackageDescription

// One list of settings for every Swift target, so that no module is laxer than another.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

// Tests read buffers freely; the product's own code may not.
let testing: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

// A target may import only what stands in its row; ARCHITECTURE.md says why.
let package = Package(
  name: "LeakTrace",
  products: [
    .executable(name: "leaktrace", targets: ["leaktrace"]),
    .executable(name: "leaktrace-worker", targets: ["leaktrace-worker"]),
    .executable(name: "testmedia-render", targets: ["testmedia-render"]),
    .library(
      name: "LeakTraceCore",
      targets: [
        "FrameKernels", "VideoCore", "MediaIO", "Fingerprinting", "AudioFingerprinting", "Intake",
        "Settings",
        "Registration", "ReferenceLibrary", "Captures", "Seats", "Screenings", "Attribution",
        "Casebook", "Matching", "AdDetection",
        "TextEngine", "TextReading",
        "BrandRecognition", "AdRecognition", "Isolation", "Marks", "Pipeline", "SyntheticMedia",
      ]
    ),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    // C and C++ fences.
    .target(
      name: "CLateBinding",
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]
    ),
    .target(name: "CFFmpeg", dependencies: ["CLateBinding"], path: "CFFmpeg"),
    .target(name: "CFrameKernels", cSettings: [.define("NDEBUG", .when(configuration: .release))]),
    .target(name: "CFingerprintTables"),
    .target(
      name: "COpenCV",
      dependencies: ["CLateBinding"],
      cSettings: [.headerSearchPath("opencv4")],
      cxxSettings: [.headerSearchPath("opencv4")]
    ),

    .target(
      name: "CTesseract",
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]
    ),

    .target(name: "CSandbox", linkerSettings: [.linkedLibrary("seccomp")]),

    // Algorithms: no files, no clock, no Foundation.
    .target(name: "VideoCore", swiftSettings: strict),
    .target(name: "FrameKernels", dependencies: ["CFrameKernels"], swiftSettings: strict),
    .target(
      name: "Registration",
      dependencies: ["COpenCV", "FrameKernels", "VideoCore"],
      swiftSettings: strict
    ),
    .target(
      name: "Fingerprinting",
      dependencies: ["CFingerprintTables", "FrameKernels", "VideoCore"],
      swiftSettings: strict
    ),
    .target(name: "AudioFingerprinting", swiftSettings: strict),
    .target(
      name: "Matching",
      dependencies: ["FrameKernels", "Fingerprinting", "Registration", "VideoCore"],
      swiftSettings: strict
    ),
    .target(
      name: "AdDetection",
      dependencies: ["FrameKernels", "Registration", "VideoCore"],
      swiftSettings: strict
    ),
    .target(
      name: "TextEngine",
      dependencies: ["CTesseract", "VideoCore"],
      swiftSettings: strict
    ),
    .target(
      name: "TextReading",
      dependencies: ["COpenCV", "CTesseract", "TextEngine", "VideoCore"],
      swiftSettings: strict
    ),
    .target(
      name: "BrandRecognition",
      dependencies: ["FrameKernels", "TextReading", "VideoCore"],
      swiftSettings: strict
    ),
    .target(
      name: "AdRecognition",
      dependencies: [
        "AdDetection", "BrandRecognition", "FrameKernels", "TextReading", "VideoCore",
      ],
      swiftSettings: strict
    ),

    .target(
      name: "Marks",
      dependencies: ["VideoCore", crypto],
      swiftSettings: strict
    ),
    // How a recording was made: its movements in the film's own plane, and the seat.
    .target(
      name: "Captures",
      dependencies: ["FrameKernels", "Registration", "VideoCore"],
      swiftSettings: strict
    ),
    .target(name: "Seats", dependencies: ["VideoCore"], swiftSettings: strict),

    // The outside world: media files, the library on disk.
    .target(
      name: "MediaIO",
      dependencies: ["CFFmpeg", "FrameKernels", "VideoCore", system],
      swiftSettings: strict
    ),
    // Parsing of hostile bytes in processes that can do nothing else.
    .target(
      name: "Isolation",
      dependencies: ["CSandbox", "MediaIO", "TextEngine", "VideoCore", system],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "leaktrace-worker",
      dependencies: ["Isolation"],
      swiftSettings: strict
    ),
    .target(
      name: "ReferenceLibrary",
      dependencies: [
        "Fingerprinting", "VideoCore", system, crypto,
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict
    ),

    // Files of cinemas and labs on what was shown where; bytes in, values out.
    .target(name: "Screenings", dependencies: [crypto], swiftSettings: strict),

    .target(
      name: "Casebook",
      dependencies: [
        "Screenings", system, crypto,
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict
    ),

    // How strongly marks, versions, times and places point to each screening of a list.
    .target(name: "Attribution", dependencies: ["Marks"], swiftSettings: strict),

    // Folders that strangers put files into, and the file that says how they are worked on.
    .target(name: "Intake", dependencies: [system], swiftSettings: strict),
    .target(
      name: "Settings",
      dependencies: [.product(name: "TOMLKit", package: "TOMLKit")],
      swiftSettings: strict
    ),

    // Joins all of the above; the command line knows only this.
    .target(
      name: "Pipeline",
      dependencies: [
        "AdDetection", "AdRecognition", "Attribution", "AudioFingerprinting", "BrandRecognition",
        "Captures", "Casebook", "Fingerprinting", "Intake", "Isolation", "Marks", "Matching",
        "MediaIO",
        "ReferenceLibrary", "Registration", "FrameKernels", "Screenings", "Seats", "TextEngine",
        "TextReading", "VideoCore", system, crypto, .product(name: "Logging", package: "swift-log"),
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "leaktrace",
      dependencies: [
        "Casebook", "Intake", "Isolation", "Marks", "MediaIO", "Pipeline", "Screenings", "Seats",
        "Settings", system, .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict
    ),

    // Films that the project renders itself, and a camcorder to leak them.
    .target(name: "SyntheticMedia", dependencies: ["VideoCore"], swiftSettings: strict),
    .executableTarget(
      name: "testmedia-render",
      dependencies: [
        "SyntheticMedia",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict
    ),

    // Tests; TestSupport has seeded random numbers, temporary folders and a way to run programs.
    .target(name: "TestSupport", path: "Tests/_TestSupport", swiftSettings: testing),
    .target(
      name: "OwnParsers",
      dependencies: [
        "AudioFingerprinting", "Captures", "Casebook", "Intake", "Isolation", "MediaIO", "Pipeline",
        "ReferenceLibrary", "Screenings", "Seats", "Settings", "TextEngine", "TextReading",
        "VideoCore", crypto, system,
      ],
      path: "Tests/_OwnParsers",
      swiftSettings: testing
    ),
    .testTarget(
      name: "VideoCoreTests",
      dependencies: ["VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "FrameKernelsTests",
      dependencies: ["FrameKernels", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "MediaIOTests",
      dependencies: ["MediaIO", "VideoCore", "TestSupport", system],
      swiftSettings: testing
    ),
    .testTarget(
      name: "IsolationTests",
      dependencies: [
        "Isolation", "MediaIO", "VideoCore", "TestSupport", "leaktrace", "leaktrace-worker", system,
      ],
      swiftSettings: testing
    ),
    .testTarget(
      name: "FingerprintingTests",
      dependencies: ["Fingerprinting", "VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "AudioFingerprintingTests",
      dependencies: ["AudioFingerprinting", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "RegistrationTests",
      dependencies: ["Registration", "VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "ReferenceLibraryTests",
      dependencies: [
        "ReferenceLibrary", "Fingerprinting", "VideoCore", "TestSupport", system, crypto,
      ],
      swiftSettings: testing
    ),
    .testTarget(
      name: "CapturesTests",
      dependencies: ["Captures", "VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "SeatsTests",
      dependencies: ["Seats", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "ScreeningsTests",
      dependencies: ["Screenings", "TestSupport"],
      exclude: ["Samples"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "AttributionTests",
      dependencies: ["Attribution", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "CasebookTests",
      dependencies: ["Casebook", "Screenings", "TestSupport", system],
      swiftSettings: testing
    ),
    .testTarget(
      name: "IntakeTests",
      dependencies: ["Intake", "TestSupport", system],
      swiftSettings: testing
    ),
    .testTarget(
      name: "SettingsTests",
      dependencies: ["Settings", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "Casebook", "Intake", "Marks", "MediaIO", "Pipeline", "TestSupport", system,
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: testing
    ),
    .testTarget(
      name: "MarksTests",
      dependencies: ["Marks", "VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "MatchingTests",
      dependencies: ["Matching", "Fingerprinting", "VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "AdDetectionTests",
      dependencies: ["AdDetection", "VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "TextReadingTests",
      dependencies: ["TextReading", "VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "BrandRecognitionTests",
      dependencies: [
        "BrandRecognition", "FrameKernels", "TextReading", "VideoCore", "TestSupport",
      ],
      swiftSettings: testing
    ),
    .testTarget(
      name: "AdRecognitionTests",
      dependencies: [
        "AdDetection", "AdRecognition", "BrandRecognition", "TextReading", "VideoCore",
        "TestSupport",
      ],
      swiftSettings: testing
    ),
    .testTarget(
      name: "SyntheticMediaTests",
      dependencies: ["SyntheticMedia", "VideoCore", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "OwnParsersTests",
      dependencies: ["OwnParsers", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "leaktraceCLITests",
      dependencies: [
        "Casebook", "TestSupport", "leaktrace", "leaktrace-worker", "testmedia-render", system,
      ],
      swiftSettings: testing
    ),
  ],
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx17
)

// A fuzzer needs the compiler's libFuzzer: it is no part of a normal build.
if Context.environment["LEAKTRACE_FUZZING"] != nil {
  package.products.append(.executable(name: "ParserFuzzer", targets: ["ParserFuzzer"]))
  package.targets += [
    .target(name: "CLibFuzzer", path: "Benchmarks/Robustness/CLibFuzzer"),
    .executableTarget(
      name: "ParserFuzzer",
      dependencies: ["CLibFuzzer", "OwnParsers", system],
      path: "Benchmarks/Robustness/ParserFuzzer",
      swiftSettings: testing
    ),
  ]
}
