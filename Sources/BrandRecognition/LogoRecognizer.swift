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
  public static let leastMargin: Float = 0.1
  /// Least correlation in deviations of chance, which are those of ``cell`` by ``cell`` pixels each.
  ///
  /// Thousands of windows of a few pixels each are looked at in one picture; some of them resemble a
  /// simple sign by chance. Of true signs 11 and more were seen, of a film's furniture 3.5.
  static let leastDeviations: Float = 6
  /// Pixels along a side that are independent of the next ones, after the encoder.
  static let cell: Float = 2
  /// How much larger each window is than the one before.
  static let scaleStep: Float = 1.08
  /// Windows of each size that are correlated with a sign.
  static let shortlist = 4
  /// Most differing bits of such a window; of true signs in leaks at most 88 were seen, of what is
  /// nearest by chance 60 to 110.
  static let mostDistance: UInt16 = 100
  /// Windows of all sizes whose place and size are refined, and the correlations that are worth it
  /// before and after they were moved.
  static let (refinements, leastStart, leastMoved) = (6, Float(0.2), Float(0.35))

  /// How much more the whole of a sign may resemble a place than its inside does.
  static let mostRim: Float = 0.08

  private let templates: [LogoTemplate]
  private let signs: SizedSigns
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
    signs = SizedSigns(templates)
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
    // Enlarging makes no pixels that would tell more.
    let enlarged = max(1, Float(edges.width * edges.height) / Float(picture.size.area))
    var best: [String: Match] = [:]
    for group in groups {
      let found = isExhaustive ? exhaustive(group, edges) : search(group, edges)
      for (index, candidate) in zip(group, found) {
        let brand = templates[index].brand
        guard let candidate, candidate.value > best[brand]?.correlation ?? 0,
          candidate.deviations(enlarged: enlarged) >= Self.leastDeviations
        else { continue }
        best[brand] = match(templates[index], candidate, edges)
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

  /// A window and its correlation with a sign.
  private struct Candidate {
    var place: Windows.Place
    var value: Float

    /// Small windows correlate by chance more easily: the deviation of chance falls with the side.
    var rank: Float { value * Float(place.height).squareRoot() }

    /// The correlation in deviations of chance; `enlarged` is how many times a picture's pixels were made more.
    func deviations(enlarged: Float) -> Float {
      let pixels = Float(place.width * place.height) / enlarged
      return value * (pixels / (cell * cell)).squareRoot()
    }
  }

  /// The best place of each template of a group, which share their windows.
  private func search(_ group: [Int], _ edges: EdgePicture) -> [Candidate?] {
    var ranked = [[Candidate]](repeating: [], count: group.count)
    let aspect = templates[group[0]].aspect
    for height in Windows.heights(in: edges, aspect: aspect, factor: Self.scaleStep) {
      let windows = Windows(of: edges, aspect: aspect, height: height)
      guard !windows.places.isEmpty else { continue }
      var distances = [UInt16](repeating: 0, count: windows.places.count)
      for (place, index) in group.enumerated() {
        let hash = templates[index].hash
        Hamming.distances(query: hash, references: windows.hashes.span, into: &distances)
        // Small windows are so many that some come near by chance; they must not crowd out large
        // ones, so that each size has its own.
        let near = windows.nearest(distances, count: Self.shortlist, most: Self.mostDistance)
        ranked[place] += near.map { candidate(windows.places[$0], index, edges) }
      }
    }
    return zip(group, ranked).map { index, candidates in
      var best: Candidate?
      let first = candidates.sorted { $0.rank > $1.rank }.prefix(Self.refinements)
      for start in first where start.value > Self.leastStart {
        let found = refined(start, index, edges)
        if found.value > best?.value ?? 0 { best = found }
      }
      return best.map { limited($0, index, edges) }
    }
  }

  /// The candidate with no more than its inside deserves.
  private func limited(_ found: Candidate, _ template: Int, _ edges: EdgePicture) -> Candidate {
    let sign = signs.sign(of: template, height: found.place.height)
    let inside = edges.innerCorrelation(
      with: sign,
      left: found.place.left,
      top: found.place.top
    )
    var result = found
    result.value = min(found.value, inside + Self.mostRim)
    return result
  }

  /// A window with the correlation of a template of its height, about the same centre.
  private func candidate(
    _ place: Windows.Place,
    _ template: Int,
    _ edges: EdgePicture
  ) -> Candidate {
    let sign = signs.sign(of: template, height: place.height)
    let left = place.left + (place.width - sign.width) / 2
    return Candidate(
      place: .init(left: left, top: place.top, width: sign.width, height: sign.height),
      value: edges.correlation(with: sign, left: left, top: place.top)
    )
  }

  /// Moves and scales a window as long as its correlation grows.
  private func refined(_ start: Candidate, _ template: Int, _ edges: EdgePicture) -> Candidate {
    var best = start
    for scale in [Float(1), 1.04, 0.96, 1.08, 0.92] {
      // Where the first size does not fit at all, the others will not.
      if scale != 1, best.value < Self.leastMoved { break }
      let height = Int((Float(start.place.height) * scale).rounded())
      guard height >= 8, height <= edges.height else { continue }
      let sign = signs.sign(of: template, height: height)
      guard sign.width >= 8, sign.width <= edges.width else { continue }
      // Around the same centre, in steps of a fifteenth of the height, then of one pixel.
      var centre = (
        x: best.place.left + (best.place.width - sign.width) / 2,
        y: best.place.top + (best.place.height - height) / 2
      )
      for step in Set([max(1, height / 15), 1]).sorted(by: >) {
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
          best = Candidate(
            place: .init(left: place.x, top: place.y, width: sign.width, height: height),
            value: value
          )
        }
      }
    }
    return best
  }

  private func exhaustive(_ group: [Int], _ edges: EdgePicture) -> [Candidate?] {
    group.map { index in
      var best: Candidate?
      let aspect = templates[index].aspect
      for height in Windows.heights(in: edges, aspect: aspect, factor: Self.scaleStep) {
        let sign = signs.sign(of: index, height: height)
        for top in 0...max(0, edges.height - height) {
          for left in 0...max(0, edges.width - sign.width) {
            let value = edges.correlation(with: sign, left: left, top: top)
            if value > best?.value ?? 0 {
              let place = Windows.Place(left: left, top: top, width: sign.width, height: height)
              best = Candidate(place: place, value: value)
            }
          }
        }
      }
      return best
    }
  }

  private func match(
    _ template: LogoTemplate,
    _ found: Candidate,
    _ edges: EdgePicture
  ) -> Match {
    let place = found.place
    return Match(
      brand: template.brand,
      variant: template.variant,
      correlation: found.value,
      box: TextBox(
        x: Float(place.left) / Float(edges.width),
        y: Float(place.top) / Float(edges.height),
        width: Float(place.width) / Float(edges.width),
        height: Float(place.height) / Float(edges.height)
      )
    )
  }
}
