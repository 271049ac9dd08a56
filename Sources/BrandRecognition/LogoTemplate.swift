import TextReading
import VideoCore

/// A sign of a brand on one ground, cut to what is visible, at every size that is asked for.
struct LogoTemplate {
  let brand: String
  /// Place in the brand's list of logos.
  let variant: Int
  let aspect: Float
  let hash: SIMD4<UInt64>
  private let image: GreyImage

  /// Height at which the bits are taken.
  private static let hashHeight = 64
  /// Largest height that a sign is kept at.
  private static let mostHeight = 192
  /// Grounds that a sign with clear parts is laid on.
  private static let grounds: [Float] = [32, 224]
  /// Least visible opacity.
  private static let visible: UInt8 = 16
  /// Signs longer than this are no signs.
  private static let aspects: ClosedRange<Float> = 0.2...14

  /// The templates of a logo: one where it is opaque, else one for each ground.
  static func make(_ logo: Brand.Logo, brand: String, variant: Int) -> [LogoTemplate] {
    let (width, height) = (logo.luma.size.width, logo.luma.size.height)
    var (left, top, right, bottom) = (width, height, 0, 0)
    var opacity = 0
    for y in 0..<height {
      for x in 0..<width where logo.alpha.pixels[y * width + x] > visible {
        left = min(left, x)
        right = max(right, x + 1)
        top = min(top, y)
        bottom = max(bottom, y + 1)
        opacity += Int(logo.alpha.pixels[y * width + x])
      }
    }
    guard right - left > 3, bottom - top > 3 else { return [] }
    let area = (right - left) * (bottom - top)
    let isOpaque = opacity > area * 240
    return (isOpaque ? [grounds[0]] : grounds).compactMap { ground in
      var values: [Float] = []
      values.reserveCapacity(area)
      for y in top..<bottom {
        for x in left..<right {
          let share = Float(logo.alpha.pixels[y * width + x]) / 255
          values.append(share * Float(logo.luma.pixels[y * width + x]) + (1 - share) * ground)
        }
      }
      let image = GreyImage(width: right - left, height: bottom - top, values: values)
      return LogoTemplate(image, brand: brand, variant: variant)
    }
  }

  private init?(_ image: GreyImage, brand: String, variant: Int) {
    aspect = Float(image.width) / Float(image.height)
    guard Self.aspects.contains(aspect) else { return nil }
    self.brand = brand
    self.variant = variant
    let height = min(image.height, Self.mostHeight)
    self.image = image.resized(width: max(4, Int(Float(height) * aspect)), height: height)
    let width = max(16, Int((Float(Self.hashHeight) * aspect).rounded()))
    let edges = EdgePicture(
      image.resized(width: width, height: Self.hashHeight).blurred(sigma: 1.5)
    )
    let hash = EdgeHash.hash(
      of: edges,
      left: 0,
      top: 0,
      width: width,
      height: Self.hashHeight,
      grid: EdgeHash.grid(aspect: aspect)
    )
    guard let hash else { return nil }
    self.hash = hash
  }

  /// The steepness of the sign at a size in pixels, as soft as a leak shows it.
  func sign(width: Int, height: Int) -> EdgeSign {
    EdgeSign(EdgePicture(image.resized(width: width, height: height).blurred(sigma: 0.8)))
  }
}

/// The signs of templates at sizes that were asked for, kept for the next picture.
final class SizedSigns {
  private struct Key: Hashable {
    var template: Int
    var height: Int
  }

  /// Most values that are kept, 64 MB.
  private static let most = 16 << 20

  private let templates: [LogoTemplate]
  private var signs: [Key: EdgeSign] = [:]
  private var count = 0

  init(_ templates: [LogoTemplate]) { self.templates = templates }

  func sign(of template: Int, height: Int) -> EdgeSign {
    let key = Key(template: template, height: height)
    if let known = signs[key] { return known }
    let width = max(1, Int((Float(height) * templates[template].aspect).rounded()))
    let sign = templates[template].sign(width: width, height: height)
    if count + sign.values.count > Self.most {
      signs.removeAll(keepingCapacity: true)
      count = 0
    }
    signs[key] = sign
    count += sign.values.count
    return sign
  }
}
