import FrameKernels
public import VideoCore

/// Two neighbouring frames of a film, prepared for measuring how a leak shows the time between them.
///
/// What a leak's frame shows is modelled as a mixture of the two, moved by a small projective
/// displacement in the film's own plane. In both the change from one frame to the other stands as a
/// column of its own: during a pan an error of the time map would otherwise pass for a movement of
/// the camera, and since the pan is in the film, for the same movement in every recording.
public struct FilmMoment: Sendable {
  let fine: FilmRaster
  let coarse: FilmRaster
  let movement: ApparentMovement

  /// Prepares two frames of 160x90; nil where a cut lies between them, or nothing can be seen.
  public init?(
    from first: (seconds: Double, plane: LumaPlane),
    to second: (seconds: Double, plane: LumaPlane)
  ) {
    guard second.seconds > first.seconds, first.plane.size == second.plane.size else { return nil }
    guard first.plane.size == FrameSize(width: FilmRaster.width, height: FilmRaster.height) else {
      return nil
    }
    let (a, b) = (first.plane.pixels.map(Float.init), second.plane.pixels.map(Float.init))
    var (change, contrast) = (Float(0), Float(0))
    let mean = a.reduce(0, +) / Float(a.count)
    for index in a.indices {
      change += abs(a[index] - b[index])
      contrast += abs(a[index] - mean)
    }
    guard contrast > Self.leastContrast * Float(a.count), change < Self.cutShare * contrast else {
      return nil
    }
    let size = (FilmRaster.width, FilmRaster.height)
    fine = FilmRaster(PlaneSmoothing.binomial(a, size), PlaneSmoothing.binomial(b, size), size)
    let half = (size.0 / 2, size.1 / 2)
    coarse = FilmRaster(
      PlaneSmoothing.binomial(PlaneSmoothing.halved(a, size), half),
      PlaneSmoothing.binomial(PlaneSmoothing.halved(b, size), half),
      half
    )
    movement = ApparentMovement(coarse)
  }

  /// Whether the film itself jerks here as a camera would, so that a camera's movement cannot be told
  /// from the film's.
  ///
  /// - Parameter neighbours: the moments before and after, as far as there are any; they are asked for
  ///   where it depends on them.
  /// - Returns: Whether it does.
  public func hidesCamera(beside neighbours: () -> [FilmMoment]) -> Bool {
    movement.hidesCamera { neighbours().map(\.movement) }
  }

  /// Mean distance from the mean level below which a picture is empty.
  private static let leastContrast: Float = 3
  /// Change from frame to frame, as a part of the contrast, above which it is a cut.
  private static let cutShare: Float = 0.8
}

/// The columns of the equations for one size of the film's picture.
///
/// - Shape: one row for each pixel. Lanes 0 to 7: what each of the eight displacements changes;
///   8: from one frame to the next; 9: the first frame's local contrast; 10: its square; 11: 1;
///   12: a lens, which moves each point along its radius by the radius' third power.
struct FilmRaster: Sendable {
  static let (width, height) = (160, 90)
  static let parameters = NormalEquations.unknowns
  /// Lane of the value that is explained.
  static let targetLane = NormalEquations.unknowns

  let size: (width: Int, height: Int)
  let rows: [SIMD16<Float>]
  /// Lane 9 of the rows, side by side: each step of a fit begins with it.
  let contrast: [Float]
  /// Half widths of the picture in pixels.
  let halfWidth: Float

  init(_ first: [Float], _ second: [Float], _ size: (Int, Int)) {
    self.size = (size.0, size.1)
    halfWidth = Float(size.0) / 2
    let (width, height) = size
    let whole = [Float](repeating: 1, count: first.count)
    let radius = Self.radius(width: width)
    func local(_ plane: [Float]) -> [Float] {
      PlaneRectification.withoutMean(
        plane,
        mask: whole,
        width: width,
        height: height,
        radius: radius
      )
    }
    let (a, b) = (local(first), local(second))
    let squares = local(a.map { $0 * $0 / 64 })
    var rows = [SIMD16<Float>](repeating: .zero, count: first.count)
    let half = halfWidth
    for y in 0..<height {
      for x in 0..<width {
        let at = y * width + x
        guard x > 0, y > 0, x < width - 1, y < height - 1 else { continue }
        // The mean of both frames: where the leak lies between them is not known yet.
        let dx = (a[at + 1] - a[at - 1] + b[at + 1] - b[at - 1]) / 4
        let dy = (a[at + width] - a[at - width] + b[at + width] - b[at - width]) / 4
        let px = (Float(x) + 0.5 - half) / half
        let py = (Float(y) + 0.5 - Float(height) / 2) / half
        var row = SIMD16<Float>.zero
        row[0] = dx
        row[1] = dy
        row[2] = dx * px + dy * py
        row[3] = dy * px - dx * py
        row[4] = dx * px - dy * py
        row[5] = dx * py + dy * px
        let along = dx * px + dy * py
        row[6] = along * px
        row[7] = along * py
        row[8] = b[at] - a[at]
        row[9] = a[at]
        row[10] = squares[at]
        row[11] = 1
        row[12] = along * (px * px + py * py)
        rows[at] = row
      }
    }
    self.rows = rows
    contrast = rows.map { $0[9] }
  }

  /// Radius of the mean that local contrast is taken against.
  static func radius(width: Int) -> Int { max(3, width / 14) }

  /// The map of the unit square that the eight displacements stand for, each in pixels at the
  /// picture's left or right edge.
  func displacement(_ p: [Double]) -> PlaneMap {
    // In coordinates of half widths about the middle: (X, Y) goes to (X, Y) + u.
    let half = Double(halfWidth)
    let q = p.prefix(8).map { $0 / half }
    let own = PlaneMap([
      1 + q[2] + q[4], q[5] - q[3], q[0], q[5] + q[3], 1 + q[2] - q[4], q[1], -q[6], -q[7], 1,
    ])
    let ratio = Double(size.height) / Double(size.width)
    let into = PlaneMap([2, 0, -1, 0, 2 * ratio, -ratio, 0, 0, 1])
    let back = PlaneMap([0.5, 0, 0.5, 0, 0.5 / ratio, 0.5, 0, 0, 1])
    return back.after(own.after(into))
  }
}
