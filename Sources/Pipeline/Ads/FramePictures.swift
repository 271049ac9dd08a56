import AdDetection
import Matching

/// Frames as detection wants them.
final class FramePictures: PictureSource {
  private let frames: any FrameSource

  init(_ frames: any FrameSource) { self.frames = frames }

  var durationSeconds: Double { frames.durationSeconds }

  func pictures(from start: Double, to end: Double) throws -> [TimedPicture] {
    try frames.frames(from: start, to: end).map {
      TimedPicture(seconds: $0.seconds, plane: $0.plane)
    }
  }
}
