import Fingerprinting
public import VideoCore

/// The motion hashes of a leak under every hypothesis of how the film may lie in its frames: where
/// the picture is, whether it is mirrored, and how fast it plays.
///
/// Frames are streamed in; what stays are hashes only, about 5 kB for each second of the leak.
public struct QueryTracks: Sendable {
  /// Reference seconds for each leak second that are tried: as it is, and the two conversions
  /// between film at 24 and television at 25 frames a second.
  public static let rates = [1.0, 24.0 / 25.0, 25.0 / 24.0]

  /// Where the picture is looked for by default: the whole frame, a screen seen with three margins
  /// around it, and a camera that cuts the picture's edges off.
  ///
  /// Hashes bear an error of some five per cent of the frame, and the windows are spaced by it.
  public static let defaultWindows: [PictureWindow] = [
    .whole, .inset(0.055), .inset(0.11), .inset(-0.06), .inset(0.2),
  ]

  /// Hashes that follow each other at one pace.
  struct Run: Sendable {
    /// Number of the first sample; sample `k` is at `k / 4 / rate` seconds of the leak.
    var first: Int
    /// Four words for each sample.
    var words: [UInt64] = []
    /// Motion of each sample; 0 where there is no hash.
    var motions: [Float] = []
  }

  /// The hashes under one hypothesis.
  struct Series: Sendable {
    let mirrored: Bool
    let rate: Double
    var runs: [Run] = []
    fileprivate let track: Int
    fileprivate var next = 0
  }

  private let windows: [PictureWindow]
  private var describer = FrameDescriber()
  private var tracks: [DescriptorTrack]
  private(set) var series: [Series]
  private var last: Double?
  private var seen: [Range<Double>] = []

  /// Starts a leak without frames.
  public init(windows: [PictureWindow] = Self.defaultWindows) {
    self.windows = windows
    tracks = Array(repeating: DescriptorTrack(), count: 2 * windows.count)
    series = tracks.indices.flatMap { track in
      Self.rates.map { Series(mirrored: track % 2 == 1, rate: $0, track: track) }
    }
  }

  /// The last moment a frame was taken for; nil without frames.
  public var endSeconds: Double? { last }

  /// The stretches of the leak without longer gaps between frames, in seconds and in order of time.
  var seenStretches: [Range<Double>] { seen }

  /// Takes the next frame of the leak, the whole frame stretched to any small size.
  ///
  /// Frames that come out of order, nearer than 0.1 s to the last one taken, or at a moment that no
  /// film has are passed over. A gap in time makes no samples.
  ///
  /// - Complexity: O(area of the plane · windows).
  public mutating func append(_ plane: LumaPlane, at seconds: Double) {
    guard seconds >= 0, seconds <= Self.latestSeconds else { return }
    if let last, seconds - last < Self.leastSpacing { return }
    for (index, window) in windows.enumerated() {
      let (upright, mirrored) = describer.describe(plane, window: window)
      tracks[2 * index].append(upright, at: seconds)
      tracks[2 * index + 1].append(mirrored, at: seconds)
    }
    let breaks = last.map { seconds - $0 > Self.longestBridge } ?? true
    if breaks { seen.append(seconds..<seconds) }
    seen[seen.count - 1] = seen[seen.count - 1].lowerBound..<seconds
    last = seconds
    for index in series.indices { extend(&series[index], to: seconds, newRun: breaks) }
    let oldest = series.map { Self.time(of: $0.next, $0.rate) - Self.halfSpan($0.rate) }.min()
    guard let oldest else { return }
    for index in tracks.indices { tracks[index].trim(before: oldest) }
  }

  private func extend(_ series: inout Series, to seconds: Double, newRun: Bool) {
    let span = Self.halfSpan(series.rate)
    if newRun {
      let pace = Motion1.samplesPerSecond * series.rate
      series.next = max(series.next, Int(((seconds + span) * pace).rounded(.up)))
      series.runs.append(Run(first: series.next))
    }
    let run = series.runs.count - 1
    while Self.time(of: series.next, series.rate) + span <= seconds {
      let moment = Self.time(of: series.next, series.rate)
      let sample = tracks[series.track].sample(at: moment, halfSpan: span)
      let words = sample?.hash.words ?? .zero
      for k in 0..<4 { series.runs[run].words.append(words[k]) }
      series.runs[run].motions.append(sample?.motion ?? 0)
      series.next += 1
    }
  }

  static func time(of sample: Int, _ rate: Double) -> Double {
    Double(sample) / (Motion1.samplesPerSecond * rate)
  }

  private static func halfSpan(_ rate: Double) -> Double { Motion1.halfSpanSeconds / rate }

  private static let leastSpacing = 0.1
  /// A longer gap starts a new run instead of being filled with empty samples.
  private static let longestBridge = 5.0
  /// Thirty years; keeps forged time stamps within integers.
  private static let latestSeconds = 1e9
}
