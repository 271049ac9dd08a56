public import VideoCore

/// What overlays hide of a leak's picture at a moment: for whoever measures the film beneath.
public struct OcclusionMask: Sendable, Hashable {
  /// Width and height in pixels.
  public let size: FrameSize
  /// `size.area` numbers, 255 where something is drawn over the picture, else 0.
  public let pixels: [UInt8]

  /// The mask of the overlays that are there at `seconds`, grown by `margin` pixels.
  public init(of overlays: [OverlayTrack], at seconds: Double, size: FrameSize, margin: Int = 2) {
    var pixels = [UInt8](repeating: 0, count: size.area)
    for overlay in overlays where overlay.start <= seconds && seconds < overlay.end {
      guard let box = overlay.box(at: seconds) else { continue }
      let left = max(0, Int((box.x * Double(size.width)).rounded(.down)) - margin)
      let right = min(size.width, Int((box.right * Double(size.width)).rounded(.up)) + margin)
      let top = max(0, Int((box.y * Double(size.height)).rounded(.down)) - margin)
      let bottom = min(size.height, Int((box.bottom * Double(size.height)).rounded(.up)) + margin)
      guard left < right, top < bottom else { continue }
      for y in top..<bottom {
        for x in left..<right { pixels[y * size.width + x] = 255 }
      }
    }
    self.size = size
    self.pixels = pixels
  }
}
