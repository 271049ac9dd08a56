extension PlayoutLog {
  /// How far a clock may be set back between two records of a device, in seconds: records of one
  /// moment are written in any order.
  static let mostSecondsBack: Int64 = 5
  /// Longest time between two records of a device inside a composition, in seconds.
  static let mostSecondsBetween: Int64 = 4 * 3600
  /// Longest time from a composition's start to its end where its length is not known, in seconds.
  static let longestComposition: Int64 = 8 * 3600
  /// How much longer than what is shown a show may take, in seconds: pauses, stops.
  static let longestPause: Int64 = 3600

  /// A composition that a device is playing.
  private struct Playing {
    var cplID: String
    var start: ZonedTime
    var line: Int
    /// Time of the device's last record.
    var last: ZonedTime
  }

  /// The devices that wrote the log, in the order of their first records.
  public var deviceIDs: [String] {
    var seen: Set<String> = []
    return records.map(\.deviceID).filter { seen.insert($0).inserted }
  }

  /// The compositions that the log tells of.
  public var cplIDs: Set<String> { Set(records.compactMap(\.cplID)) }

  /// The screenings that the log tells of: one for each composition that a device played.
  ///
  /// A composition lasts from its start to its end, or to the end of the show. `place` tells where a
  /// device is, and `duration` how long a composition runs, in seconds, where that is known.
  ///
  /// - Throws: ``ScreeningsError/Code/clockJump`` with the line of the record before which the
  ///   device's clock jumps.
  public func screenings(
    place: (String) -> ScreeningPlace?,
    duration: (String) -> Double? = { _ in nil }
  ) throws(ScreeningsError) -> ScreeningBatch {
    var batch = ScreeningBatch()
    var clocks: [String: ZonedTime] = [:]
    var playing: [String: Playing] = [:]
    for record in records {
      try check(record, after: clocks[record.deviceID], playing[record.deviceID], duration)
      clocks[record.deviceID] = record.time
      playing[record.deviceID]?.last = record.time
      switch record.event {
      case .compositionStart:
        if let before = playing.removeValue(forKey: record.deviceID) {
          // Stopped without a record of its end.
          try add(before, end: record.time, record.deviceID, place, to: &batch)
        }
        guard let cplID = record.cplID else {
          try batch.refuse(line: record.line, "the record of a start names no composition")
          continue
        }
        playing[record.deviceID] = Playing(
          cplID: cplID,
          start: record.time,
          line: record.line,
          last: record.time
        )
      case .compositionEnd, .playoutComplete:
        if let before = playing.removeValue(forKey: record.deviceID) {
          try add(before, end: record.time, record.deviceID, place, to: &batch)
        } else if record.event == .compositionEnd {
          try batch.refuse(
            line: record.line,
            "a composition ends whose start is not in the log"
          )
        }
      case .framesPlayed, .other:
        break
      }
    }
    for (device, before) in playing.sorted(by: { $0.value.line < $1.value.line }) {
      try add(before, end: nil, device, place, to: &batch)
    }
    return batch
  }

  private func check(
    _ record: Record,
    after last: ZonedTime?,
    _ playing: Playing?,
    _ duration: (String) -> Double?
  ) throws(ScreeningsError) {
    guard let last else { return }
    let step = record.time.seconds - last.seconds
    func jump(_ how: String) -> ScreeningsError {
      ScreeningsError(
        .clockJump,
        line: record.line,
        "the clock of the device \(TextRules.excerpt(record.deviceID)) jumps \(how): "
          + "\(last.text), then \(record.time.text)"
      )
    }
    guard step >= -Self.mostSecondsBack else { throw jump("back by \(-step) s") }
    guard let playing else { return }
    var most = Self.mostSecondsBetween
    if case .framesPlayed(let count?) = record.event {
      // No server plays fewer than 24 frames a second.
      most = min(most, count / 24 + Self.longestPause)
    }
    guard step <= most else {
      throw jump("forward by \(step) s inside of a composition")
    }
    let longest = duration(playing.cplID).map { Int64($0) + Self.longestPause }
    let total = record.time.seconds - playing.start.seconds
    guard total <= longest ?? Self.longestComposition else {
      throw jump(
        "forward: the composition of line \(playing.line) would have been played for \(total) s"
      )
    }
  }

  private func add(
    _ playing: Playing,
    end: ZonedTime?,
    _ device: String,
    _ place: (String) -> ScreeningPlace?,
    to batch: inout ScreeningBatch
  ) throws(ScreeningsError) {
    guard let place = place(device) else {
      return try batch.refuse(
        line: playing.line,
        "the device \(TextRules.excerpt(device)) is in no facility list that was imported; import "
          + "one, or give --facility and --auditorium"
      )
    }
    let work = ScreeningWork(cplID: playing.cplID)
    var screening = Screening(
      id: Screening.identifier(of: place, start: playing.start, cplID: playing.cplID),
      place: place,
      work: work,
      start: playing.start
    )
    // Records of one moment may be a little out of order.
    if let end, end.seconds > playing.start.seconds { screening.end = end }
    screening.deviceID = device
    try batch.add(screening, line: playing.line)
  }
}
