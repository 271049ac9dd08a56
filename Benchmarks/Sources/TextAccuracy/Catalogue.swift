import BrandRecognition
import Foundation
import VideoCore

/// The catalogue that `Benchmarks/Accuracy/ad-crops` wrote beside the crops.
struct Catalogue: Decodable {
  struct Logo: Decodable {
    var file: String
    var w: Int
    var h: Int
  }
  struct Entry: Decodable {
    var id: String
    var name: String
    var kind: String
    var domains: [String]
    var promo_codes: [String]
    var texts: [String]
    var logos: [Logo]
  }
  var brands: [Entry]

  static func read(_ folder: URL) throws -> [Brand] {
    let data = try Data(contentsOf: folder.appendingPathComponent("brands.json"))
    return try JSONDecoder().decode(Catalogue.self, from: data).brands.map { entry in
      Brand(
        id: entry.id,
        name: entry.name,
        kind: entry.kind,
        texts: entry.texts,
        domains: entry.domains,
        promoCodes: entry.promo_codes,
        logos: try entry.logos.map { logo in
          let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(logo.file)))
          let size = FrameSize(width: logo.w, height: logo.h)
          return try Brand.Logo(
            luma: LumaPlane(size: size, pixels: Array(bytes[..<size.area])),
            alpha: LumaPlane(size: size, pixels: Array(bytes[size.area...]))
          )
        }
      )
    }
  }
}
