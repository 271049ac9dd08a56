public import VideoCore

/// Hashes of a few frames of each film of the catalogue, to notice when a film changes.
public enum FilmGolden {
  /// Size at which the frames are drawn.
  public static let size = FrameSize(width: 320, height: 180)

  /// Frames of a film that are hashed: one of the first story shot and one of the second half.
  public static func frames(of script: FilmScript) -> [Int] {
    [script.frameCount / 9, script.frameCount * 3 / 5]
  }

  /// One line a frame: the film's name, the frame's number, 16 hexadecimal digits of FNV-1a.
  public static func line(script: FilmScript, frame: Int) -> String {
    var cache = FilmRenderer.Cache()
    let picture = FilmRenderer(script: script, size: size).frame(frame, cache: &cache)
    let hex = String(picture.fnv64, radix: 16)
    return "\(script.identifier) \(frame) \(String(repeating: "0", count: 16 - hex.count))\(hex)"
  }

  /// The whole file, ending in a newline.
  public static var contents: String {
    FilmScript.catalogue.flatMap { script in
      frames(of: script).map { line(script: script, frame: $0) + "\n" }
    }.joined()
  }
}
