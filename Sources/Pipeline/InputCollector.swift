import Foundation
import Glibc
public import SystemPackage

/// Finds the videos among the files and folders that were named.
public enum InputCollector {
  /// Something to examine, or why there is nothing.
  public struct Input: Sendable {
    /// The file, or the folder that could not be looked through.
    public let path: FilePath
    /// Why the path gives nothing to examine; nil for a file.
    public let error: PipelineError?
  }

  /// Name extensions of videos; files in folders are taken by them, named files by their contents.
  public static let videoExtensions: Set<String> = [
    "3g2", "3gp", "asf", "avi", "divx", "dv", "f4v", "flv", "h264", "h265", "hevc", "ivf", "m1v",
    "m2p", "m2ts", "m2v", "m4v", "mkv", "mov", "mp4", "mpe", "mpeg", "mpg", "mts", "mxf", "nut",
    "obu", "ogm", "ogv", "qt", "rm", "rmvb", "ts", "vob", "webm", "wmv", "y4m",
  ]

  /// The files to examine, folders replaced by the videos in them, at any depth, in the order of
  /// their names' bytes.
  ///
  /// Symbolic links inside folders are followed to files only, so that no walk goes in circles.
  public static func expand(_ paths: [FilePath]) -> [Input] {
    paths.flatMap { path -> [Input] in
      guard kind(of: path, followingLinks: true) == S_IFDIR else {
        return [Input(path: path, error: nil)]
      }
      var found: [Input] = []
      walk(path, &found)
      if found.isEmpty {
        let error = PipelineError(.input, code: "no_videos", "no videos in this folder")
        found.append(Input(path: path, error: error))
      }
      return found
    }
  }

  private static func walk(_ folder: FilePath, _ found: inout [Input]) {
    guard let names = names(in: folder) else {
      let number = Errno(rawValue: errno)
      let error = PipelineError(.input, code: "not_readable", "cannot read the folder (\(number))")
      return found.append(Input(path: folder, error: error))
    }
    for name in names {
      let path = folder.appending(name)
      if kind(of: path, followingLinks: false) == S_IFDIR {
        walk(path, &found)
      } else if videoExtensions.contains(path.extension?.lowercased() ?? ""),
        kind(of: path, followingLinks: true) != S_IFDIR
      {
        found.append(Input(path: path, error: nil))
      }
    }
  }

  /// Names in a folder in the order of their bytes; nil where it cannot be read.
  ///
  /// Foundation's own listing would repair names that are not UTF-8.
  private static func names(in folder: FilePath) -> [FilePath.Component]? {
    guard let stream = unsafe folder.withPlatformString({ unsafe opendir($0) }) else { return nil }
    defer { unsafe _ = closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(stream) {
      let length = unsafe MemoryLayout.size(ofValue: entry.pointee.d_name)
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe Array(bytes.prefix(length).prefix { $0 != 0 })
      }
      if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
      .compactMap { SafeText.path(of: $0).lastComponent }
  }

  private static func kind(of path: FilePath, followingLinks: Bool) -> mode_t? {
    var status = stat()
    let result = unsafe path.withPlatformString {
      followingLinks ? unsafe stat($0, &status) : unsafe lstat($0, &status)
    }
    return result == 0 ? status.st_mode & S_IFMT : nil
  }
}
