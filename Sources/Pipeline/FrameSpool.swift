import Foundation
import Glibc
import Matching
import SystemPackage
import VideoCore

/// Planes of a leak on the disk, so that memory does not grow with the leak's length.
///
/// The file has no name from the start: it goes away with the process, however that ends.
final class FrameSpool: FrameSource {
  /// Size of the planes that matching works on.
  static let planeSize = FrameSize(width: 160, height: 90)

  /// Size of this spool's planes.
  let size: FrameSize
  private(set) var durationSeconds = 0.0
  /// Ascending.
  private var times: [Double] = []
  /// For each of them where its plane is in the file, in planes.
  private var places: [Int] = []
  private let file: FileDescriptor
  private let flag: CancellationFlag

  init(
    size: FrameSize = FrameSpool.planeSize,
    flag: CancellationFlag
  ) throws(PipelineError) {
    self.size = size
    self.flag = flag
    let folder = FilePath(NSTemporaryDirectory())
    let path = folder.appending("leaktrace-\(UUID().uuidString.lowercased())")
    do {
      file = try FileDescriptor.open(
        path,
        .readWrite,
        options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite]
      )
    } catch {
      throw PipelineError(
        .input,
        code: "no_temporary_file",
        "cannot create a temporary file in \(SafeText.of(folder)) (\(error))"
      )
    }
    _ = unsafe path.withPlatformString { unsafe unlink($0) }
  }

  deinit { try? file.close() }

  /// Keeps a frame, wherever in time it belongs; one at a moment that has a frame is passed over.
  ///
  /// - Throws: ``PipelineError`` where the disk is full.
  func append(_ plane: LumaPlane, at seconds: Double) throws(PipelineError) {
    let index = firstIndex(from: seconds)
    if index < times.count, times[index] == seconds { return }
    precondition(plane.size == size, "the spool keeps planes of one size")
    let offset = Int64(times.count) * Int64(size.area)
    do {
      _ = try file.writeAll(toAbsoluteOffset: offset, plane.pixels)
    } catch {
      throw PipelineError(
        .input,
        code: "no_temporary_file",
        "cannot write to the temporary folder (\(error))"
      )
    }
    times.insert(seconds, at: index)
    places.insert(places.count, at: index)
  }

  /// Ends the leak; `duration` is what its headers say.
  func finish(duration: Double?) {
    durationSeconds = max(duration ?? 0, times.last ?? 0)
  }

  func frames(from start: Double, to end: Double) throws -> [TimedPlane] {
    try flag.check()
    let first = firstIndex(from: start)
    let last = firstIndex(from: end)
    guard first < last else { return [] }
    return try (first..<last).map {
      TimedPlane(seconds: times[$0], plane: try plane(at: places[$0]))
    }
  }

  private func plane(at place: Int) throws -> LumaPlane {
    let area = size.area
    var pixels = [UInt8](repeating: 0, count: area)
    let file = file
    let got = try unsafe pixels.withUnsafeMutableBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let offset = Int64(place) * Int64(area) + Int64(done)
        let count = try unsafe file.read(fromAbsoluteOffset: offset, into: rest)
        if count == 0 { break }
        done += count
      }
      return done
    }
    guard got == area else {
      throw PipelineError(.input, code: "io_error", "the temporary file was cut short")
    }
    return LumaPlane(size: size, pixels: pixels)
  }

  /// Index of the first frame that is not before `seconds`.
  private func firstIndex(from seconds: Double) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
