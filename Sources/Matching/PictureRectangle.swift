import FrameKernels
import VideoCore

/// The part of a small picture that lies between black bars, in its pixels; half-open.
///
/// All letterboxed films share the bars and their edges. Under a local contrast these count as much
/// as any picture does, so what is compared ends before them.
package struct PictureRectangle: Sendable, Hashable {
  package var left: Int
  package var top: Int
  package var right: Int
  package var bottom: Int

  /// All of a picture of the aligner's size.
  package static let whole = PictureRectangle(
    left: 0,
    top: 0,
    right: RectifiedFrames.width,
    bottom: RectifiedFrames.height
  )

  var area: Int { (right - left) * (bottom - top) }
}

extension PictureRectangle {
  /// Looks for bars in a row-major picture of the aligner's size; dark pictures have none.
  package init(lookingAt pixels: [UInt8]) {
    let (width, height) = (RectifiedFrames.width, RectifiedFrames.height)
    func brightShare(_ count: Int, _ index: (Int) -> Int) -> Double {
      Double((0..<count).count { pixels[index($0)] > Self.black }) / Double(count)
    }
    let rows = (0..<height).map { row in brightShare(width) { row * width + $0 } }
    let columns = (0..<width).map { column in brightShare(height) { $0 * width + column } }
    let (top, bottom) = (Self.edge(rows), height - Self.edge(rows.reversed()))
    let (left, right) = (Self.edge(columns), width - Self.edge(columns.reversed()))
    self.init(left: left, top: top, right: right, bottom: bottom)
    if bottom - top < height / 3 || right - left < width / 3 { self = .whole }
  }

  /// The first line clear of a bar and its edge; 0 without one.
  ///
  /// A bar ends along all of its length, unlike the night around something bright.
  private static func edge(_ shares: [Double]) -> Int {
    guard let first = shares.firstIndex(where: { $0 > mostBright }), first >= leastLines,
      shares[first...].prefix(edgeLines).contains(where: { $0 >= leastEdge })
    else { return 0 }
    return first + margin
  }

  private static let black: UInt8 = 20
  private static let mostBright = 0.02
  /// Fewer black lines are a crop that is not exact.
  private static let leastLines = 2
  /// How soon after a bar most of a line must be bright, and how much of it.
  private static let edgeLines = 3
  private static let leastEdge = 0.6
  /// An edge reaches this far into its surroundings.
  private static let margin = 2
}

extension LumaPlane {
  /// Whether little else is there than letters on flat black, or nothing: titles, credits, fades.
  ///
  /// Letters of one font and lines of one spacing are alike in all films. Something bright on black
  /// that is no letter has an inside.
  package var isTextOnBlack: Bool {
    let (width, height) = (size.width, size.height)
    guard width > 1, height > 1 else { return true }
    // Nearly all pictures have too little black for it.
    let dark = pixels.reduce(0) { $0 + ($1 <= UInt8(Self.flatBlack) ? 1 : 0) }
    let leastFlat = Self.flatShare * Double((width - 1) * (height - 1))
    guard Double(dark) >= leastFlat else { return false }
    var (flat, bright, inside) = (0, 0, 0)
    let reach = Self.strokeReach
    for y in 0..<height - 1 {
      for x in 0..<width - 1 {
        let at = y * width + x
        let value = Int(pixels[at])
        if value <= Self.flatBlack, abs(value - Int(pixels[at + 1])) <= Self.flatStep,
          abs(value - Int(pixels[at + width])) <= Self.flatStep
        {
          flat += 1
        }
        guard value > Self.flatBlack else { continue }
        bright += 1
        guard y >= reach, x >= reach, y + reach < height, x + reach < width else { continue }
        let isInside = (-reach...reach).allSatisfy { dy in
          (-reach...reach).allSatisfy { Int(pixels[at + dy * width + $0]) > Self.flatBlack }
        }
        if isInside { inside += 1 }
      }
    }
    return Double(flat) >= leastFlat && Double(inside) <= Self.insideShare * Double(bright)
  }

  private static let flatBlack = 24
  private static let flatStep = 2
  private static let flatShare = 0.6
  /// Strokes of letters in a picture of 160x90 are narrower than twice this and one, in pixels.
  private static let strokeReach = 2
  private static let insideShare = 0.2
}
