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

  /// How sure a brand must be by words for its sign not to be looked for.
  private static let surelyNamed = 0.95

  /// Reads an overlay's crops, of which it fills `core`, mirrored where they say nothing and the leak
  /// may be mirrored.
  ///
  /// The second value says when each look of it was seen.
  func reading(
    ofOverlay pictures: [TimedPicture],
    core: TextBox,
    at place: AdRule.Place,
    mayBeMirrored: Bool
  ) throws -> (AdReading, [AdLook]) {
    let (reading, looks) = try self.reading(ofOverlay: pictures, core: core, at: place)
    guard mayBeMirrored, AdRule.confidence(of: reading, at: place) == nil else {
      return (reading, looks)
    }
    let mirrored = try self.reading(
      ofOverlay: pictures.map(\.mirrored),
      core: TextBox(x: 1 - core.x - core.width, y: core.y, width: core.width, height: core.height),
      at: place
    )
    return AdRule.confidence(of: mirrored.0, at: place) == nil ? (reading, looks) : mirrored
  }

  /// Reads frames of a shot, mirrored where they say nothing and the leak may be mirrored.
  func reading(ofShot pictures: [TimedPicture], mayBeMirrored: Bool) throws -> AdReading {
    let reading = try self.reading(ofShot: pictures)
    guard mayBeMirrored, AdRule.confidence(of: reading, at: .anywhere) == nil else {
      return reading
    }
    let mirrored = try self.reading(ofShot: pictures.map(\.mirrored))
    return AdRule.confidence(of: mirrored, at: .anywhere) == nil ? reading : mirrored
  }

  private func reading(
    ofOverlay pictures: [TimedPicture],
    core: TextBox,
    at place: AdRule.Place
  ) throws -> (AdReading, [AdLook]) {
    var reading = AdReading()
    var looks: [AdLook] = []
    let crops = pictures.map(\.plane)
    let times = pictures.map(\.seconds)
    let strips = try text.map { text in
      try Self.unlessUnreadable {
        try text.texts(of: crops, times: times, core: core, pixelAspect: pixelAspect)
      }
    }
    if let strips = strips ?? nil, !crops.isEmpty {
      for strip in strips {
        reading.lines += strip.lines
        // Where subtitles stand a sign alone says nothing, and there are many of them.
        let signs =
          place == .subtitles || tellsByWords(strip.lines)
          ? [] : brands.evidence(in: strip.picture, pixelAspect: pixelAspect)
        reading.brandEvidence += signs
        looks.append(
          AdLook(
            seconds: strip.crops.filter(times.indices.contains).map { times[$0] },
            reading: weighed(AdReading(lines: strip.lines, brandEvidence: signs)),
            picture: strip.picture,
            core: core,
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

  /// Whether a sign would change nothing: where words name the brand, and where there is an address of
  /// somebody else's.
  private func tellsByWords(_ lines: [LineReading]) -> Bool {
    if let verdict = brands.verdict(on: brands.evidence(in: lines)) {
      return verdict.confidence > Self.surelyNamed
    }
    return IndicatorExtractor.indicators(in: lines).contains {
      $0.kind == .url && $0.meanConfidence > AdRule.clearReading
    }
  }

  private func reading(ofShot pictures: [TimedPicture]) throws -> AdReading {
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
    where !(reading.verdict.map { $0.confidence > Self.surelyNamed } ?? false) {
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
    if let brand = reading.verdict?.brand {
      let spelled = brands.spelled(reading.indicators, in: reading.lines, brand: brand)
      // A sign alone does not speak against an address of somebody else's.
      let isForeign =
        !reading.isNamedInText && spelled == reading.indicators
        && spelled.contains { $0.kind == .url && $0.meanConfidence > AdRule.clearReading }
      if isForeign { reading.verdict = nil } else { reading.indicators = spelled }
    }
    return reading
  }
}

/// One look of an overlay.
struct AdLook {
  /// When it was seen.
  var seconds: [Double]
  /// What it says.
  var reading: AdReading
  /// What it looks like; nil where nobody will ask.
  var picture: LumaPlane?
  /// The part of that which the ad fills.
  var core: TextBox
  /// Whether it runs through a strip.
  var isScrolling: Bool
}

extension TimedPicture {
  /// The picture mirrored left to right.
  var mirrored: TimedPicture {
    let width = plane.size.width
    var pixels: [UInt8] = []
    pixels.reserveCapacity(plane.pixels.count)
    for row in 0..<plane.size.height {
      pixels += plane.pixels[row * width..<(row + 1) * width].reversed()
    }
    return TimedPicture(seconds: seconds, plane: LumaPlane(size: plane.size, pixels: pixels))
  }
}
