import MediaIO
import SystemPackage
import VideoCore

/// Small pictures of a film, eight a second.
struct Pictures {
  let name: String
  private(set) var frames: [(seconds: Double, plane: LumaPlane)] = []

  static let size = FrameSize(width: 160, height: 90)
  private static let spacing = 0.12

  /// Decodes a file.
  init(_ path: FilePath) throws {
    name = path.stem ?? ""
    let reader = try VideoReader(path, options: DecodeOptions(planeSize: Self.size))
    var frames: [(Double, LumaPlane)] = []
    try reader.read { frame in
      let seconds = frame.time.seconds
      if frames.last.map({ seconds - $0.0 >= Self.spacing }) ?? true {
        frames.append((seconds, frame.plane))
      }
      return .continue
    }
    self.frames = frames
  }

  var durationSeconds: Double { frames.last?.seconds ?? 0 }

  /// The same pictures upside down.
  var turnedOver: Pictures {
    var result = self
    for index in frames.indices {
      let (width, pixels) = (frames[index].plane.size.width, frames[index].plane.pixels)
      var turned: [UInt8] = []
      for start in stride(from: pixels.count - width, through: 0, by: -width) {
        turned += pixels[start..<start + width]
      }
      result.frames[index].plane = LumaPlane(size: frames[index].plane.size, pixels: turned)
    }
    return result
  }
}
