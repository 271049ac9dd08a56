import FrameKernels
import VideoCore

#if canImport(Glibc)
import Glibc
#endif

/// 256 bits that say what a picture looks like, of which copies share most.
///
/// Low frequencies of the cosine transform, each against their median, as perceptual hashes of
/// pictures have them (Zauner, "Implementation and Benchmarking of Perceptual Image Hash
/// Functions", 2010): copies differ in few bits, unrelated pictures in about half of them.
enum LookHash {
  private static let side = 64
  private static let frequencies = 16

  /// The 32 bytes of a picture's look; nil where it is flat.
  static func bytes(of plane: LumaPlane) -> [UInt8]? {
    guard plane.size.area > 0 else { return nil }
    var small = [UInt8](repeating: 0, count: side * side)
    AreaReduction.reduce(
      plane.pixels.span,
      strideBytes: plane.size.width,
      width: plane.size.width,
      height: plane.size.height,
      into: &small,
      outputWidth: side,
      outputHeight: side
    )
    guard let low = small.min(), let high = small.max(), high > low &+ 8 else { return nil }
    // Frequencies 1 to 16: the mean says nothing about a picture.
    let basis = (0..<frequencies).map { k in
      (0..<side).map { n in
        Float(cos(Double.pi * Double(k + 1) * (Double(n) + 0.5) / Double(side)))
      }
    }
    var rows = [Float](repeating: 0, count: side * frequencies)
    for y in 0..<side {
      for k in 0..<frequencies {
        var sum: Float = 0
        for x in 0..<side { sum += basis[k][x] * Float(small[y * side + x]) }
        rows[y * frequencies + k] = sum
      }
    }
    var values: [Float] = []
    for l in 0..<frequencies {
      for k in 0..<frequencies {
        var sum: Float = 0
        for y in 0..<side { sum += basis[l][y] * rows[y * frequencies + k] }
        values.append(sum)
      }
    }
    let median = values.sorted()[values.count / 2]
    var bytes = [UInt8](repeating: 0, count: 32)
    for (i, value) in values.enumerated() where value > median {
      bytes[i / 8] |= 1 << UInt8(i % 8)
    }
    return bytes
  }
}
