public import VideoCore

/// Which part of a film's picture a leak's frame shows.
public struct VisiblePart: Sendable, Hashable {
  /// Area of the picture inside the leak's frame, 0...1 of the picture.
  public var share: Double
  /// What the frame's edges cut off from each side, 0...1 of the picture's width or height: the mean
  /// over all lines of which something is left.
  public var cropped: (left: Double, top: Double, right: Double, bottom: Double) {
    (cuts.x, cuts.y, cuts.z, cuts.w)
  }

  private var cuts: SIMD4<Double>

  /// Looks where the picture of a reference, without its black bars, lies in the leak's frame.
  public init(_ homography: Homography, picture: PictureWindow) {
    let (columns, rows) = (Self.columns, Self.rows)
    var inside = [Bool](repeating: false, count: columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let x = picture.left + (picture.right - picture.left) * Self.middle(column, of: columns)
        let y = picture.top + (picture.bottom - picture.top) * Self.middle(row, of: rows)
        guard let point = homography.map(x, y) else { continue }
        inside[row * columns + column] = (0...1).contains(point.x) && (0...1).contains(point.y)
      }
    }
    share = Double(inside.count { $0 }) / Double(inside.count)
    let across = (0..<rows).map { row in (0..<columns).map { inside[row * columns + $0] } }
    let down = (0..<columns).map { column in (0..<rows).map { inside[$0 * columns + column] } }
    cuts = SIMD4(
      Self.cut(across),
      Self.cut(down),
      Self.cut(across.map { $0.reversed() }),
      Self.cut(down.map { $0.reversed() })
    )
  }

  /// The mean part of the lines before their first sample inside.
  private static func cut(_ lines: [[Bool]]) -> Double {
    let starts = lines.compactMap { line in
      line.firstIndex(of: true).map { Double($0) / Double(line.count) }
    }
    return starts.isEmpty ? 0 : starts.reduce(0, +) / Double(starts.count)
  }

  private static func middle(_ index: Int, of count: Int) -> Double {
    (Double(index) + 0.5) / Double(count)
  }

  private static let (columns, rows) = (128, 72)
}
