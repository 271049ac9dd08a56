import FrameKernels
public import TextReading
public import VideoCore

/// Finds the signs of brands in a picture, at any scale, tone and opacity.
///
/// Windows of every size are described by 256 bits, and the SIMD core measures their distances from
/// the bits of each sign. Only the nearest windows are correlated with it.
public struct LogoRecognizer {
  /// A place that looks like a sign.
  public struct Match: Sendable, Hashable {
    /// The identifier of the brand.
    public var brand: String
    /// Place in the brand's list of logos.
    public var variant: Int
    /// Correlation of the steepness of sign and place, at most 1.
    public var correlation: Float
    /// Where it is, in fractions of the picture.
    public var box: TextBox
  }

  /// Least correlation; of simulated leaks' true boxes .65 to .70 parted ads from all else.
  public static let leastCorrelation: Float = 0.68
  /// Least difference from the best sign of another brand.
  public static let leastMargin: Float = 0.06
  /// How much larger each window is than the one before.
  static let scaleStep: Float = 1.08
  /// Windows of each size that are correlated with a sign.
  static let shortlist = 4
  /// Most differing bits of such a window.
  static let mostDistance: UInt16 = 128

  private let templates: [LogoTemplate]
  /// Templates of nearly one width over height, which share their windows.
  private let groups: [[Int]]

  /// Prepares the logos of a catalogue.
  public init(_ brands: [Brand]) {
    let templates = brands.flatMap { brand in
      brand.logos.enumerated().flatMap { index, logo in
        LogoTemplate.make(logo, brand: brand.id, variant: index)
      }
    }
    var groups: [[Int]] = []
    for index in templates.indices.sorted(by: { templates[$0].aspect < templates[$1].aspect }) {
      if let last = groups.last, let first = last.first,
        templates[index].aspect < templates[first].aspect * 1.06
      {
        groups[groups.count - 1].append(index)
      } else {
        groups.append([index])
      }
    }
    self.templates = templates
    self.groups = groups
  }

  /// The best place of each brand whose sign resembles any, the best first.
  ///
  /// - Parameters:
  ///   - picture: A crop around an overlay, stacked over time, or a whole frame.
  ///   - pixelAspect: Width over height of a pixel.
  ///   - isExhaustive: Whether every window is correlated; slow, to measure what the bits miss.
  /// - Returns: One match for each brand at most.
  public func matches(
    in picture: LumaPlane,
    pixelAspect: Double = 1,
    isExhaustive: Bool = false
  ) -> [Match] {
    guard let image = Self.working(picture, pixelAspect: pixelAspect) else { return [] }
    let edges = EdgePicture(image)
    var best: [String: Match] = [:]
    for group in groups {
      let windows = Windows(
        of: edges,
        aspect: templates[group[0]].aspect,
        step: isExhaustive ? 0 : 0.125
      )
      for index in group {
        let template = templates[index]
        let match =
          isExhaustive
          ? exhaustive(template, windows, edges) : search(template, windows, edges)
        guard let match, match.correlation > best[template.brand]?.correlation ?? 0 else {
          continue
        }
        best[template.brand] = match
      }
    }
    return best.values.sorted { ($0.correlation, $1.brand) > ($1.correlation, $0.brand) }
  }

  /// The brand whose sign the picture shows; nil where none is sure or two are near each other.
  public func recognize(_ picture: LumaPlane, pixelAspect: Double = 1) -> Match? {
    Self.decide(matches(in: picture, pixelAspect: pixelAspect))
  }

  /// The first of ranked matches, if it exceeds the threshold and the second by the margin.
  public static func decide(_ matches: [Match]) -> Match? {
    guard let first = matches.first, first.correlation >= leastCorrelation else { return nil }
    let second = matches.dropFirst().first?.correlation ?? 0
    return first.correlation - second >= leastMargin ? first : nil
  }

  /// Brings a picture to the size that windows are cut from; nil where it has no pixels.
  private static func working(_ picture: LumaPlane, pixelAspect: Double) -> GreyImage? {
    let size = picture.size
    guard size.area > 0, size.area <= TextReader.mostPixels else { return nil }
    let (width, height) = (
      Float(size.width) * Float(max(0.25, min(4, pixelAspect))), Float(size.height)
    )
    // Small crops are enlarged, so that the cells of the bits are not smaller than pixels; whole
    // frames are reduced, since their signs are large.
    var scale: Float = height < 120 ? 2 : height < 240 ? 1 : 240 / height
    scale = min(scale, 960 / width)
    let (w, h) = (Int(width * scale), Int(height * scale))
    guard w >= 16, h >= 16 else { return nil }
    return GreyImage(picture).resized(width: w, height: h)
  }

  private func search(
    _ template: LogoTemplate,
    _ windows: Windows,
    _ edges: EdgePicture
  ) -> Match? {
    guard !windows.places.isEmpty else { return nil }
    var distances = [UInt16](repeating: 0, count: windows.places.count)
    Hamming.distances(query: template.hash, references: windows.hashes.span, into: &distances)
    let near = windows.nearest(distances, count: Self.shortlist, most: Self.mostDistance)
    var scaled: [Int: EdgePicture] = [:]
    var ranked: [(place: Windows.Place, value: Float)] = near.map { index in
      let place = windows.places[index]
      let sign = scaled[place.height] ?? template.edges(width: place.width, height: place.height)
      scaled[place.height] = sign
      return (place, edges.correlation(with: sign, left: place.left, top: place.top))
    }
    // Small windows correlate by chance more easily: the deviation of chance falls with the side.
    func rank(_ candidate: (place: Windows.Place, value: Float)) -> Float {
      candidate.value * Float(candidate.place.height).squareRoot()
    }
    ranked.sort { rank($0) > rank($1) }
    var best: (place: Windows.Place, value: Float)?
    for start in ranked.prefix(8) where start.value > 0.2 {
      let found = refined(start, template, edges)
      if found.value > best?.value ?? 0 { best = found }
    }
    return best.map { match(template, $0.place, $0.value, edges) }
  }

  /// Moves and scales a window as long as its correlation grows.
  private func refined(
    _ start: (place: Windows.Place, value: Float),
    _ template: LogoTemplate,
    _ edges: EdgePicture
  ) -> (place: Windows.Place, value: Float) {
    var best = start
    for scale in [Float(1), 1.04, 0.96, 1.08, 0.92] {
      let height = Int((Float(start.place.height) * scale).rounded())
      let width = Int((Float(height) * template.aspect).rounded())
      guard width >= 8, height >= 8, width <= edges.width, height <= edges.height else { continue }
      let sign = template.edges(width: width, height: height)
      // Around the same centre, in steps of a fifteenth of the height, then of one pixel.
      var centre = (
        x: best.place.left + (best.place.width - width) / 2,
        y: best.place.top + (best.place.height - height) / 2
      )
      for step in [max(1, height / 15), 1] {
        var (value, place) = (Float(0), centre)
        for dy in -2...2 {
          for dx in -2...2 {
            let (x, y) = (centre.x + dx * step, centre.y + dy * step)
            let found = edges.correlation(with: sign, left: x, top: y)
            if found > value { (value, place) = (found, (x, y)) }
          }
        }
        centre = place
        if value > best.value {
          best = (.init(left: place.x, top: place.y, width: width, height: height), value)
        }
      }
    }
    return best
  }

  private func exhaustive(
    _ template: LogoTemplate,
    _ windows: Windows,
    _ edges: EdgePicture
  ) -> Match? {
    var best: (place: Windows.Place, value: Float)?
    var sign: (height: Int, edges: EdgePicture)?
    for place in windows.places {
      if sign?.height != place.height {
        sign = (place.height, template.edges(width: place.width, height: place.height))
      }
      guard let sign else { continue }
      let value = edges.correlation(with: sign.edges, left: place.left, top: place.top)
      if value > best?.value ?? 0 { best = (place, value) }
    }
    return best.map { match(template, $0.place, $0.value, edges) }
  }

  private func match(
    _ template: LogoTemplate,
    _ place: Windows.Place,
    _ value: Float,
    _ edges: EdgePicture
  ) -> Match {
    Match(
      brand: template.brand,
      variant: template.variant,
      correlation: value,
      box: TextBox(
        x: Float(place.left) / Float(edges.width),
        y: Float(place.top) / Float(edges.height),
        width: Float(place.width) / Float(edges.width),
        height: Float(place.height) / Float(edges.height)
      )
    )
  }
}
