import VideoCore

/// One of the eight ways to lay a picture, as the display matrix of a container states them.
///
/// Applied as: swap the axes if `transposes`, then mirror left-right and top-bottom.
struct Orientation: Equatable {
  var transposes = false
  var flipsX = false
  var flipsY = false

  static let upright = Orientation()

  init(transposes: Bool = false, flipsX: Bool = false, flipsY: Bool = false) {
    self.transposes = transposes
    self.flipsX = flipsX
    self.flipsY = flipsY
  }

  /// Reads a display matrix.
  ///
  /// Its left upper 2x2 part maps stored (x, y) to shown
  /// (a·x + c·y, b·x + d·y). Turns that are not quarter turns count as the nearest one.
  init(a: Int32, b: Int32, c: Int32, d: Int32) {
    let straight = abs(Int64(a)) + abs(Int64(d))
    let turned = abs(Int64(b)) + abs(Int64(c))
    transposes = turned > straight
    flipsX = transposes ? c < 0 : a < 0
    flipsY = transposes ? b < 0 : d < 0
  }

  /// Whether the result is a mirror image.
  var isMirrored: Bool { transposes != (flipsX != flipsY) }

  /// Clockwise turn after the mirroring, if any, in degrees.
  var rotationDegrees: Int {
    switch (transposes, flipsX, flipsY) {
    case (false, _, let flipsY): flipsY ? 180 : 0
    case (true, let flipsX, _): flipsX ? 90 : 270
    }
  }

  /// Size of the shown picture if `size` is stored, and the other way round.
  func applied(to size: FrameSize) -> FrameSize {
    transposes ? FrameSize(width: size.height, height: size.width) : size
  }

  /// Where a part of the shown picture lies in the stored one.
  func stored(_ shown: PictureWindow) -> PictureWindow {
    let (left, right) = flipsX ? (1 - shown.right, 1 - shown.left) : (shown.left, shown.right)
    let (top, bottom) = flipsY ? (1 - shown.bottom, 1 - shown.top) : (shown.top, shown.bottom)
    return transposes
      ? PictureWindow(left: top, top: left, right: bottom, bottom: right)
      : PictureWindow(left: left, top: top, right: right, bottom: bottom)
  }

  /// Lays `source`, a row-major picture whose shown size is `shown`, upright into `output`.
  func apply(_ source: [UInt8], shown: FrameSize, into output: inout [UInt8]) {
    let stored = applied(to: shown)
    precondition(source.count == stored.area && output.count == shown.area, "planes differ")
    for y in 0..<shown.height {
      let fromY = flipsY ? shown.height - 1 - y : y
      for x in 0..<shown.width {
        let fromX = flipsX ? shown.width - 1 - x : x
        output[y * shown.width + x] =
          transposes ? source[fromX * stored.width + fromY] : source[fromY * stored.width + fromX]
      }
    }
  }
}
