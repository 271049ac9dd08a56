import Foundation
import ReferenceLibrary
import SystemPackage

/// What it takes to index a library, and what the index takes.
struct IndexReport: Codable {
  var releases = 0
  var filmHours = 0.0
  /// Releases that were written to new parts.
  var indexed = 0
  var cost: Cost
  var peakMegabytes = 0.0
  var parts = 0
  var indexBytes = 0
  var fingerprintBytes = 0
  var indexBytesPerFilmHour = 0.0
  var fingerprintBytesPerFilmHour = 0.0

  /// Brings the index of a library up to date.
  init(_ library: Library) throws {
    let all = try library.releases()
    releases = all.count
    filmHours = all.reduce(0) { $0 + $1.media.durationSeconds } / 3600
    fingerprintBytes = all.reduce(0) { $0 + Int($1.fingerprintBytes) }
    let watch = MemoryWatch()
    (indexed, cost) = try Cost.of { try library.updateKeyIndex() }
    peakMegabytes = watch.take()
    let folder = URL(fileURLWithPath: library.path.string).appendingPathComponent("index")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    parts = files.count
    for file in files {
      let path = folder.appendingPathComponent(file).path
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
      indexBytes += size?.intValue ?? 0
    }
    indexBytesPerFilmHour = Double(indexBytes) / filmHours
    fingerprintBytesPerFilmHour = Double(fingerprintBytes) / filmHours
  }
}
