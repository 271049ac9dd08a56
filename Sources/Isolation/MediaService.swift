import MediaIO
import Synchronization
import VideoCore

/// The other side of ``MediaWorker``: parses and decodes one file, for as long as somebody asks.
enum MediaService {
  /// Most key frames of a file; at ten a second, two days.
  static let mostKeyframes = 1 << 21
  /// Most key frames of one message.
  static let keyframesOfMessage = 4096
  /// Most samples of one message.
  static let samplesOfMessage = 1 << 15

  /// Serves until the parent has gone.
  ///
  /// - Throws: `Channel.Closed` then, and ``WireError`` where the parent makes no sense.
  static func serve(_ input: MediaInput, over channel: Channel) throws {
    let service = Service(input, channel)
    while true { try service.answer() }
  }

  /// Says now and then that work goes on.
  private final class Pulse: Sendable {
    private let sender: Sender
    private let last = Mutex(ContinuousClock().now)
    private static let interval = Duration.milliseconds(500)

    init(_ sender: Sender) { self.sender = sender }

    /// Notes that something was said.
    func beat() { last.withLock { $0 = ContinuousClock().now } }

    /// Whether to stop, as nobody listens any more.
    func isOver() -> Bool {
      let now = ContinuousClock().now
      let isDue = last.withLock { last in
        guard now - last > Self.interval else { return false }
        last = now
        return true
      }
      return isDue && (try? sender.send(WireWriter(.alive).finished())) == nil
    }
  }

  /// The readers of the file.
  private final class Service {
    private let input: MediaInput
    private let channel: Channel
    private let pulse: Pulse
    private var videos: [UInt32: VideoReader] = [:]
    private var sounds: [UInt32: AudioReader] = [:]

    private static let mostReaders = 64

    init(_ input: MediaInput, _ channel: Channel) {
      (self.input, self.channel) = (input, channel)
      pulse = Pulse(channel.sender)
    }

    /// Answers one question.
    func answer() throws {
      var (kind, question) = try channel.receive()
      // A wish to stop what had ended by itself: it must not matter that it did.
      if kind == .stop {
        for reader in videos.values { reader.rest() }
        return
      }
      let number = try question.integer(UInt32.self)
      do {
        switch kind {
        case .openVideo: try openVideo(number, &question)
        case .readVideo: try readVideo(number, &question)
        case .listKeyframes: try listKeyframes(number)
        case .closeVideo: videos[number] = nil
        case .openAudio: try openAudio(number, &question)
        case .readAudio: try readAudio(number, &question)
        default: throw WireError()
        }
      } catch let error as MediaError {
        var message = WireWriter(.failure)
        message.put(error)
        try say(message)
      }
    }

    private func say(_ message: consuming WireWriter) throws {
      try channel.sender.send(message.finished())
      pulse.beat()
    }

    private func openVideo(_ number: UInt32, _ question: inout WireReader) throws {
      let pulse = pulse
      let options = try question.options { pulse.isOver() }
      guard videos.count < Self.mostReaders else { throw WireError() }
      let reader = try VideoReader(input, options: options)
      videos[number] = reader
      var message = WireWriter(.videoInfo)
      message.put(reader.info)
      try say(message)
    }

    private func readVideo(_ number: UInt32, _ question: inout WireReader) throws {
      let from = try question.optional { reader throws(WireError) in try reader.double() }
      let to = try question.optional { reader throws(WireError) in try reader.double() }
      let moments = try question.optional { reader throws(WireError) in
        var moments: [Double] = []
        for _ in 0..<(try reader.count(upTo: VideoReader.mostMoments)) {
          moments.append(try reader.double())
        }
        return moments
      }
      guard let reader = videos[number] else { throw WireError() }
      // One reader works at a time, and so does one decoder's memory.
      for (other, idle) in videos where other != number { idle.rest() }
      let size = reader.options.planeSize.area + (reader.options.detail?.size.area ?? 0)
      let summary = try reader.read(from: from, to: to, at: moments) { frame, soFar in
        var message = WireWriter(.frame, capacity: size + 128)
        message.put(soFar)
        message.put(frame)
        try say(message)
        return channel.hasInput ? .stop : .continue
      }
      var message = WireWriter(.summary)
      message.put(summary)
      try say(message)
    }

    private func listKeyframes(_ number: UInt32) throws {
      guard let reader = videos[number] else { throw WireError() }
      var times = try reader.keyframeTimes().prefix(MediaService.mostKeyframes)[...]
      repeat {
        let part = times.prefix(MediaService.keyframesOfMessage)
        times = times.dropFirst(part.count)
        var message = WireWriter(.keyframes, capacity: 8 * part.count + 8)
        message.put(times.isEmpty)
        message.put(UInt32(part.count))
        for time in part { message.put(time) }
        try say(message)
      } while !times.isEmpty
    }

    private func openAudio(_ number: UInt32, _ question: inout WireReader) throws {
      let rate = Int(try question.integer(UInt32.self))
      guard AudioReader.sampleRates.contains(rate), sounds.count < Self.mostReaders else {
        throw WireError()
      }
      let pulse = pulse
      let reader = try AudioReader.open(input, sampleRate: rate) { pulse.isOver() }
      sounds[number] = reader
      var message = WireWriter(.audioInfo)
      message.put(optional: reader?.info) { $0.put($1) }
      try say(message)
    }

    private func readAudio(_ number: UInt32, _ question: inout WireReader) throws {
      let end = try question.double()
      guard let reader = sounds.removeValue(forKey: number) else { throw WireError() }
      let summary = try reader.read(to: end) { samples, first in
        var place = 0
        while place < samples.count {
          let count = min(samples.count - place, MediaService.samplesOfMessage)
          var message = WireWriter(.samples, capacity: 4 * count + 16)
          message.put(Int64(first + place))
          message.put(UInt32(count))
          for index in place..<place + count { message.put(samples[index]) }
          try say(message)
          place += count
        }
      }
      var message = WireWriter(.audioSummary)
      message.put(summary)
      try say(message)
    }
  }
}
