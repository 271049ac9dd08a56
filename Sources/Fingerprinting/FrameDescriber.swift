import FrameKernels
public import VideoCore

/// Turns a small luma plane into the 64 numbers whose differences over time are hashed.
///
/// The plane is reduced to 32x18, its contrast made equal everywhere, halved to 16x9, brought to
/// unit length and projected by the learned table. Keep one value for many frames: it holds the
/// working memory.
public struct FrameDescriber: Sendable {
  private var thumbnail = [UInt8](
    repeating: 0,
    count: Motion1.thumbnailWidth * Motion1.thumbnailHeight
  )
  private var normalised: [Float]
  private var workspace: [Float]
  private var grid = [Int16](repeating: 0, count: Motion1.gridCount)
  private var mirroredGrid = [Int16](repeating: 0, count: Motion1.gridCount)
  private var projected = [Int32](repeating: 0, count: Motion1.components)
  private var canvas: [UInt8] = []

  /// Creates the working memory.
  public init() {
    normalised = Array(repeating: 0, count: thumbnail.count)
    let count = LocalContrast.workspaceCount(
      width: Motion1.thumbnailWidth,
      height: Motion1.thumbnailHeight,
      taps: Motion1.blurTaps.count
    )
    workspace = Array(repeating: 0, count: count)
  }

  /// Describes the picture that `window` cuts out of `plane`, as it is and mirrored left to right.
  ///
  /// - Shape: both results have ``Motion1/components`` numbers.
  /// - Complexity: O(area of the plane).
  public mutating func describe(
    _ plane: LumaPlane,
    window: PictureWindow = .whole
  ) -> (upright: [Float], mirrored: [Float]) {
    cut(plane, window)
    // A span of a property would borrow the whole value while its other properties are written.
    let picture = thumbnail
    LocalContrast.normalise(
      picture.span,
      width: Motion1.thumbnailWidth,
      height: Motion1.thumbnailHeight,
      kernel: Motion1.blurTaps.span,
      epsilon: Motion1.contrastFloor,
      workspace: &workspace,
      into: &normalised
    )
    quantiseGrid()
    return (project(grid), project(mirroredGrid))
  }

  /// Fills the thumbnail from the window; what lies beyond the plane is black, as a cinema is.
  private mutating func cut(_ plane: LumaPlane, _ window: PictureWindow) {
    let (width, height) = (plane.size.width, plane.size.height)
    let x0 = Int((window.left * Double(width)).rounded())
    let y0 = Int((window.top * Double(height)).rounded())
    let x1 = max(x0 + 1, Int((window.right * Double(width)).rounded()))
    let y1 = max(y0 + 1, Int((window.bottom * Double(height)).rounded()))
    let (w, h) = (x1 - x0, y1 - y0)
    let inside = x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height
    if !inside {
      canvas.removeAll(keepingCapacity: true)
      canvas.append(contentsOf: repeatElement(0, count: w * h))
      for y in max(0, y0)..<max(max(0, y0), min(height, y1)) {
        for x in max(0, x0)..<max(max(0, x0), min(width, x1)) {
          canvas[(y - y0) * w + x - x0] = plane.pixels[y * width + x]
        }
      }
    }
    unsafe (inside ? plane.pixels : canvas).withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      unsafe AreaReduction.reduce(
        inside ? base + y0 * width + x0 : base,
        strideBytes: inside ? width : w,
        width: w,
        height: h,
        into: &thumbnail,
        outputWidth: Motion1.thumbnailWidth,
        outputHeight: Motion1.thumbnailHeight
      )
    }
  }

  private mutating func quantiseGrid() {
    let stride = Motion1.thumbnailWidth
    var values = [Float](repeating: 0, count: Motion1.gridCount)
    var energy = 0.0
    for y in 0..<Motion1.gridHeight {
      for x in 0..<Motion1.gridWidth {
        let corner = 2 * y * stride + 2 * x
        let top = normalised[corner] + normalised[corner + 1]
        let bottom = normalised[corner + stride] + normalised[corner + stride + 1]
        let value = (top + bottom) * 0.25
        values[y * Motion1.gridWidth + x] = value
        energy += Double(value) * Double(value)
      }
    }
    let scale = Motion1.unitLength / Float(max(energy.squareRoot(), 1e-6))
    for y in 0..<Motion1.gridHeight {
      for x in 0..<Motion1.gridWidth {
        let level = Int16(
          max(-32767, min(32767, (values[y * Motion1.gridWidth + x] * scale).rounded()))
        )
        grid[y * Motion1.gridWidth + x] = level
        mirroredGrid[y * Motion1.gridWidth + Motion1.gridWidth - 1 - x] = level
      }
    }
  }

  private mutating func project(_ vector: [Int16]) -> [Float] {
    Projection.project(
      vector.span,
      matrix: Motion1.projection.span,
      rows: Motion1.components,
      columns: Motion1.gridCount,
      into: &projected
    )
    return projected.map { Float($0) }
  }
}
