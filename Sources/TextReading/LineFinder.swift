/// A place that may hold one line of text, in pixels.
struct LineProposal: Hashable {
  var left: Int
  var top: Int
  var right: Int
  var bottom: Int
  /// Typical height of a character.
  var textHeight: Float
  /// Whether the text is lighter than its ground.
  var isLight: Bool
  /// How much it stands out; only for ranking.
  var score: Float

  var width: Int { right - left }
  var height: Int { bottom - top }

  /// The part of this place that lies in `other`, 0...1.
  func coverage(by other: LineProposal) -> Float {
    let across = min(right, other.right) - max(left, other.left)
    let down = min(bottom, other.bottom) - max(top, other.top)
    guard across > 0, down > 0, width > 0, height > 0 else { return 0 }
    return Float(across * down) / Float(width * height)
  }
}

/// Finds lines of text as chains of strokes of similar height, light on dark and dark on light.
///
/// Tesseract's own layout analysis binarises by one threshold for the whole picture and misses a
/// line on a plate where film shows around it; this one compares with the neighbourhood.
enum LineFinder {
  private struct Blob {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
    var contrast: Float
    var width: Int { right - left }
    var height: Int { bottom - top }
  }

  /// Letters higher than this many times others are not the same line.
  private static let mostHeights: Float = 1.6
  /// The part of its box that a letter, or letters that run together, fill at least.
  private static let leastFill: Float = 0.2

  /// The places that stand out most, at most `most`, without overlap.
  ///
  /// A plate is found as a place, too: it takes nothing from the lines upon it, which are much lower.
  static func find(in image: GreyImage, most: Int) -> [LineProposal] {
    var found: [LineProposal] = []
    let ground = image.blurred(sigma: 6)
    for isLight in [true, false] {
      var difference = image
      for i in difference.values.indices {
        let value = image.values[i] - ground.values[i]
        difference.values[i] = isLight ? value : -value
      }
      found += chains(of: blobs(in: difference), isLight: isLight)
    }
    found.sort { ($0.score, $1.left, $1.top) > ($1.score, $0.left, $0.top) }
    var kept: [LineProposal] = []
    for line in found where kept.count < most {
      let isKnown = kept.contains {
        line.coverage(by: $0) > 0.5 && $0.textHeight < mostHeights * line.textHeight
      }
      if !isKnown { kept.append(line) }
    }
    return kept
  }

  /// Connected areas that exceed half of the deviation in their neighbourhood.
  private static func blobs(in difference: GreyImage) -> [Blob] {
    let (width, height) = (difference.width, difference.height)
    var energy = difference
    for i in energy.values.indices { energy.values[i] *= energy.values[i] }
    energy = energy.boxMean(radius: 12)
    var open = difference.values.indices.map { i in
      let value = difference.values[i]
      // Six levels are above the noise of a stacked picture.
      return value > 6 && value * value > 0.25 * energy.values[i]
    }
    var blobs: [Blob] = []
    var stack: [Int] = []
    for start in open.indices where open[start] {
      open[start] = false
      stack.append(start)
      var blob = Blob(left: width, top: height, right: 0, bottom: 0, contrast: 0)
      var count = 0
      while let i = stack.popLast() {
        let (x, y) = (i % width, i / width)
        blob.left = min(blob.left, x)
        blob.right = max(blob.right, x + 1)
        blob.top = min(blob.top, y)
        blob.bottom = max(blob.bottom, y + 1)
        blob.contrast += difference.values[i]
        count += 1
        for ny in max(0, y - 1)...min(height - 1, y + 1) {
          for nx in max(0, x - 1)...min(width - 1, x + 1) where open[ny * width + nx] {
            open[ny * width + nx] = false
            stack.append(ny * width + nx)
          }
        }
      }
      blob.contrast /= Float(count)
      // Below four pixels nothing can be read; taller than this it is no line of an ad.
      let isStroke = (4...64).contains(blob.height) && count >= 6
      // The frame of a plate is long and hollow, and not a letter.
      let isFrame =
        blob.width > 2 * blob.height
        && Float(count) < leastFill * Float(blob.width * blob.height)
      if isStroke, !isFrame { blobs.append(blob) }
    }
    return blobs.count <= 4000 ? blobs : Array(blobs.sorted { $0.contrast > $1.contrast }[..<4000])
  }

  private static func chains(of unordered: [Blob], isLight: Bool) -> [LineProposal] {
    let blobs = unordered.sorted { ($0.left, $0.top) < ($1.left, $1.top) }
    var chains: [[Blob]] = []
    for blob in blobs {
      // The youngest chains end nearest; older ones than these lie far behind.
      let place = chains.indices.suffix(64).last { continues(chains[$0], with: blob) }
      if let place { chains[place].append(blob) } else { chains.append([blob]) }
    }
    return chains.compactMap { chain in
      let left = chain.map(\.left).min() ?? 0
      let right = chain.map(\.right).max() ?? 0
      let top = chain.map(\.top).min() ?? 0
      let bottom = chain.map(\.bottom).max() ?? 0
      guard right - left > 2 * (bottom - top) else { return nil }
      let textHeight =
        chain.count > 3 ? median(chain.map(\.height)) : Float(bottom - top)
      let contrast = chain.reduce(0) { $0 + $1.contrast } / Float(chain.count)
      return LineProposal(
        left: left,
        top: top,
        right: right,
        bottom: bottom,
        textHeight: textHeight,
        isLight: isLight,
        score: contrast * Float(right - left) * textHeight.squareRoot()
      )
    }
  }

  private static func continues(_ chain: [Blob], with blob: Blob) -> Bool {
    guard let last = chain.last else { return false }
    let typical = median(chain.suffix(5).map(\.height))
    let height = Float(blob.height)
    guard height < 1.8 * typical, typical < 1.8 * height else { return false }
    let overlap = min(last.bottom, blob.bottom) - max(last.top, blob.top)
    guard overlap * 2 > min(last.height, blob.height) else { return false }
    let end = chain.suffix(5).map(\.right).max() ?? 0
    return Float(blob.left - end) < max(typical, height)
  }

  private static func median(_ values: [Int]) -> Float {
    Float(values.sorted()[values.count / 2])
  }
}
