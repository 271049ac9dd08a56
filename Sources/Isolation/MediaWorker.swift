import Glibc
public import MediaIO
public import SystemPackage
import VideoCore

/// A media file that is parsed and decoded in a confined process of its own.
///
/// One process serves all readers of the file, one reader at a time; it starts with the first. What
/// it sends are planes and numbers, each checked before it is believed. Belongs to one thread at a
/// time.
public final class MediaWorker: MediaSource {
  private let policy: IsolationPolicy
  private let file: FileDescriptor
  private let isCancelled: @Sendable () -> Bool
  private var process: WorkerProcess?
  private var opened: UInt32 = 0
  private var untold: [WireWriter] = []
  /// Whether a reader waits for the rest of its answer.
  private var isBusy = false

  /// Opens the file, and starts nothing yet.
  ///
  /// - Throws: ``MediaError`` for what is not a regular file with bytes in it.
  public init(
    _ path: FilePath,
    policy: IsolationPolicy = IsolationPolicy(),
    isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
  ) throws(MediaError) {
    self.policy = policy
    self.isCancelled = isCancelled
    file = try MediaInput.open(path)
  }

  deinit { try? file.close() }

  /// Opens the picture in the file's process.
  public func video(_ options: DecodeOptions) throws(MediaError) -> any VideoReading {
    try WorkerVideoReader(self, options)
  }

  /// Opens the sound in the file's process; nil where there is none that can be decoded.
  public func sound(sampleRate: Int) throws(MediaError) -> (any AudioReading)? {
    try WorkerAudioReader.open(self, sampleRate: sampleRate)
  }

  // MARK: For readers

  /// The number of the next reader.
  func nextReader() -> UInt32 {
    opened += 1
    return opened
  }

  /// Asks something and reads all of the answer; nothing else can be asked meanwhile.
  func ask<Value>(
    _ message: consuming WireWriter,
    _ answer: (WorkerProcess) throws -> Value
  ) throws -> Value {
    precondition(!isBusy, "one reader of a file at a time")
    isBusy = true
    defer { isBusy = false }
    let process = try started()
    for late in untold { try process.send(late) }
    untold = []
    try process.send(message)
    return try answer(process)
  }

  /// Has something said that nobody answers, before the next question: what comes during an answer
  /// would end it.
  func tell(_ message: WireWriter) { untold.append(message) }

  private func started() throws(MediaError) -> WorkerProcess {
    if let process { return process }
    let process = try WorkerProcess(.media, input: file, policy: policy, isCancelled: isCancelled)
    self.process = process
    return process
  }
}

/// The picture of a file, decoded elsewhere.
final class WorkerVideoReader: VideoReading {
  let info: VideoInfo
  private let worker: MediaWorker
  private let options: DecodeOptions
  private let number: UInt32
  private var keyframes: [Double]?

  init(_ worker: MediaWorker, _ options: DecodeOptions) throws(MediaError) {
    let bytes = options.planeSize.area + (options.detail?.size.area ?? 0)
    guard bytes <= Wire.mostBytes - 4096 else {
      throw MediaError(.tooLarge, "planes of \(options.planeSize) are more than is passed on")
    }
    (self.worker, self.options, number) = (worker, options, worker.nextReader())
    var message = WireWriter(.openVideo)
    message.put(number)
    message.put(options)
    info = try MediaError.only {
      try worker.ask(message) { process in
        let (kind, body) = try process.receive()
        guard kind == .videoInfo else { throw process.violation() }
        return try process.parse(body) { reader throws(WireError) in try reader.videoInfo() }
      }
    }
  }

  deinit {
    var message = WireWriter(.closeVideo)
    message.put(number)
    worker.tell(message)
  }

  func read(
    from: Double?,
    to: Double?,
    at moments: [Double]?,
    _ body: (ReducedFrame) throws -> ReadControl
  ) throws -> ReadSummary {
    precondition((moments?.count ?? 0) <= VideoReader.mostMoments, "too many moments")
    var message = WireWriter(.readVideo)
    message.put(number)
    message.put(optional: from) { $0.put($1) }
    message.put(optional: to) { $0.put($1) }
    message.put(optional: moments) { message, moments in
      message.put(UInt32(moments.count))
      for moment in moments { message.put(moment) }
    }
    return try worker.ask(message) { try receiveFrames(from: $0, body) }
  }

  private func receiveFrames(
    from process: WorkerProcess,
    _ body: (ReducedFrame) throws -> ReadControl
  ) throws -> ReadSummary {
    var frame = ReducedFrame(planeSize: options.planeSize)
    var last = -Double.infinity
    while true {
      if options.isCancelled() {
        process.abandon()
        throw MediaError.cancelledByCaller
      }
      let (kind, message) = try process.receive()
      switch kind {
      case .summary:
        return try process.parse(message) { reader throws(WireError) in try reader.summary() }
      case .frame:
        let soFar = try process.parse(message) { reader throws(WireError) in
          let soFar = try reader.summary()
          try reader.read(into: &frame, options)
          // In order, no two at one time, as readers promise.
          let seconds = frame.time.seconds
          guard seconds > last, seconds <= VideoReader.longestSeconds else { throw WireError() }
          last = seconds
          return soFar
        }
        do {
          if try body(frame) == .continue { continue }
        } catch {
          try? drain(process)
          throw error
        }
        try drain(process)
        // Not what was decoded ahead: how much that is depends on the moment.
        return soFar
      default: throw process.violation()
      }
    }
  }

  /// Ends the read at the other side, and throws away what is on its way.
  private func drain(_ process: WorkerProcess) throws(MediaError) {
    try process.send(WireWriter(.stop))
    while true {
      let kind: Wire.Kind
      do throws(MediaError) {
        kind = try process.receive().kind
      } catch {
        // A failure after the frame that was asked for is none of the caller's.
        if error.isFatal { throw error }
        return
      }
      switch kind {
      case .frame: continue
      case .summary: return
      default: throw process.violation()
      }
    }
  }

  func keyframeTimes() throws(MediaError) -> [Double] {
    if let keyframes { return keyframes }
    var message = WireWriter(.listKeyframes)
    message.put(number)
    let times = try MediaError.only {
      try worker.ask(message) { process in
        var times: [Double] = []
        while true {
          let (kind, body) = try process.receive()
          guard kind == .keyframes else { throw process.violation() }
          let isLast = try process.parse(body) { reader throws(WireError) in
            let isLast = try reader.flag()
            for _ in 0..<(try reader.count(upTo: MediaService.keyframesOfMessage)) {
              let time = try reader.double()
              guard time.isFinite, time >= times.last ?? -.infinity else { throw WireError() }
              times.append(time)
            }
            return isLast
          }
          if isLast { return times }
          guard times.count <= MediaService.mostKeyframes else { throw process.violation() }
        }
      }
    }
    keyframes = times
    return times
  }
}

/// The sound of a file, decoded elsewhere.
final class WorkerAudioReader: AudioReading {
  let info: AudioInfo
  private let worker: MediaWorker
  private let number: UInt32

  private init(_ worker: MediaWorker, _ number: UInt32, _ info: AudioInfo) {
    (self.worker, self.number, self.info) = (worker, number, info)
  }

  static func open(
    _ worker: MediaWorker,
    sampleRate: Int
  ) throws(MediaError) -> WorkerAudioReader? {
    let number = worker.nextReader()
    var message = WireWriter(.openAudio)
    message.put(number)
    message.put(UInt32(clamping: sampleRate))
    return try MediaError.only {
      try worker.ask(message) { process in
        let (kind, body) = try process.receive()
        guard kind == .audioInfo else { throw process.violation() }
        let info = try process.parse(body) { reader throws(WireError) in
          try reader.optional { reader throws(WireError) in try reader.audioInfo() }
        }
        return info.map { WorkerAudioReader(worker, number, $0) }
      }
    }
  }

  func read(
    to end: Double,
    _ body: (_ samples: Span<Float>, _ first: Int) throws -> Void
  ) throws -> AudioSummary {
    var message = WireWriter(.readAudio)
    message.put(number)
    message.put(end)
    return try worker.ask(message) { process in
      var next = Int.min
      while true {
        let (kind, message) = try process.receive()
        switch kind {
        case .audioSummary:
          return try process.parse(message) { reader throws(WireError) in
            try reader.audioSummary()
          }
        case .samples:
          let (first, samples) = try process.parse(message) { reader throws(WireError) in
            try reader.samples(from: next)
          }
          next = first + samples.count
          do {
            try body(samples.span, first)
          } catch {
            // Sound is read to its end or not at all.
            process.abandon()
            throw error
          }
        default: throw process.violation()
        }
      }
    }
  }
}

extension WireReader {
  /// Samples with the number of the first, which is not before `next`.
  package mutating func samples(from next: Int) throws(WireError) -> (first: Int, [Float]) {
    let first = Int(try integer(Int64.self))
    guard first >= next, abs(first / 2) < 1 << 52 else { throw WireError() }
    let count = try count(upTo: MediaService.samplesOfMessage)
    var samples: [Float] = []
    samples.reserveCapacity(count)
    for _ in 0..<count {
      let sample = try float()
      guard abs(sample) <= AudioReader.greatestSample else { throw WireError() }
      samples.append(sample)
    }
    return (first, samples)
  }
}

extension MediaError {
  /// Whether the process that decodes is gone with it.
  var isFatal: Bool {
    [
      .decoderCrashed, .forbiddenCall, .decoderStalled, .limitExceeded, .notIsolated, .cancelled,
    ].contains(code)
  }

  /// The result of what throws nothing but ``MediaError``.
  static func only<Value>(_ body: () throws -> Value) throws(MediaError) -> Value {
    do {
      return try body()
    } catch let error as MediaError {
      throw error
    } catch {
      throw MediaError(.internalFailure, "\(error)")
    }
  }
}
