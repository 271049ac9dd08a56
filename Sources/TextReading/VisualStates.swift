public import VideoCore

/// One look of an ad that alternates, for example its logo, then its address, then its code.
public struct VisualState: Sendable {
  /// The crops that show this look, as indices into the stack, in order.
  public var crops: [Int]
  /// What they show, with less noise than any of them.
  public var picture: LumaPlane
}

/// Groups registered crops by what they show and averages each group.
public enum VisualStates {
  /// Least correlation of the fine structure of two crops of one look; measured on alternating
  /// corner ads of simulated leaks, where other looks correlate at less than .5.
  public static let sameLook: Float = 0.75
  /// Side of the square whose mean is taken off before crops are compared, in pixels.
  static let highPassRadius = 8

  /// Finds at most `most` looks, the most frequent first; only what lies in `core` tells them apart.
  ///
  /// - Shape: all crops have one size; `core` is in fractions of it.
  /// - Complexity: O(crops · looks · pixels).
  public static func find(
    in crops: [LumaPlane],
    core: TextBox? = nil,
    most: Int
  ) -> [VisualState] {
    var groups: [(sum: GreyImage, crops: [Int])] = []
    for (index, crop) in crops.enumerated() {
      let fine = highPass(crop, core)
      var best: (correlation: Float, group: Int)?
      for (g, group) in groups.enumerated() {
        let value = fine.correlation(with: group.sum)
        if value > (best?.correlation ?? sameLook) { best = (value, g) }
      }
      if let best {
        groups[best.group].crops.append(index)
        add(fine, to: &groups[best.group].sum)
      } else if groups.count < 24 {
        groups.append((fine, [index]))
      }
    }
    merge(&groups)
    groups.sort { ($0.crops.count, $1.crops[0]) > ($1.crops.count, $0.crops[0]) }
    return groups.prefix(most).map { group in
      VisualState(crops: group.crops, picture: average(group.crops.map { crops[$0] }))
    }
  }

  /// Correlation of the fine structure of two pictures of one size within `core`; 0 where either is flat.
  public static func likeness(of one: LumaPlane, _ other: LumaPlane, in core: TextBox?) -> Float {
    one.size == other.size ? highPass(one, core).correlation(with: highPass(other, core)) : 0
  }

  /// Root mean square of a picture's fine structure within `core`, in levels of grey.
  public static func relief(of picture: LumaPlane, in core: TextBox?) -> Float {
    let fine = highPass(picture, core)
    let energy = DotProduct.of(fine.values, from: 0, fine.values, from: 0, count: fine.values.count)
    return (energy / Float(max(1, fine.values.count))).squareRoot()
  }

  /// Joins groups whose means look alike: the noise that parted their first members is gone.
  private static func merge(_ groups: inout [(sum: GreyImage, crops: [Int])]) {
    var first = 0
    while first < groups.count {
      var other = first + 1
      while other < groups.count {
        if groups[first].sum.correlation(with: groups[other].sum) > sameLook {
          add(groups[other].sum, to: &groups[first].sum)
          groups[first].crops = (groups[first].crops + groups[other].crops).sorted()
          groups.remove(at: other)
        } else {
          other += 1
        }
      }
      first += 1
    }
  }

  private static func highPass(_ crop: LumaPlane, _ core: TextBox?) -> GreyImage {
    var source = GreyImage(crop)
    if let core {
      let (width, height) = (Float(source.width), Float(source.height))
      source =
        source.cropped(
          left: Int(core.x * width),
          top: Int(core.y * height),
          right: Int(((core.x + core.width) * width).rounded(.up)),
          bottom: Int(((core.y + core.height) * height).rounded(.up))
        ) ?? source
    }
    // A mean over nine pixels first, or the noise of single crops would part equal ones.
    var image = source.boxMean(radius: 1)
    let mean = source.boxMean(radius: highPassRadius)
    for i in image.values.indices { image.values[i] -= mean.values[i] }
    return image
  }

  private static func add(_ image: GreyImage, to sum: inout GreyImage) {
    for i in image.values.indices { sum.values[i] += image.values[i] }
  }

  /// The mean of the middle half of each pixel's values: robust like the median against what
  /// passes in front, and nearly as free of noise as the mean.
  static func average(_ crops: [LumaPlane]) -> LumaPlane {
    // More than two dozen crops bring little and cost in proportion.
    let stride = max(1, (crops.count + 23) / 24)
    let used = Swift.stride(from: 0, to: crops.count, by: stride).map { crops[$0] }
    guard used.count > 2, let first = used.first else { return crops[crops.count / 2] }
    let quarter = used.count / 4
    let count = used.count - 2 * quarter
    var pixels = [UInt8](repeating: 0, count: first.pixels.count)
    var column = [UInt8](repeating: 0, count: used.count)
    for i in pixels.indices {
      for (k, crop) in used.enumerated() {
        // Sorted as they come: the lists are short.
        var place = k
        let value = crop.pixels[i]
        while place > 0, column[place - 1] > value {
          column[place] = column[place - 1]
          place -= 1
        }
        column[place] = value
      }
      var sum = count / 2
      for k in quarter..<quarter + count { sum += Int(column[k]) }
      pixels[i] = UInt8(sum / count)
    }
    return LumaPlane(size: first.size, pixels: pixels)
  }
}
