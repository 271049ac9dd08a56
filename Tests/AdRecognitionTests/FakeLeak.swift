import AdDetection
import AdRecognition
import BrandRecognition
import TestSupport
import TextReading
import VideoCore

/// A leak whose pictures are flat: their one value says what is written there.
final class FakeLeak: NativePictures, PictureSource, TextSource {
  let size = FrameSize(width: 640, height: 360)
  let pixelAspect = 1.0
  let durationSeconds: Double
  /// What is written at a moment, in a box or in the whole frame; empty for nothing.
  private let writing: (Double, FrameBox?) -> [String]
  private var texts: [[String]] = [[]]
  /// How often text was read.
  private(set) var readings = 0
  /// Moments of which pictures were asked for.
  private(set) var asked: [Double] = []
  /// Key frames; none matter where it is empty.
  var keyframes: [Double] = []
  /// What is drawn at a moment in the lowest quarter of the frame and in its rest, as seeds of patterns;
  /// nothing where one is nil.
  var patterns: ((Double) -> (strip: UInt64?, rest: UInt64?))?
  /// The greatest number of bytes of one answer.
  private(set) var mostBytes = 0

  init(seconds: Double, writing: @escaping (Double, FrameBox?) -> [String]) {
    durationSeconds = seconds
    self.writing = writing
  }

  func cheapMoments() -> [Double] { keyframes }

  func pictures(for requests: [PictureRequest]) -> [[TimedPicture]] {
    asked += requests.flatMap(\.times)
    let answers = requests.map { request in
      request.times.map { time in
        let part = request.answerSize(of: size)
        var plane = LumaPlane(size: part, fill: value(of: writing(time, request.box)))
        // The first pixel says what is written.
        if let patterns { Self.draw(patterns(time).strip, rows: 0..<part.height, in: &plane) }
        return TimedPicture(seconds: time, plane: plane)
      }
    }
    let bytes = answers.joined().reduce(0) { $0 + $1.plane.pixels.count }
    mostBytes = max(mostBytes, bytes)
    return answers
  }

  /// The small pictures: what is written changes their grey.
  func pictures(from start: Double, to end: Double) -> [TimedPicture] {
    stride(from: (start * 25).rounded(.up), to: end * 25, by: 1).map { frame in
      var plane = LumaPlane(
        size: FrameSize(width: 16, height: 9),
        fill: value(of: writing(frame / 25, nil))
      )
      if let seeds = patterns?(frame / 25) {
        Self.draw(seeds.rest, rows: 0..<7, in: &plane)
        Self.draw(seeds.strip, rows: 7..<9, in: &plane)
      }
      return TimedPicture(seconds: frame / 25, plane: plane)
    }
  }

  private static func draw(_ seed: UInt64?, rows: Range<Int>, in plane: inout LumaPlane) {
    guard let seed else { return }
    var random = SeededRandom(seed: seed)
    let first = plane.pixels[0]
    for i in rows.lowerBound * plane.size.width..<rows.upperBound * plane.size.width {
      plane.pixels[i] = .random(in: 0...255, using: &random)
    }
    plane.pixels[0] = first
  }

  func texts(
    of crops: [LumaPlane],
    times: [Double],
    core: TextBox?,
    pixelAspect: Double
  ) -> [StripText] {
    readings += 1
    let looks = Dictionary(grouping: crops.indices) { crops[$0].pixels[0] }
    return looks.sorted { ($0.value.count, $1.key) > ($1.value.count, $0.key) }.map {
      let lines = texts[Int($0.key)].map(Self.line)
      return StripText(crops: $0.value, picture: crops[$0.value[0]], lines: lines, scrollSpeed: nil)
    }
  }

  func lines(of frames: [LumaPlane], pixelAspect: Double) -> [LineReading] {
    readings += 1
    return Set(frames.map { $0.pixels[0] }).sorted().flatMap { texts[Int($0)] }.map(Self.line)
  }

  private func value(of lines: [String]) -> UInt8 {
    if let known = texts.firstIndex(of: lines) { return UInt8(known) }
    texts.append(lines)
    return UInt8(texts.count - 1)
  }

  /// A line of which a tilde parts two readings; its words take up its box one after the other.
  static func line(_ text: String) -> LineReading {
    let box = TextBox(x: 0.1, y: 0.4, width: 0.8, height: 0.2)
    let alternatives = text.split(separator: "~").enumerated().map { rank, reading in
      var left = 0
      return RecognizedLine(
        words: reading.split(separator: " ").map { word in
          defer { left += word.count + 1 }
          let step = box.width / Float(reading.count)
          return RecognizedWord(
            characters: word.map {
              RecognizedCharacter($0, confidence: 0.98 - 0.01 * Float(rank))
            },
            box: TextBox(
              x: box.x + Float(left) * step,
              y: box.y,
              width: Float(word.count) * step,
              height: box.height
            )
          )
        }
      )
    }
    return LineReading(alternatives: alternatives, box: box)
  }
}

/// Two invented advertisers.
let brands = [
  BrandRecognition.Brand(
    id: "lampa",
    name: "Lampa-Bet",
    texts: ["Lampa-Bet", "Ставь и светись"],
    domains: ["lampa-bet.example"],
    promoCodes: ["LAMPA500"]
  ),
  BrandRecognition.Brand(
    id: "orion",
    name: "Казино Орион",
    texts: ["Казино Орион"],
    domains: ["kazino-orion.example"],
    promoCodes: ["ORION77"]
  ),
]

func track(
  from start: Double,
  to end: Double,
  at box: FrameBox,
  shape: OverlayTrack.Shape = .corner,
  motion: OverlayTrack.Motion = .still,
  evidence: OverlayTrack.Evidence = .foreignContrast
) -> OverlayTrack {
  OverlayTrack(
    start: start,
    end: end,
    boxes: [.init(seconds: start, box: box)],
    motion: motion,
    shape: shape,
    isTranslucent: nil,
    isOutsidePicture: false,
    evidence: evidence,
    strength: 40,
    confidence: 1,
    states: [
      .init(start: start, end: end, box: box, sampleTimes: [start + 0.5, (start + end) / 2])
    ]
  )
}

/// A track that shows looks in turn, one from each of the `starts` on.
func track(inTurn starts: [Double], for seconds: Double, at box: FrameBox) -> OverlayTrack {
  let end = (starts.last ?? 0) + seconds
  var track = track(from: starts.first ?? 0, to: end, at: box, motion: .alternating)
  track.states = starts.map { start in
    .init(
      start: start,
      end: start + seconds,
      box: box,
      sampleTimes: stride(from: 0.2, to: seconds, by: 0.5).map { start + $0 }
    )
  }
  return track
}

func clip(_ edges: [Double], _ place: InsertedClip.Place = .midroll) -> InsertedClip {
  InsertedClip(
    start: edges[0],
    end: edges[edges.count - 1],
    place: place,
    evidence: .unexplained,
    shots: zip(edges, edges.dropFirst()).map {
      .init(start: $0, end: $1, sampleTimes: [($0 + $1) / 2], digitalLook: 1)
    }
  )
}

/// What is recognised of findings in a leak.
func recognized(
  _ leak: FakeLeak,
  overlays: [OverlayTrack] = [],
  clips: [InsertedClip] = [],
  film: [Range<Double>] = [],
  mainStart: Double? = nil,
  filmSecondsLeft: Double = 600,
  cuts: [Double] = [],
  knownClip: String? = nil
) throws -> RecognizedAds {
  var findings = AdDetector.Findings()
  (findings.overlays, findings.clips, findings.cuts) = (overlays, clips, cuts)
  let recognizer = AdRecognizer(
    pictures: leak,
    text: leak,
    brands: try BrandRecognizer(brands),
    knownClip: { _ in knownClip }
  )
  return try recognizer.recognize(
    findings,
    small: leak,
    in: .init(
      leakSeconds: leak.durationSeconds,
      film: film,
      mainStart: mainStart,
      filmSecondsLeft: filmSecondsLeft
    )
  )
}
