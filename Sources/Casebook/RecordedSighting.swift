import Foundation
import GRDB

/// An ad in a leak, as the casebook has it.
public struct RecordedSighting: Sendable, Hashable {
  /// Number of the sighting in this casebook; it changes when the leak is analysed again.
  public var key: Int64
  /// SHA-256 of the leak.
  public var leakID: String
  /// When the leak was first seen, in seconds since 1970-01-01T00:00:00Z.
  public var leakFirstSeen: Int64
  /// When the leak was last seen, in seconds since 1970-01-01T00:00:00Z.
  public var leakLastSeen: Int64
  /// Its number among the leak's sightings.
  public var position: Int
  /// `preroll`, `corner_logo` and so on.
  public var kind: String
  /// Identifier of the brand; nil where unknown.
  public var brandID: String?
  /// How sure the brand is, 0...1.
  public var brandConfidence: Double?
  /// Whether a person gave it its brand.
  public var isAccepted: Bool
  /// What it rests on.
  public var evidence: [String]
  /// What is written in it.
  public var text: String?
  /// What in it leads to the advertiser.
  public var marks: [SightingEntry.Mark]
  /// Start in the leak, in seconds.
  public var startSeconds: Double
  /// End in the leak, in seconds.
  public var endSeconds: Double
  /// Where it lies, over time.
  public var boxes: [SightingEntry.Box]
  /// Whether it fills the frame.
  public var isFullFrame: Bool
  /// SHA-256 of its picture.
  public var pictureDigest: String?
  /// Its look, 32 bytes.
  public var look: [UInt8]?
}

extension Casebook {
  /// The sightings of a leak, in the order in which they were recorded.
  public func sightings(ofLeak sha256: String) throws(CasebookError) -> [RecordedSighting] {
    try read { try Self.sightings($0, where: "leak.id = ?", [sha256]) }
  }

  static func sightings(
    _ database: Database,
    where condition: String,
    _ arguments: StatementArguments
  ) throws -> [RecordedSighting] {
    var marks: [Int64: [SightingEntry.Mark]] = [:]
    let markRows = try Row.fetchCursor(
      database,
      sql: """
        SELECT sightingMark.sightingKey, sightingMark.kind, sightingMark.value
        FROM sighting JOIN leak ON leak.key = sighting.leakKey
        JOIN sightingMark ON sightingMark.sightingKey = sighting.key
        WHERE \(condition) ORDER BY sightingMark.sightingKey, sightingMark.position
        """,
      arguments: arguments
    )
    while let row = try markRows.next() {
      var row = RowReader(row)
      marks[try row.next(), default: []].append(.init(kind: try row.next(), value: try row.next()))
    }
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT sighting.key, leak.id, leak.firstSeen, leak.lastSeen, sighting.position,
          sighting.kind, sighting.brandID, sighting.brandConfidence, sighting.isAccepted,
          sighting.evidence, sighting.text, sighting.startSeconds, sighting.endSeconds,
          sighting.boxes, sighting.isFullFrame, sighting.picture, sighting.look
        FROM sighting JOIN leak ON leak.key = sighting.leakKey
        WHERE \(condition) ORDER BY leak.firstSeen, leak.id, sighting.position
        """,
      arguments: arguments
    )
    var result: [RecordedSighting] = []
    while let row = try rows.next() {
      var reader = RowReader(row)
      var sighting = try sighting(&reader)
      sighting.marks = marks[sighting.key] ?? []
      result.append(sighting)
    }
    return result
  }

  private static func sighting(_ row: inout RowReader) throws -> RecordedSighting {
    RecordedSighting(
      key: try row.next(),
      leakID: try row.next(),
      leakFirstSeen: try row.next(),
      leakLastSeen: try row.next(),
      position: try row.next(),
      kind: try row.next(),
      brandID: try row.nextOptional(),
      brandConfidence: try row.nextOptional(),
      isAccepted: try row.next(),
      evidence: try row.nextTexts(),
      text: try row.nextOptional(),
      marks: [],
      startSeconds: try row.next(),
      endSeconds: try row.next(),
      boxes: try boxes(try row.next()),
      isFullFrame: try row.next(),
      pictureDigest: try row.nextOptional(),
      look: try row.nextOptionalBytes()
    )
  }

  private static func boxes(_ text: String) throws -> [SightingEntry.Box] {
    guard let lists = try? JSONDecoder().decode([[Double]].self, from: Data(text.utf8)),
      lists.allSatisfy({ $0.count == 5 })
    else { throw RowReader.Flaw(message: "the boxes of a sighting cannot be read") }
    return lists.map {
      SightingEntry.Box(t: $0[0], x: $0[1], y: $0[2], width: $0[3], height: $0[4])
    }
  }
}
