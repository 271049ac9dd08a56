import ArgumentParser
import Foundation
import SyntheticMedia
import VideoCore

/// Renders one film of any seed, length and size.
struct FilmCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "film",
    abstract: "Render one film, for example as long material for a benchmark."
  )

  @Option(help: "Seed; equal seeds give equal films.") var seed: UInt64
  @Option(help: "Length in seconds.") var duration: Double = 60
  @Option(help: "Width x height in pixels, both even.") var size: PictureSize = .small
  @Option(help: "Frames drawn at the same time.") var jobs: Int = 2
  @Option(help: "Threads of the encoder; the file, not its frames, depends on it.")
  var encoderThreads: Int = 1
  @Option(help: "File to write; its name decides the container.") var output: String

  func validate() throws {
    guard duration >= 1, duration < 40_000 else {
      throw ValidationError("--duration must be from 1 to 40000 seconds.")
    }
    guard (1...64).contains(encoderThreads) else {
      throw ValidationError("--encoder-threads must be from 1 to 64.")
    }
    guard jobs >= 1, jobs <= 256 else { throw ValidationError("--jobs must be from 1 to 256.") }
  }

  func run() async throws {
    let script = FilmScript(seed: seed, duration: duration)
    let progress = ProgressLine(name: output, total: script.frameCount)
    try await FilmRenderer(script: script, size: size.frame).write(
      to: URL(fileURLWithPath: output),
      settings: EncoderSettings(threads: encoderThreads),
      jobs: jobs,
      progress: progress.update
    )
    progress.end()
  }
}

/// A size as typed, for example `640x360`.
struct PictureSize: ExpressibleByArgument {
  static let small = PictureSize(frame: FrameSize(width: 640, height: 360))

  let frame: FrameSize

  init(frame: FrameSize) { self.frame = frame }

  init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1],
      (64...7680).contains(width), (64...4320).contains(height), width % 2 == 0, height % 2 == 0
    else { return nil }
    frame = FrameSize(width: width, height: height)
  }

  var defaultValueDescription: String { frame.description }
}
