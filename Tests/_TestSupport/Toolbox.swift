public import Foundation

/// Runs a program that the tests need, such as `ffmpeg`, and collects what it printed.
public struct Toolbox {
  /// Exit status and output of one finished program.
  public struct Outcome: Sendable {
    /// Exit status; negative where a signal ended the program.
    public let status: Int32
    /// Bytes written to standard output.
    public let output: Data
    /// Bytes written to standard error.
    public let errors: Data

    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// Standard error as text.
    public var errorText: String { String(decoding: errors, as: UTF8.self) }
  }

  /// Runs `arguments[0]`, looked up on the path, to its end.
  ///
  /// - Throws: an error of Foundation's where the program cannot be started.
  public static func run(
    _ arguments: [String],
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let folder = try TemporaryDirectory()
    // Files, not pipes: a program that fills one pipe while we drain the other would stop.
    let output = folder.url.appendingPathComponent("out")
    let errors = folder.url.appendingPathComponent("err")
    for file in [output, errors] {
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let status = process.terminationStatus
    return Outcome(
      status: process.terminationReason == .uncaughtSignal ? -status : status,
      output: try Data(contentsOf: output),
      errors: try Data(contentsOf: errors)
    )
  }
}
