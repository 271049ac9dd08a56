public import SystemPackage

/// Which names in a folder are those of leaks that are complete.
public struct LeakNames: Sendable, Hashable {
  /// Name extensions of videos, in small letters and without a dot.
  public let extensions: Set<String>

  /// Ends of the names that browsers, torrent clients and copying programs give to files that they
  /// have not finished, in small letters.
  public static let unfinishedEnds = [
    ".!bt", ".!qb", ".!sync", ".!ut", ".aria2", ".bc!", ".crdownload", ".download", ".dtapart",
    ".fdmdownload", ".filepart", ".incomplete", ".opdownload", ".part", ".partial", ".swp",
    ".td", ".temp", ".tmp", ".unconfirmed", ".xltd", ".ytdl", "~",
  ]

  /// Ends that a program adds to the name of a second file as long as the first is unfinished.
  public static let companionEnds = [".aria2", ".part", ".!qB", ".crdownload", ".filepart"]

  /// Creates the rule for files with these extensions.
  public init(extensions: Set<String>) { self.extensions = extensions }

  /// Whether a file of this name may be a leak; hidden and unfinished ones may not.
  public func mayBeLeak(_ name: FilePath.Component) -> Bool {
    guard !Self.isHidden(name), let ending = name.extension?.lowercased() else { return false }
    guard extensions.contains(ending) else { return false }
    // Such as yt-dlp's `film.f137.mp4.part` are told by their ends, `film.part.mp4` is a film.
    let text = name.string.lowercased()
    return !Self.unfinishedEnds.contains { text.hasSuffix($0) }
  }

  /// Whether a name is hidden: so are files and folders that a program is about to rename.
  public static func isHidden(_ name: FilePath.Component) -> Bool {
    unsafe name.withPlatformString { unsafe $0.pointee == CChar(UInt8(ascii: ".")) }
  }

  /// Whether a second file beside one says that it is not finished.
  public static func hasCompanion(_ path: FilePath) -> Bool {
    guard let name = path.lastComponent else { return false }
    let bytes = PathBytes.of(name)
    return companionEnds.contains { ending in
      guard let other = PathBytes.component(bytes + ending.utf8) else { return false }
      return (try? FileStamp(of: path.removingLastComponent().appending(other))) != nil
    }
  }
}
