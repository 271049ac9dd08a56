import Foundation
import VideoCore

/// One stack of crops that `Benchmarks/Accuracy/ad-crops` wrote, with the truth about it.
struct CropStack: Decodable {
  var name: String
  var leak: String
  var severity: String
  var role: String
  var type: String
  var brand: String?
  var texts: [String]?
  var opacity: Double?
  var full: Bool
  var w: Int
  var h: Int
  var n: Int
  var sar: Double
  var times: [Double]
  var flip: Bool?
  var flip_stage: String?
  /// Brands of the ads that are on the screen at the same time; their text may lie in the crop.
  var around: [String]?

  /// Whether the overlay itself is mirrored, not only the film behind it.
  var isMirrored: Bool { flip == true && flip_stage == "all" }

  /// The planes, turned back where they are mirrored.
  func planes(in folder: URL) throws -> [LumaPlane] {
    let data = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name + ".gray")))
    let area = w * h
    return (0..<n).map { index in
      var pixels = Array(data[index * area..<(index + 1) * area])
      if isMirrored {
        for y in 0..<h { pixels[y * w..<(y + 1) * w].reverse() }
      }
      return LumaPlane(size: FrameSize(width: w, height: h), pixels: pixels)
    }
  }

  /// The address that the ad shows, if any.
  var url: String? { texts?.first { $0.contains(".example") } }

  /// The promotion code that the ad shows, if any.
  var code: String? {
    texts?.compactMap { text -> String? in
      guard let word = text.split(separator: " ").last, !text.contains(".") else { return nil }
      if text.hasPrefix("ПРОМОКОД ") { return String(word) }
      let isCode =
        text == text.uppercased() && !text.contains(" ") && !text.contains("-")
        && text.count >= 4 && text != "1ROLL" && text != "5¾"
      return isCode ? text : nil
    }.first
  }
}

/// The least number of errors of `pattern` anywhere in `text`.
func errors(of pattern: [Character], in text: [Character]) -> Int {
  var row = [Int](repeating: 0, count: text.count + 1)
  for (i, p) in pattern.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in text.indices {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (p == text[j] ? 0 : 1))
      diagonal = above
    }
  }
  return row.min() ?? pattern.count
}

/// The number of errors between two texts.
func distance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
      diagonal = above
    }
  }
  return row[b.count]
}
