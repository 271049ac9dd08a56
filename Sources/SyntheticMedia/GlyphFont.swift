import VideoCore

/// A tiny bitmap font drawn for this project: Latin and Cyrillic capitals, digits, some signs.
package enum GlyphFont {
  /// Cells of a glyph across, without the gap that follows it.
  static let columns = 5
  /// Cells of a glyph down.
  static let rows = 7

  /// Seven rows of five cells each, the leftmost cell in bit 4.
  static func rows(of character: Character) -> [UInt8] {
    glyphs[character] ?? glyphs[twins[character] ?? "?"] ?? []
  }

  /// Characters of which the font has a drawing.
  package static func contains(_ character: Character) -> Bool {
    glyphs[character] != nil || twins[character] != nil
  }

  /// Cyrillic capitals that look like Latin ones.
  private static let twins: [Character: Character] = [
    "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C",
    "Т": "T", "Х": "X", "Ё": "E", "—": "-", "–": "-",
  ]

  private static let glyphs: [Character: [UInt8]] = [
    " ": [0, 0, 0, 0, 0, 0, 0],
    "A": [14, 17, 17, 31, 17, 17, 17], "B": [30, 17, 17, 30, 17, 17, 30],
    "C": [14, 17, 16, 16, 16, 17, 14], "D": [30, 17, 17, 17, 17, 17, 30],
    "E": [31, 16, 16, 30, 16, 16, 31], "F": [31, 16, 16, 30, 16, 16, 16],
    "G": [14, 17, 16, 23, 17, 17, 15], "H": [17, 17, 17, 31, 17, 17, 17],
    "I": [14, 4, 4, 4, 4, 4, 14], "J": [7, 2, 2, 2, 2, 18, 12],
    "K": [17, 18, 20, 24, 20, 18, 17], "L": [16, 16, 16, 16, 16, 16, 31],
    "M": [17, 27, 21, 21, 17, 17, 17], "N": [17, 25, 21, 19, 17, 17, 17],
    "O": [14, 17, 17, 17, 17, 17, 14], "P": [30, 17, 17, 30, 16, 16, 16],
    "Q": [14, 17, 17, 17, 21, 18, 13], "R": [30, 17, 17, 30, 20, 18, 17],
    "S": [15, 16, 16, 14, 1, 1, 30], "T": [31, 4, 4, 4, 4, 4, 4],
    "U": [17, 17, 17, 17, 17, 17, 14], "V": [17, 17, 17, 17, 17, 10, 4],
    "W": [17, 17, 17, 21, 21, 27, 17], "X": [17, 17, 10, 4, 10, 17, 17],
    "Y": [17, 17, 10, 4, 4, 4, 4], "Z": [31, 1, 2, 4, 8, 16, 31],
    "0": [14, 17, 19, 21, 25, 17, 14], "1": [4, 12, 4, 4, 4, 4, 14],
    "2": [14, 17, 1, 6, 8, 16, 31], "3": [30, 1, 1, 14, 1, 1, 30],
    "4": [2, 6, 10, 18, 31, 2, 2], "5": [31, 16, 30, 1, 1, 17, 14],
    "6": [14, 16, 16, 30, 17, 17, 14], "7": [31, 1, 2, 4, 8, 8, 8],
    "8": [14, 17, 17, 14, 17, 17, 14], "9": [14, 17, 17, 15, 1, 1, 14],
    "Б": [31, 16, 16, 30, 17, 17, 30], "Г": [31, 16, 16, 16, 16, 16, 16],
    "Д": [6, 10, 10, 10, 10, 31, 17], "Ж": [21, 21, 14, 4, 14, 21, 21],
    "З": [14, 17, 1, 6, 1, 17, 14], "И": [17, 17, 19, 21, 25, 17, 17],
    "Й": [21, 17, 19, 21, 25, 17, 17], "Л": [7, 9, 9, 9, 9, 9, 17],
    "П": [31, 17, 17, 17, 17, 17, 17], "У": [17, 17, 17, 15, 1, 1, 14],
    "Ф": [4, 14, 21, 21, 21, 14, 4], "Ц": [18, 18, 18, 18, 18, 31, 1],
    "Ч": [17, 17, 17, 15, 1, 1, 1], "Ш": [21, 21, 21, 21, 21, 21, 31],
    "Щ": [21, 21, 21, 21, 21, 31, 1], "Ъ": [24, 8, 8, 14, 9, 9, 14],
    "Ы": [17, 17, 17, 29, 19, 19, 29], "Ь": [16, 16, 16, 30, 17, 17, 30],
    "Э": [14, 17, 1, 7, 1, 17, 14], "Ю": [18, 21, 21, 29, 21, 21, 18],
    "Я": [15, 17, 17, 15, 5, 9, 17],
    ".": [0, 0, 0, 0, 0, 12, 12], ",": [0, 0, 0, 0, 12, 4, 8], ":": [0, 12, 12, 0, 12, 12, 0],
    "-": [0, 0, 0, 31, 0, 0, 0], "!": [4, 4, 4, 4, 4, 0, 4], "?": [14, 17, 1, 2, 4, 0, 4],
    "%": [24, 25, 2, 4, 8, 19, 3], "+": [0, 4, 4, 31, 4, 4, 0], "/": [1, 1, 2, 4, 8, 16, 16],
  ]
}

extension PictureFrame {
  /// Width in pixels of `text` drawn with capitals of `height` pixels.
  static func textWidth(_ text: String, height: Float) -> Float {
    Float(text.count * (GlyphFont.columns + 1) - 1) * height / Float(GlyphFont.rows)
  }

  /// Draws one line; `x`, `y` is the upper left corner of the first capital.
  mutating func text(
    _ text: String,
    x: Float,
    y: Float,
    height: Float,
    _ paint: Paint,
    alpha: Float = 1,
    slant: Float = 0
  ) {
    let cell = height / Float(GlyphFont.rows)
    var left = x
    for character in text {
      let rows = GlyphFont.rows(of: character)
      if character != " ", left < Float(size.width), left + 8 * cell > 0 {
        glyph(rows, x: left, y: y, cell: cell, paint, alpha: alpha, slant: slant)
      }
      left += cell * Float(GlyphFont.columns + 1)
    }
  }

  /// Draws one line centred on `cx`.
  mutating func centredText(
    _ line: String,
    cx: Float,
    y: Float,
    height: Float,
    _ paint: Paint,
    alpha: Float = 1
  ) {
    text(
      line,
      x: cx - PictureFrame.textWidth(line, height: height) / 2,
      y: y,
      height: height,
      paint,
      alpha: alpha
    )
  }

  private mutating func glyph(
    _ rows: [UInt8],
    x: Float,
    y: Float,
    cell: Float,
    _ paint: Paint,
    alpha: Float,
    slant: Float
  ) {
    func lit(_ column: Int, _ row: Int) -> Float {
      guard column >= 0, column < 5, row >= 0, row < 7 else { return 0 }
      return rows[row] >> UInt8(4 - column) & 1 == 1 ? 1 : 0
    }
    let top = max(0, Int(y - cell))
    let bottom = min(size.height - 1, Int(y + cell * 8))
    let lean = slant * cell * 7
    let left = max(0, Int(x - cell))
    let right = min(size.width - 1, Int(x + cell * 6 + max(0, lean)))
    guard top <= bottom, left <= right else { return }
    // The bitmap is interpolated and cut at one half, which rounds its corners at any size.
    let sharp = min(0.45, 0.5 / max(0.6, cell))
    for py in top...bottom {
      let v = (Float(py) + 0.5 - y) / cell - 0.5
      let row = Int(v.rounded(.down))
      let fy = v - Float(row)
      let shift = slant * (7 - v) * cell
      for px in left...right {
        let u = (Float(px) + 0.5 - x - shift) / cell - 0.5
        let column = Int(u.rounded(.down))
        let fx = u - Float(column)
        let a = lit(column, row) * (1 - fx) + lit(column + 1, row) * fx
        let b = lit(column, row + 1) * (1 - fx) + lit(column + 1, row + 1) * fx
        let coverage =
          ExactMath.smoothstep(0.46 - sharp, 0.46 + sharp, a * (1 - fy) + b * fy) * alpha
        guard coverage > 0 else { continue }
        let i = py * size.width + px
        luma[i] = PictureFrame.byte(Float(luma[i]) + (paint.luma - Float(luma[i])) * coverage + 0.5)
        let c = (py >> 1) * (size.width >> 1) + (px >> 1)
        cb[c] = PictureFrame.byte(Float(cb[c]) + (paint.cb - Float(cb[c])) * coverage * 0.6 + 0.5)
        cr[c] = PictureFrame.byte(Float(cr[c]) + (paint.cr - Float(cr[c])) * coverage * 0.6 + 0.5)
      }
    }
  }
}
