import TestSupport
import Testing
import TextReading
import VideoCore

/// Letters of 5x7 dots, enough for what the tests show.
private let glyphs: [Character: [String]] = [
  "A": [".###.", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"],
  "E": ["#####", "#....", "#....", "####.", "#....", "#....", "#####"],
  "H": ["#...#", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"],
  "L": ["#....", "#....", "#....", "#....", "#....", "#....", "#####"],
  "T": ["#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."],
]

/// A word in large dots: light on dark or dark on light.
func wordPlane(_ word: String, dot: Int = 5, ink: UInt8, ground: UInt8) -> LumaPlane {
  let width = (word.count * 7 + 6) * dot
  let height = 15 * dot
  var plane = LumaPlane(size: FrameSize(width: width, height: height), fill: ground)
  for (index, character) in word.enumerated() {
    for (row, line) in (glyphs[character] ?? []).enumerated() {
      for (column, sign) in line.enumerated() where sign == "#" {
        for y in 0..<dot {
          for x in 0..<dot {
            let px = (3 + index * 7 + column) * dot + x
            plane.pixels[((4 + row) * dot + y) * width + px] = ink
          }
        }
      }
    }
  }
  return plane
}

private let isInstalled = TextReader.availability().isComplete

@Suite("Reading text")
struct TextReaderTests {
  @Test("a language without data is refused by name and with the package to install")
  func missingLanguage() {
    guard TextReader.availability(languages: []).version != nil else { return }
    do throws(TextReadingError) {
      _ = try TextReader(languages: ["eng", "qqq"])
      Issue.record("a reader of a language that does not exist was opened")
    } catch {
      #expect(error.code == .languageMissing)
      #expect(error.message.contains("tesseract-ocr-qqq"))
    }
  }

  @Test("a name that would leave the folder of languages is refused")
  func languageName() {
    for name in ["../eng", "eng+rus", "", String(repeating: "a", count: 99)] {
      #expect(throws: TextReadingError.self) { _ = try TextReader(languages: [name]) }
    }
  }

  @Test("a word is read in both polarities", .enabled(if: isInstalled))
  func polarities() throws {
    let reader = try TextReader(languages: ["eng"])
    for (ink, ground) in [(UInt8(20), UInt8(230)), (230, 20)] {
      let plane = wordPlane("HEAT", ink: ink, ground: ground)
      let lines = try reader.read(plane, layout: .line)
      #expect(lines.first?.text == "HEAT")
      let box = try #require(lines.first?.box)
      #expect(box.x > 0 && box.x + box.width <= 1 && box.height > 0.2)
      #expect((lines.first?.confidence ?? 0) > 0.5)
    }
  }

  @Test("what was read before does not change what is read", .enabled(if: isInstalled))
  func determinism() throws {
    let fresh = try TextReader(languages: ["rus", "eng"])
    let used = try TextReader(languages: ["rus", "eng"])
    var random = SeededRandom(seed: 7)
    for word in ["TALE", "HALL"] {
      _ = try used.read(wordPlane(word, ink: 0, ground: 255), layout: .line)
    }
    let noise = LumaPlane(
      size: FrameSize(width: 300, height: 80),
      pixels: (0..<24_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    )
    for layout in TextReader.Layout.allCases { _ = try used.read(noise, layout: layout) }
    let plane = wordPlane("LATHE", ink: 30, ground: 200)
    #expect(try fresh.read(plane, layout: .line) == used.read(plane, layout: .line))
  }

  @Test("a picture beyond the limits is refused, not read", .enabled(if: isInstalled))
  func limits() throws {
    let reader = try TextReader(languages: ["eng"])
    let long = LumaPlane(size: FrameSize(width: TextReader.longestSide + 1, height: 1))
    let large = LumaPlane(size: FrameSize(width: 2561, height: 1441))
    for plane in [long, large, LumaPlane(size: FrameSize(width: 0, height: 5))] {
      #expect(throws: TextReadingError.self) { _ = try reader.read(plane, layout: .sparse) }
    }
  }

  @Test("a stack of noisy crops of two looks gives both texts", .enabled(if: isInstalled))
  func looks() throws {
    let reader = try StripReader(OwnPageReader())
    var random = SeededRandom(seed: 11)
    let crops = (0..<24).map { index in
      var plane = wordPlane(index % 8 < 4 ? "HEAT" : "TALL", ink: 210, ground: 60)
      // The second look stands lower, as the address under a logo does.
      if index % 8 >= 4 {
        plane.pixels =
          plane.pixels.suffix(15 * plane.size.width) + plane.pixels.dropLast(15 * plane.size.width)
      }
      for i in plane.pixels.indices {
        plane.pixels[i] = UInt8(
          clamping: Int(plane.pixels[i]) + Int.random(in: -50...50, using: &random)
        )
      }
      return plane
    }
    let texts = try reader.read(crops: crops)
    #expect(texts.count == 2)
    let all = texts.map(\.text).joined(separator: " ")
    #expect(texts.first { $0.crops.contains(0) }?.crops == (0..<24).filter { $0 % 8 < 4 })
    #expect(all.contains("TALL"), "\(all)")
  }

  @Test("lines on a framed plate are found for themselves")
  func framedPlate() throws {
    var plane = LumaPlane(size: FrameSize(width: 320, height: 70), fill: 60)
    func draw(_ columns: Range<Int>, _ rows: Range<Int>) {
      for y in rows { for x in columns { plane.pixels[y * 320 + x] = 220 } }
    }
    for side in [10..<12, 308..<310] { draw(side, 8..<62) }
    for side in [8..<10, 60..<62] { draw(10..<310, side) }
    for row in [18, 42] {
      for letter in 0..<20 { draw(30 + letter * 12..<36 + letter * 12, row..<row + 10) }
    }
    let pages = LineCounter()
    _ = try StripReader(pages).lines(of: plane)
    // 234 x 10 pixels and a margin, at letters of 32 pixels; the frame would be 300 x 54.
    let found = pages.lines.count {
      (700..<900).contains($0.width) && (48..<64).contains($0.height)
    }
    #expect(found == 2, "\(pages.lines)")
  }

  @Test(
    "a scrolling strip is laid out and its speed measured, either way",
    .enabled(if: isInstalled),
    arguments: [false, true]
  )
  func ticker(runsRight: Bool) throws {
    let reader = try StripReader(OwnPageReader())
    let long = wordPlane("HALTTHEHEATLEATHAL", dot: 3, ink: 220, ground: 40)
    let (width, height) = (200, long.size.height)
    let crops = (0..<16).map { step in
      var pixels: [UInt8] = []
      for y in 0..<height {
        let first = y * long.size.width + step * 8
        pixels += long.pixels[first..<first + width]
      }
      return LumaPlane(size: FrameSize(width: width, height: height), pixels: pixels)
    }
    let texts = try reader.read(
      crops: runsRight ? crops.reversed() : crops,
      times: (0..<16).map { Double($0) * 0.1 }
    )
    let speed = try #require(texts.first?.scrollSpeed)
    #expect(abs(speed - (runsRight ? 80 : -80)) < 1)
    #expect(texts.first?.text.contains("HEAT") == true, "\(texts.first?.text ?? "")")
    #expect((texts.first?.picture.size.width ?? 0) >= width + 15 * 8)
  }
}

/// Reads nothing, and keeps the sizes of the lines that it was given.
private final class LineCounter: PageReader {
  var lines: [FrameSize] = []

  func read(
    _ plane: LumaPlane,
    layout: TextReader.Layout,
    in alphabets: ReadingAlphabets
  ) -> [RecognizedLine] {
    if layout == .line, alphabets == .both { lines.append(plane.size) }
    return []
  }
}
