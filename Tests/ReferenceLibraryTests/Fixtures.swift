import Foundation
import ReferenceLibrary
import SystemPackage
import TestSupport
import VideoCore

/// A library in a folder of its own, and releases to put into it.
enum Fixtures {
  static let aLongTimeAgo: Int64 = 1_700_000_000

  /// The description of a made-up file; equal numbers give equal contents.
  static func media(_ number: Int, fileName: [UInt8] = Array("film.mp4".utf8)) -> MediaDescription {
    let digits = String(number, radix: 16)
    return MediaDescription(
      contentHash: String(repeating: "0", count: 64 - digits.count) + digits,
      sizeBytes: 1_000_000 + Int64(number),
      durationSeconds: 5400.5,
      frameSize: FrameSize(width: 1920, height: 1080),
      frameRate: Rational(24000, 1001),
      videoCodec: "h264",
      container: "mov",
      originalFileName: fileName,
      activeArea: FractionalRectangle(x: 0, y: 0.125, width: 1, height: 0.75)
    )
  }

  static func metadata(_ title: String) -> ReleaseMetadata { ReleaseMetadata(title: title) }

  /// Two sections of repeatable random bytes, of sizes that leave gaps between them.
  static func sections(_ number: Int, bytes: Int = 1000) -> [SegmentSection] {
    var random = SeededRandom(seed: UInt64(number) + 99)
    return ["HASH", "TIME"].map { (code: FourCC) in
      SegmentSection(
        code: code,
        bytes: (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &random) }
      )
    }
  }

  /// Adds release `number` with a proxy.
  @discardableResult
  static func add(
    _ number: Int,
    to library: Library,
    title: String? = nil,
    algorithm: UInt32 = 1
  ) throws -> CommitResult {
    let addition = try library.beginAdd(proxyExtension: "mkv")
    try Data("the proxy of release \(number)".utf8).write(to: url(addition.proxyPath))
    return try library.commit(
      addition,
      metadata: metadata(title ?? "Film \(number)"),
      media: media(number),
      algorithm: algorithm,
      sections: sections(number),
      addedAt: aLongTimeAgo
    )
  }

  static func url(_ path: FilePath) -> URL { URL(fileURLWithPath: path.string) }

  /// Every file below `path` with its size, and every folder, in order of their names.
  static func tree(_ path: FilePath) -> [String] {
    let root = url(path)
    let entries = FileManager.default.enumerator(atPath: root.path)
    return (entries?.allObjects as? [String] ?? []).sorted().map { name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: root.path + "/" + name)
      return attributes?[.type] as? FileAttributeType == .typeRegular
        ? "\(name) \(attributes?[.size] ?? 0)" : "\(name)/"
    }
  }

  /// The paths of every file below `path`.
  static func files(_ path: FilePath) -> [FilePath] {
    tree(path).compactMap { entry in
      entry.hasSuffix("/")
        ? nil : path.appending(String(entry[..<(entry.lastIndex(of: " ") ?? entry.endIndex)]))
    }
  }

  /// Turns over one bit of a file, in place.
  static func flip(_ path: FilePath, bit: Int) throws {
    let file = try FileDescriptor.open(path, .readWrite)
    defer { try? file.close() }
    var byte: UInt8 = 0
    _ = try withUnsafeMutableBytes(of: &byte) {
      try file.read(fromAbsoluteOffset: Int64(bit / 8), into: $0)
    }
    byte ^= 1 << UInt8(bit % 8)
    _ = try withUnsafeBytes(of: byte) { try file.writeAll(toAbsoluteOffset: Int64(bit / 8), $0) }
  }

  static func bytes(_ path: FilePath) throws -> Data { try Data(contentsOf: url(path)) }
}

/// A temporary folder with a path for a library that is not there yet.
final class Place: Sendable {
  let folder: TemporaryDirectory
  let library: FilePath

  init() throws {
    folder = try TemporaryDirectory()
    library = FilePath(folder.path("library"))
  }

  func open(
    _ mode: Library.Mode = .readWrite(createIfMissing: true)
  ) throws(LibraryError) -> Library { try Library.open(at: library, mode: mode) }
}
