import Casebook
import Foundation
import SystemPackage
import TestSupport

/// A library folder with a casebook, and values to put into it.
final class Fixture {
  let folder: TemporaryDirectory
  let path: FilePath

  init() throws {
    folder = try TemporaryDirectory()
    path = FilePath(folder.path("library"))
  }

  func open(_ mode: Casebook.Mode = .readWrite(createFolder: true)) throws -> Casebook {
    try Casebook.open(at: path, mode: mode)
  }

  /// Names of all files below the library, with their contents.
  func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    let root = URL(fileURLWithPath: path.string)
    let names = FileManager.default.enumerator(atPath: path.string)?.compactMap { $0 as? String }
    for name in names ?? [] {
      contents[name] = try? Data(contentsOf: root.appendingPathComponent(name))
    }
    return contents
  }

  static func digest(_ text: String) -> String { ContentDigest.of(Array(text.utf8)) }

  static func leak(
    _ name: String,
    seenAt: Int64 = 1_700_000_000,
    capture: String? = nil,
    salt: String = ""
  ) -> LeakEntry {
    LeakEntry(
      sha256: digest(name + salt),
      sizeBytes: 1000,
      durationSeconds: 60,
      path: Array("/in/\(name)".utf8),
      seenAt: seenAt,
      analysedAt: seenAt + 10,
      toolVersion: "1.0",
      captureID: capture
    )
  }

  static func match(_ title: String) -> MatchEntry {
    MatchEntry(releaseID: "r-0123456789abcdef", title: title, log10P: -20, coverage: 0.9)
  }

  static func sighting(
    _ kind: String = "banner",
    brand: String? = nil,
    text: String? = nil,
    marks: [SightingEntry.Mark] = [],
    look: [UInt8]? = nil,
    from start: Double = 10
  ) -> SightingEntry {
    var sighting = SightingEntry(kind: kind, startSeconds: start, endSeconds: start + 8)
    sighting.brandID = brand
    sighting.brandConfidence = brand == nil ? nil : 0.9
    sighting.evidence = ["reference", "text"]
    sighting.text = text
    sighting.marks = marks
    sighting.look = look
    sighting.boxes = [.init(t: start, x: 0.1, y: 0.8, width: 0.5, height: 0.1)]
    return sighting
  }

  static func look(_ seed: UInt64, flipping bits: Int = 0) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    var look = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for bit in 0..<bits { look[(bit * 37) % 32] ^= 1 << UInt8(bit / 32 % 8) }
    return look
  }

  static func brand(_ id: String, _ name: String) -> Brand {
    var brand = Brand(id: id, name: name, kind: "casino", addedAt: 1_600_000_000)
    brand.texts = [name, name, "Bonus 200 %"]
    brand.domains = ["\(id).example"]
    brand.mirrorPatterns = ["\(id)[0-9]{1,3}\\.example"]
    brand.promoCodes = ["CODE\(id.uppercased())"]
    brand.promoPatterns = ["[A-Z]{2,4}\\d{2,3}"]
    return brand
  }
}
