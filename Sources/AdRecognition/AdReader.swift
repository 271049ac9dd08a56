import AdDetection
import BrandRecognition
import TextReading
import VideoCore

/// Reads crops and frames and weighs what they say.
struct AdReader {
  let text: (any TextSource)?
  let brands: BrandRecognizer
  let moreEvidence: ([Indicator]) -> [BrandEvidence]
  let pixelAspect: Double

  /// Reads an overlay's crops; the second value says when each look of it was seen.
  func reading(ofOverlay pictures: [TimedPicture]) throws -> (AdReading, [AdLook]) {
    var reading = AdReading()
    var looks: [AdLook] = []
    let crops = pictures.map(\.plane)
    let times = pictures.map(\.seconds)
    let strips = try text.map { text in
      try Self.unlessUnreadable {
        try text.texts(of: crops, times: times, pixelAspect: pixelAspect)
      }
    }
    if let strips = strips ?? nil, !crops.isEmpty {
      for strip in strips {
        reading.lines += strip.lines
        let signs = brands.evidence(in: strip.picture, pixelAspect: pixelAspect)
        reading.brandEvidence += signs
        looks.append(
          AdLook(
            seconds: strip.crops.filter(times.indices.contains).map { times[$0] },
            reading: weighed(AdReading(lines: strip.lines, brandEvidence: signs)),
            isScrolling: strip.scrollSpeed != nil
          )
        )
      }
    } else {
      // Without text, two moments are enough for a sign that alternates with other looks.
      for place in Set([crops.count / 3, crops.count * 5 / 6]).sorted()
      where crops.indices.contains(place) {
        reading.brandEvidence += brands.evidence(in: crops[place], pixelAspect: pixelAspect)
      }
    }
    return (weighed(reading), looks)
  }

  /// Reads frames of a shot.
  func reading(ofShot pictures: [TimedPicture]) throws -> AdReading {
    var reading = AdReading()
    let frames = pictures.map(\.plane)
    guard !frames.isEmpty else { return reading }
    if let text {
      let lines = try Self.unlessUnreadable {
        try text.lines(of: frames, pixelAspect: pixelAspect)
      }
      reading.lines = lines ?? []
    }
    reading = weighed(reading)
    // A sign is looked for where the words do not name the brand already.
    for place in Set([frames.count / 2, frames.count - 1]).sorted()
    where !(reading.verdict.map { $0.confidence > 0.95 } ?? false) {
      reading.brandEvidence += brands.evidence(in: frames[place], pixelAspect: pixelAspect)
      reading = weighed(reading)
    }
    return reading
  }

  /// What `read` gives; nil where the reader of text refuses the pictures: signs are left, and the
  /// other ads of the leak.
  private static func unlessUnreadable<Value>(_ read: () throws -> Value) throws -> Value? {
    do {
      return try read()
    } catch is TextReadingError {
      return nil
    }
  }

  /// The brand of frames by its sign alone, to tell where one clip of a template follows another.
  func sign(in picture: LumaPlane) -> String? {
    brands.evidence(in: picture, pixelAspect: pixelAspect).first?.brand
  }

  /// The reading with its evidence weighed anew.
  func weighed(_ reading: AdReading) -> AdReading {
    var reading = reading
    reading.indicators = IndicatorExtractor.indicators(in: reading.lines)
    let signs = reading.brandEvidence.filter { $0.kind == .logo }
    reading.brandEvidence =
      brands.evidence(in: reading.lines) + moreEvidence(reading.indicators) + signs
    reading.verdict = brands.verdict(on: reading.brandEvidence)
    return reading
  }
}

/// One look of an overlay.
struct AdLook {
  /// When it was seen.
  var seconds: [Double]
  /// What it says.
  var reading: AdReading
  /// Whether it runs through a strip.
  var isScrolling: Bool
}
