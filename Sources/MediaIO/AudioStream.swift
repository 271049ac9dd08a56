import CFFmpeg
import VideoCore

/// The chosen sound of a container, in plain values.
struct AudioStream {
  let index: Int
  let info: AudioInfo
  let timeBase: Rational
  /// The start of the film on the sound's clock, in ticks.
  let filmStart: Int64

  /// Samples of each channel in a frame beyond which a decoder is told to refuse: ten seconds at the
  /// highest rate in use.
  static let mostSamplesOfFrame: Int64 = 1 << 22

  /// Chooses the sound that belongs to the film; nil where there is none that can be decoded.
  ///
  /// In this order: no commentary or version for the deaf or blind, the container's default, the
  /// most channels, the first.
  init?(of demuxer: borrowing Demuxer, maxPixels: Int) {
    var best: (stream: UnsafeMutablePointer<AVStream>, rank: [Int32])?
    let streams = unsafe demuxer.streams
    for place in unsafe streams.indices {
      let stream = unsafe streams[place]
      guard let rank = unsafe AudioStream.rank(of: stream) else { continue }
      if let standing = unsafe best?.rank, !standing.lexicographicallyPrecedes(rank) { continue }
      unsafe best = (stream, rank)
    }
    guard let stream = unsafe best?.stream else { return nil }
    let parameters = unsafe stream.pointee.codecpar.pointee
    let base = unsafe stream.pointee.time_base
    guard base.num > 0, base.den > 0 else { return nil }
    timeBase = Rational(base.num, base.den)
    index = unsafe Int(stream.pointee.index)
    info = unsafe AudioInfo(
      codecName: String(cString: avcodec_get_name(parameters.codec_id)),
      sampleRate: max(0, Int(parameters.sample_rate)),
      channelCount: max(0, Int(parameters.ch_layout.nb_channels)),
      streamIndex: index
    )
    // Times of the film count from the start of its picture; without one, from that of the sound.
    if let picture = try? VideoStream(of: demuxer, maxPixels: maxPixels) {
      let start = picture.info.startTime
      let ticks = (start.seconds / timeBase.value).rounded()
      filmStart = abs(ticks) < Double(PacketClock.largestTime) ? Int64(ticks) : 0
    } else {
      let start = unsafe stream.pointee.start_time
      let isPlausible = start > -PacketClock.largestTime && start < PacketClock.largestTime
      filmStart = isPlausible ? start : 0
    }
  }

  private static func rank(of stream: UnsafeMutablePointer<AVStream>) -> [Int32]? {
    let parameters = unsafe stream.pointee.codecpar.pointee
    guard unsafe parameters.codec_type == AVMEDIA_TYPE_AUDIO,
      unsafe avcodec_find_decoder(parameters.codec_id) != nil
    else { return nil }
    let disposition = unsafe stream.pointee.disposition
    let special =
      AV_DISPOSITION_COMMENT | AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_VISUAL_IMPAIRED
      | AV_DISPOSITION_KARAOKE | AV_DISPOSITION_CLEAN_EFFECTS
    return unsafe [
      disposition & special == 0 ? 1 : 0, disposition & AV_DISPOSITION_DEFAULT != 0 ? 1 : 0,
      parameters.ch_layout.nb_channels,
    ]
  }
}
