/// Where in a frame the film's picture is looked for: edges in fractions of the frame, possibly
/// beyond it.
public struct PictureWindow: Sendable, Hashable {
  /// Left edge; 0 is the frame's.
  public var left: Double
  /// Upper edge; 0 is the frame's.
  public var top: Double
  /// Right edge; 1 is the frame's.
  public var right: Double
  /// Lower edge; 1 is the frame's.
  public var bottom: Double

  /// Creates a window from its edges; `left < right` and `top < bottom`.
  public init(left: Double, top: Double, right: Double, bottom: Double) {
    precondition(left < right && top < bottom, "a picture window needs an area")
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  /// Width in fractions of the frame.
  public var width: Double { right - left }

  /// Height in fractions of the frame.
  public var height: Double { bottom - top }

  /// The whole frame.
  public static let whole = PictureWindow(left: 0, top: 0, right: 1, bottom: 1)

  /// The frame less `margin` of its size on each side; a negative margin reaches beyond it.
  public static func inset(_ margin: Double) -> PictureWindow {
    PictureWindow(left: margin, top: margin, right: 1 - margin, bottom: 1 - margin)
  }

  /// The window whose edges are the nearest between pixels of a frame of some size, at least one
  /// pixel wide and high, inside the frame.
  public func snapped(to size: FrameSize) -> PictureWindow {
    func edges(_ low: Double, _ high: Double, _ count: Int) -> (Double, Double) {
      let first = max(0, min(count - 1, Int((low * Double(count)).rounded())))
      let end = max(first + 1, min(count, Int((high * Double(count)).rounded())))
      return (Double(first) / Double(count), Double(end) / Double(count))
    }
    let (left, right) = edges(left, right, size.width)
    let (top, bottom) = edges(top, bottom, size.height)
    return PictureWindow(left: left, top: top, right: right, bottom: bottom)
  }
}
