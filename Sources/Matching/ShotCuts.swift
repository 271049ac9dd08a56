import FrameKernels
import VideoCore

/// The hard cuts of a leak: where one picture gives way to another from one frame to the next.
///
/// Whatever an editor did to a recording, inserted clips and missing scenes, begins and ends at one.
/// Only what the film itself fades or dissolves changes without. Pictures are compared as they lie in
/// the leak's frame, so that no geometry is needed, and in parts of their own contrast, so that dim
/// recordings have cuts, too.
package struct ShotCuts {
  /// Moments of the first frames after a cut, in seconds, ascending.
  package let times: [Double]

  /// Looks for cuts in frames in order of time.
  ///
  /// - Complexity: O(frames · area).
  package init(_ frames: [TimedPlane]) {
    var changes: [Double] = []
    var previous: [Float]?
    for frame in frames {
      let picture = Self.small(frame.plane)
      if let previous { changes.append(Self.change(previous, picture)) }
      previous = picture
    }
    times = changes.indices.compactMap { index in
      let around = max(0, index - Self.neighbours)...min(changes.count - 1, index + Self.neighbours)
      let others = around.filter { $0 != index }.map { changes[$0] }
      let usual = Statistics.quantile(others, 0.5) ?? 0
      let isGreatest = around.allSatisfy { abs($0 - index) > 2 || changes[$0] <= changes[index] }
      let isCut = changes[index] > max(Self.leastChange, Self.leastRatio * usual)
      return isCut && isGreatest ? frames[index + 1].seconds : nil
    }
  }

  /// The picture as a few numbers of mean 0.
  private static func small(_ plane: LumaPlane) -> [Float] {
    var pixels = [UInt8](repeating: 0, count: width * height)
    AreaReduction.reduce(
      plane.pixels.span,
      strideBytes: plane.size.width,
      width: plane.size.width,
      height: plane.size.height,
      into: &pixels,
      outputWidth: width,
      outputHeight: height
    )
    let mean = pixels.reduce(Float(0)) { $0 + Float($1) } / Float(pixels.count)
    return pixels.map { Float($0) - mean }
  }

  /// Energy of the difference over that of the two pictures; a flat picture counts as noise.
  private static func change(_ a: [Float], _ b: [Float]) -> Double {
    var (difference, energy) = (Float(0), Float(0))
    for index in a.indices {
      difference += (a[index] - b[index]) * (a[index] - b[index])
      energy += a[index] * a[index] + b[index] * b[index]
    }
    return Double(difference / (energy + flatEnergy * Float(a.count)))
  }

  private static let (width, height) = (32, 18)
  private static let neighbours = 12
  /// Unrelated pictures give about 1, those on one bright screen in a dark frame a tenth of it, a
  /// moving one some thousandths.
  private static let leastChange = 0.05
  private static let leastRatio = 5.0
  /// A deviation of four levels is noise, or the end of a fade.
  private static let flatEnergy: Float = 16
}
