public import VideoCore

/// Finds where a group, a player or a phone set a picture into a larger frame: between bars that are
/// black, or filled with anything from captions to a blurred copy of the picture.
///
/// Black bars stay dark in every look. Others end in a line across the frame along which the picture
/// breaks at nearly every place, whatever it shows, with little beyond that line that changes from
/// pixel to pixel. The edge of a screen that a camera sees from the side is no such line.
public struct FramedPicture: Sendable {
  private var darkBars = PictureArea()
  private var down: Breaks?
  private var across: Breaks?
  private var looks = 0

  /// Starts without frames.
  public init() {}

  /// Looks at one more frame; all frames must have one size.
  public mutating func add(_ plane: LumaPlane) {
    darkBars.add(plane)
    if looks == 0 {
      down = Breaks(lines: plane.size.height, places: plane.size.width)
      across = Breaks(lines: plane.size.width, places: plane.size.height)
    }
    let width = plane.size.width
    down?.add { line, place in plane.pixels[line * width + place] }
    across?.add { line, place in plane.pixels[place * width + line] }
    looks += 1
  }

  /// The part of the frame that the picture fills, where bars take ``leastBars`` of the frame or
  /// more; nil where they take less.
  public func window() -> PictureWindow? {
    var window = darkBars.window(leastSide: Self.leastSide)
    if let rows = down?.inner(looks) {
      window.top = max(window.top, rows.lowerBound)
      window.bottom = min(window.bottom, rows.upperBound)
    }
    if let columns = across?.inner(looks) {
      window.left = max(window.left, columns.lowerBound)
      window.right = min(window.right, columns.upperBound)
    }
    let isUsable = window.width >= Self.leastSide && window.height >= Self.leastSide
    return isUsable && window.width * window.height <= 1 - Self.leastBars ? window : nil
  }

  /// Part of the frame that bars take at least.
  ///
  /// A film of 2.39 on a screen of 16:9 leaves a quarter of it, and so does one of 4:3: with those
  /// the whole frame serves as well.
  public static let leastBars = 0.3

  /// The least side of a picture, in fractions of the frame: 2.39 in a frame of 9:16 has 0.23.
  private static let leastSide = 0.15
}

/// How much neighbouring lines of a frame differ at each place, summed over looks.
private struct Breaks {
  private let lines: Int
  private let places: Int
  /// For each line but the last, its difference from the next but one, of which an edge that a line
  /// straddles has all.
  private var sums: [Int32]

  init(lines: Int, places: Int) {
    (self.lines, self.places) = (lines, places)
    sums = Array(repeating: 0, count: max(0, lines - 2) * places)
  }

  mutating func add(_ pixel: (_ line: Int, _ place: Int) -> UInt8) {
    for line in 0..<max(0, lines - 2) {
      for place in 0..<places {
        let change = Int32(pixel(line + 2, place)) - Int32(pixel(line, place))
        sums[line * places + place] &+= abs(change)
      }
    }
  }

  /// The lines between the outermost breaks, in fractions of the frame; nil without bars.
  func inner(_ looks: Int) -> ClosedRange<Double>? {
    guard looks > 0, lines > 4 * Self.neighbours else { return nil }
    // What three of four places exceed, so that neither a caption nor a dark part decides.
    let changes = (0..<lines - 2).map { line in
      let sorted = sums[line * places..<(line + 1) * places].sorted()
      return Double(sorted[places / 4]) / Double(looks)
    }
    let low = Self.outermost(changes).map { $0 + 1 } ?? 0
    let high = Self.outermost(changes.reversed()).map { lines - 1 - $0 } ?? lines
    guard low > 0 || high < lines, high - low > 2 * Self.neighbours else { return nil }
    return Double(low) / Double(lines)...Double(high) / Double(lines)
  }

  /// The first line that ends a bar; nil where none does.
  private static func outermost(_ changes: [Double]) -> Int? {
    (neighbours + 1..<changes.count - 2 * neighbours - 2).first { line in
      let bar = mean(changes[..<(line - 1)])
      let edge = mean(changes[(line - 1 - neighbours)..<(line - 1)])
      let picture = mean(changes[(line + 2)..<(line + 2 + 2 * neighbours)])
      // An edge that a line straddles is in two changes: the greater counts.
      return changes[line] >= changes[line + 1] && changes[line] >= leastChange
        && changes[line] >= standsOut * max(1, edge) && bar <= poorer * picture
    }
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// Lines of the bar that a break is compared with.
  private static let neighbours = 5
  /// Grey levels that a break has at least, and how often those of the bar's last lines.
  private static let (leastChange, standsOut) = (6.0, 2.5)
  /// Most that bars change from line to line, of what the picture does.
  private static let poorer = 0.5
}
