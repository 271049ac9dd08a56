public import SystemPackage

/// Files that were seen, until each has been left alone for long enough to be complete.
///
/// Pure: whoever uses it looks at the files and at a clock that nobody sets.
public struct QuietFiles: Sendable {
  /// What is to be done with a file.
  public enum Verdict: Sendable, Hashable {
    /// It is still being written, or was a moment ago.
    case wait
    /// Nobody has changed it for the quiet time.
    case complete(FileStamp)
  }

  private struct Entry {
    var stamp: FileStamp
    /// Since when nothing is known to have happened to it.
    var quietSince: Double
    /// When it was last changed.
    var changedAt: Double
  }

  /// How long a file must be left alone, in seconds.
  public var quietSeconds: Double
  /// Whether files without contents, and those that another file calls unfinished, wait for ever.
  public var waitsForContents: Bool
  /// A file that somebody keeps open for writing without writing is taken after so many quiet times:
  /// some programs never close what they share.
  public static let openPatience = 20.0

  private var entries: [FilePath: Entry] = [:]

  /// Creates an empty set.
  public init(quietSeconds: Double, waitsForContents: Bool = true) {
    (self.quietSeconds, self.waitsForContents) = (quietSeconds, waitsForContents)
  }

  /// How many files wait.
  public var count: Int { entries.count }

  /// Whether a file waits.
  public func contains(_ path: FilePath) -> Bool { entries[path] != nil }

  /// Notes how a file was seen; `quietBefore` says for how long it is known to have been left alone.
  public mutating func notice(
    _ path: FilePath,
    _ stamp: FileStamp,
    now: Double,
    quietBefore: Double = 0
  ) {
    if let entry = entries[path], entry.stamp == stamp { return }
    let since = now - quietBefore
    entries[path] = Entry(stamp: stamp, quietSince: since, changedAt: since)
  }

  /// Notes that something happened to a file.
  public mutating func touch(_ path: FilePath, now: Double) {
    entries[path]?.quietSince = now
    entries[path]?.changedAt = now
  }

  /// Forgets a file that is gone, or has another name.
  public mutating func drop(_ path: FilePath) { entries[path] = nil }

  /// Forgets the files for which `isGone` holds.
  public mutating func drop(where isGone: (FilePath) -> Bool) {
    entries = entries.filter { !isGone($0.key) }
  }

  /// The files whose quiet time is over, in the order of their names' bytes.
  public func due(now: Double) -> [FilePath] {
    entries.filter { now >= $0.value.quietSince + quietSeconds }.keys
      .sorted { $0.string < $1.string }
  }

  /// When the next file is due; nil where none waits.
  public var nextDue: Double? { entries.values.map(\.quietSince).min().map { $0 + quietSeconds } }

  /// Decides about a file that is due and was looked at once more: whether somebody has it open for
  /// writing, and whether another file says that it is not finished.
  public mutating func judge(
    _ path: FilePath,
    _ stamp: FileStamp,
    isOpen: Bool = false,
    isUnfinished: Bool = false,
    now: Double
  ) -> Verdict {
    guard let entry = entries[path] else { return .wait }
    guard entry.stamp == stamp, stamp.sizeBytes > 0 || !waitsForContents else {
      entries[path] = Entry(stamp: stamp, quietSince: now, changedAt: now)
      return .wait
    }
    let isPatient = now < entry.changedAt + quietSeconds * Self.openPatience
    if isUnfinished && (isPatient || waitsForContents) || isOpen && isPatient {
      entries[path]?.quietSince = now
      return .wait
    }
    entries[path] = nil
    return .complete(stamp)
  }
}
