public import Foundation
import VideoCore

extension FilmRenderer {
  /// Renders the whole film into a file; the container follows from the name.
  ///
  /// - Parameters:
  ///   - output: the file; it appears once it is whole.
  ///   - settings: how it is encoded.
  ///   - jobs: frames drawn at the same time; the file does not depend on it.
  ///   - progress: called with the number of frames done.
  /// - Throws: ``SyntheticMediaError`` where ffmpeg or the disk fails.
  public func write(
    to output: URL,
    settings: EncoderSettings = EncoderSettings(),
    jobs: Int = 1,
    progress: (Int) -> Void = { _ in }
  ) async throws {
    let encoder = try FFmpegEncoder(
      output: output,
      size: size,
      frameRate: script.frameRate,
      settings: settings
    )
    var cache = Cache()
    var next = 0
    let batch = max(1, jobs) * 4
    while next < script.frameCount {
      try Task.checkCancellation()
      let range = next..<min(script.frameCount, next + batch)
      prepare(frames: range, cache: &cache)
      if jobs <= 1 {
        for index in range { try encoder.write(frame(index, prepared: cache)) }
      } else {
        let ready = cache
        let frames = await withTaskGroup(of: [(Int, PictureFrame)].self) { group in
          for job in 0..<jobs {
            group.addTask {
              range.filter { $0 % jobs == job }.map { ($0, self.frame($0, prepared: ready)) }
            }
          }
          var all: [(Int, PictureFrame)] = []
          for await part in group { all += part }
          return all.sorted { $0.0 < $1.0 }
        }
        for (_, picture) in frames { try encoder.write(picture) }
      }
      next = range.upperBound
      progress(next)
    }
    try encoder.finish()
  }
}
