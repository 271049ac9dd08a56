/// The bytes of a table as UTF-8, whatever they were.
///
/// UTF-8 with or without a byte order mark is taken as it is, and everything else for Windows-1251,
/// which spreadsheets in Russian write. UTF-8 that is damaged in a few places is not taken for it.
struct SourceText {
  /// The encodings that are read.
  enum Encoding: String, Sendable {
    case utf8 = "UTF-8"
    case windows1251 = "Windows-1251"
  }

  /// The text, without a byte order mark.
  let bytes: [UInt8]
  /// What it was.
  let encoding: Encoding

  init(_ source: [UInt8]) throws(ScreeningsError) {
    if source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0xFE, 0xFF]) {
      throw ScreeningsError(.badEncoding, "the file is UTF-16; save it as UTF-8")
    }
    if let index = source.firstIndex(of: 0) {
      throw ScreeningsError(
        .badEncoding,
        line: Self.line(of: index, in: source),
        "a NUL byte: the file is not text in UTF-8 or Windows-1251"
      )
    }
    let hasMark = source.starts(with: [0xEF, 0xBB, 0xBF])
    let survey = Survey(source)
    guard let broken = survey.firstBroken else {
      (bytes, encoding) = (hasMark ? Array(source.dropFirst(3)) : source, .utf8)
      return
    }
    // In Windows-1251 what looks like a whole UTF-8 sequence is a capital Р or С before a sign
    // that Russian hardly uses.
    guard !hasMark, survey.whole <= survey.broken else {
      throw ScreeningsError(
        .badEncoding,
        line: Self.line(of: broken, in: source),
        "a damaged character: most of the file is UTF-8, this is not"
      )
    }
    (bytes, encoding) = (try Self.decoded(source), .windows1251)
  }

  /// How much of a text is UTF-8.
  private struct Survey {
    /// Sequences of two bytes or more that are whole.
    var whole = 0
    /// Bytes that belong to no sequence.
    var broken = 0
    /// The first of them.
    var firstBroken: Int?

    init(_ bytes: [UInt8]) {
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        if byte < 0x80 {
          index += 1
          continue
        }
        let length = Self.length(bytes, index)
        if length > 0 {
          whole += 1
          index += length
        } else {
          broken += 1
          firstBroken = firstBroken ?? index
          index += 1
        }
      }
    }

    /// Bytes of the sequence that begins at `index`; 0 where none does.
    private static func length(_ bytes: [UInt8], _ index: Int) -> Int {
      func follows(_ step: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
        index + step < bytes.count && range.contains(bytes[index + step])
      }
      switch bytes[index] {
      case 0xC2...0xDF: return follows(1) ? 2 : 0
      case 0xE0: return follows(1, 0xA0...0xBF) && follows(2) ? 3 : 0
      case 0xED: return follows(1, 0x80...0x9F) && follows(2) ? 3 : 0
      case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : 0
      case 0xF0: return follows(1, 0x90...0xBF) && follows(2) && follows(3) ? 4 : 0
      case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : 0
      case 0xF4: return follows(1, 0x80...0x8F) && follows(2) && follows(3) ? 4 : 0
      default: return 0
      }
    }
  }

  private static func decoded(_ source: [UInt8]) throws(ScreeningsError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(source.count + source.count / 2)
    for (index, byte) in source.enumerated() {
      if byte < 0x80 {
        result.append(byte)
        continue
      }
      let scalar = upperHalf[Int(byte - 0x80)]
      guard scalar != 0 else {
        throw ScreeningsError(
          .badEncoding,
          line: line(of: index, in: source),
          "the file is neither UTF-8 nor Windows-1251, which has no byte 98"
        )
      }
      if scalar < 0x800 {
        result.append(0xC0 | UInt8(scalar >> 6))
      } else {
        result.append(0xE0 | UInt8(scalar >> 12))
        result.append(0x80 | UInt8(scalar >> 6 & 0x3F))
      }
      result.append(0x80 | UInt8(scalar & 0x3F))
    }
    return result
  }

  /// The line that a byte is on, from 1.
  private static func line(of index: Int, in bytes: [UInt8]) -> Int {
    1 + bytes[..<index].count { $0 == 0x0A }
  }

  /// The characters of the bytes from 0x80 on; 0 for the one that is none.
  private static let upperHalf: [UInt16] =
    [
      0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409,
      0x2039, 0x040A, 0x040C, 0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x0000, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F, 0x00A0,
      0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7, 0x0401, 0x00A9, 0x0404, 0x00AB,
      0x00AC, 0x00AD, 0x00AE, 0x0407, 0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6,
      0x00B7, 0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457,
    ] + (0x0410...0x044F).map { UInt16($0) }
}
