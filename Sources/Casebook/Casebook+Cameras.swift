import Foundation
import GRDB

/// The pattern of a leak's sensor.
public struct RecordedCameraPattern: Sendable, Hashable {
  /// SHA-256 of the leak.
  public var leakSHA256: String
  /// Where the leak was seen last.
  public var path: [UInt8]
  /// The pattern, one byte for each pixel, row by row.
  public var pattern: [UInt8]
}

extension Casebook {
  /// Keeps the pattern of a leak's sensor in place of the one it had; nil removes it.
  ///
  /// - Throws: ``CasebookError/Code/noSuchCapture`` where the leak was never recorded.
  public func record(
    cameraPattern pattern: [UInt8]?,
    width: Int,
    height: Int,
    of leakSHA256: String
  ) throws(CasebookError) {
    guard pattern.map({ $0.count == width * height }) ?? true else {
      throw CasebookError(.invalidValue, "a pattern of a sensor has another size than it says")
    }
    try write { database in
      let key = try Self.leakKey(leakSHA256, database)
      try database.execute(
        sql: "DELETE FROM cameraPattern WHERE leakKey = ?",
        arguments: [key]
      )
      guard let pattern else { return }
      try database.execute(
        sql: "INSERT INTO cameraPattern (leakKey, width, height, pattern) VALUES (?, ?, ?, ?)",
        arguments: [key, width, height, Data(pattern)]
      )
    }
  }

  /// The patterns of a size, all but those of one leak, in the order of recording.
  public func cameraPatterns(
    width: Int,
    height: Int,
    except leakSHA256: String
  ) throws(CasebookError) -> [RecordedCameraPattern] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT leak.id, leak.lastPath, cameraPattern.pattern
          FROM cameraPattern JOIN leak ON leak.key = cameraPattern.leakKey
          WHERE cameraPattern.width = ? AND cameraPattern.height = ? AND leak.id <> ?
          ORDER BY leak.key
          """,
        arguments: [width, height, leakSHA256]
      ).map { row in
        var row = RowReader(row)
        return RecordedCameraPattern(
          leakSHA256: try row.next(),
          path: try row.nextBytes(),
          pattern: try row.nextBytes()
        )
      }
    }
  }
}
