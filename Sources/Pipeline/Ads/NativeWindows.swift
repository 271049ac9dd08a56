import AdDetection
import AdRecognition
import MediaIO
import VideoCore

/// Pictures of a leak at the size at which it stores them, decoded around the moments asked for.
final class NativeWindows: NativePictures {
  let size: FrameSize
  let pixelAspect: Double
  private let media: any MediaSource
  private let options: DecodeOptions
  private let flag: CancellationFlag
  /// Which frames are decoded; nil for all, which are then of one cost.
  private let sparing: DecodeMode?
  private var reader: (any VideoReading)?
  private var keyframes: [Double] = []
  /// Frames decoded so far.
  private(set) var decodedFrames = 0

  /// Widest pictures: ads of larger ones are large enough at half the size.
  private static let mostWidth = 1920
  /// A moment is met by the first frame that is not earlier by more than this, in seconds.
  private static let sameMoment = 0.001

  /// Opens nothing yet; one with a `sparing` mode decodes the frames of that mode, and has key frames
  /// preferred to others.
  init(
    _ media: any MediaSource,
    info: VideoInfo,
    sparing: DecodeMode?,
    threads: Int,
    flag: CancellationFlag
  ) {
    (self.media, self.sparing, self.flag) = (media, sparing, flag)
    let full = info.uprightSize
    let factor = max(1, (full.width + Self.mostWidth - 1) / Self.mostWidth)
    size = FrameSize(width: max(1, full.width / factor), height: max(1, full.height / factor))
    let isTurned = info.rotationDegrees % 180 != 0
    let aspect = info.sampleAspectRatio.value
    let sane = aspect.isFinite && aspect > 0.1 && aspect < 10 ? aspect : 1
    pixelAspect = isTurned ? 1 / sane : sane
    options = DecodeOptions(
      planeSize: size,
      mode: sparing ?? .all,
      threads: threads > 1 ? .frames(threads) : .single,
      isCancelled: { flag.isCancelled }
    )
  }

  func pictures(for requests: [PictureRequest]) throws -> [[TimedPicture]] {
    var answers = [[TimedPicture]](repeating: [], count: requests.count)
    let wanted = requests.indices.flatMap { index in
      requests[index].times.filter(\.isFinite).map { (seconds: $0, request: index) }
    }.sorted { ($0.seconds, $0.request) < ($1.seconds, $1.request) }
    guard !wanted.isEmpty else { return answers }
    let reader = try opened()
    var next = 0
    while next < wanted.count {
      let last = endOfRun(wanted.map(\.seconds), from: next)
      var place = next
      let moments = wanted[next..<last].map { $0.seconds - Self.sameMoment }
      let start = start(before: wanted[next].seconds)
      let summary = try reader.read(from: start, to: nil, at: moments) { frame in
        try flag.check()
        while place < last, wanted[place].seconds <= frame.time.seconds + Self.sameMoment {
          let request = wanted[place].request
          let plane = Self.part(requests[request], of: frame.plane)
          answers[request].append(TimedPicture(seconds: frame.time.seconds, plane: plane))
          place += 1
        }
        return .continue
      }
      decodedFrames += summary.decodedFrames
      next = last
    }
    return answers
  }

  func cheapMoments() throws -> [Double] {
    guard sparing != nil else { return [] }
    _ = try opened()
    return keyframes
  }

  private func opened() throws -> any VideoReading {
    if let reader { return reader }
    let reader = try media.video(options)
    keyframes = try reader.keyframeTimes()
    self.reader = reader
    return reader
  }

  /// The first moment that is reached sooner from a key frame of its own.
  private func endOfRun(_ seconds: [Double], from first: Int) -> Int {
    var last = first + 1
    while last < seconds.count, last - first < VideoReader.mostMoments {
      let (before, after) = (seconds[last - 1], seconds[last])
      if after > before + 1, hasKeyframe(from: before + 0.5, to: after) { break }
      last += 1
    }
    return last
  }

  /// Where to read from to meet a moment: at a key frame that is shown then, for a little earlier the
  /// whole of its predecessor's group of pictures would be decoded.
  private func start(before moment: Double) -> Double {
    let earliest = max(0, moment - Self.sameMoment)
    return keyframe(from: earliest, to: moment + Self.sameMoment) ?? earliest
  }

  private func hasKeyframe(from start: Double, to end: Double) -> Bool {
    keyframe(from: start, to: end) != nil
  }

  /// The first key frame in a time.
  private func keyframe(from start: Double, to end: Double) -> Double? {
    var (low, high) = (0, keyframes.count)
    while low < high {
      let middle = (low + high) / 2
      if keyframes[middle] < start { low = middle + 1 } else { high = middle }
    }
    return low < keyframes.count && keyframes[low] <= end ? keyframes[low] : nil
  }

  /// The part of a frame that a request asks for.
  static func part(_ request: PictureRequest, of plane: LumaPlane) -> LumaPlane {
    let part = request.pixels(of: plane.size)
    let size = FrameSize(width: part.width, height: part.height)
    let cut = plane.part(left: part.left, top: part.top, size: size)
    return cut.reduced(to: request.answerSize(of: plane.size))
  }
}
