public import VideoCore

/// How near marked pictures are to those that they were made of: PSNR and SSIM of the luma.
///
/// - Source: Wang, Bovik, Sheikh, Simoncelli: "Image quality assessment: from error visibility to
///   structural similarity", IEEE TIP 2004; here over squares of 8x8 without overlap, with the
///   paper's constants. Measured before the encoder, so that it says what the mark does and not what
///   the encoder does.
public struct PictureQuality: Sendable, Hashable {
  private var squares = 0.0
  private var samples = 0
  private var similarity = 0.0
  private var windows = 0

  /// Nothing measured.
  public init() {}

  /// Adds a picture and its marked form, which may have another number of bits.
  public mutating func add(_ original: LumaSamples, _ marked: LumaSamples) {
    precondition(original.size == marked.size, "pictures differ in size")
    let one = 255 / Double((1 << original.bitDepth) - 1)
    let two = 255 / Double((1 << marked.bitDepth) - 1)
    // Of limited range, levels of more bits are exact multiples.
    let a = original.isFullRange ? one : 1 / Double(1 << (original.bitDepth - 8))
    let b = marked.isFullRange ? two : 1 / Double(1 << (marked.bitDepth - 8))
    let (width, height) = (original.size.width, original.size.height)
    for top in stride(from: 0, to: height, by: Self.side) {
      for left in stride(from: 0, to: width, by: Self.side) {
        let (bottom, right) = (min(height, top + Self.side), min(width, left + Self.side))
        var (x, y, xx, yy, xy, error) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for row in top..<bottom {
          for column in left..<right {
            let p = Double(original.samples[row * width + column]) * a
            let q = Double(marked.samples[row * width + column]) * b
            x += p
            y += q
            xx += p * p
            yy += q * q
            xy += p * q
            error += (p - q) * (p - q)
          }
        }
        let count = Double((bottom - top) * (right - left))
        squares += error
        samples += (bottom - top) * (right - left)
        guard bottom - top == Self.side, right - left == Self.side else { continue }
        let (mx, my) = (x / count, y / count)
        let (vx, vy, c) = (xx / count - mx * mx, yy / count - my * my, xy / count - mx * my)
        similarity +=
          (2 * mx * my + Self.c1) * (2 * c + Self.c2)
          / ((mx * mx + my * my + Self.c1) * (vx + vy + Self.c2))
        windows += 1
      }
    }
  }

  /// Peak signal-to-noise ratio in decibels, for a peak of 255; nil without pictures or error.
  public var psnr: Double? {
    guard samples > 0, squares > 0 else { return nil }
    return 10 * _log10(255 * 255 * Double(samples) / squares)
  }

  /// Mean structural similarity, at most 1; nil without pictures.
  public var ssim: Double? { windows > 0 ? similarity / Double(windows) : nil }

  private static let side = 8
  private static let c1 = (0.01 * 255) * (0.01 * 255)
  private static let c2 = (0.03 * 255) * (0.03 * 255)
}
