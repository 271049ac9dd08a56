public import VideoCore

/// The text of one look of a strip or picture.
public struct StripText: Sendable {
  /// The crops that show this look, as indices into the stack.
  public var crops: [Int]
  /// What was read: the crops stacked, or the mosaic of a scrolling strip.
  public var picture: LumaPlane
  /// The lines from top to bottom.
  public var lines: [LineReading]
  /// Speed of a scrolling strip in pixels per second, negative to the left; nil where it stands.
  public var scrollSpeed: Double?

  /// Creates the text of one look.
  public init(crops: [Int], picture: LumaPlane, lines: [LineReading], scrollSpeed: Double?) {
    (self.crops, self.picture) = (crops, picture)
    (self.lines, self.scrollSpeed) = (lines, scrollSpeed)
  }

  /// The most plausible text of the lines, one per row.
  public var text: String { lines.map(\.text).joined(separator: "\n") }
}

/// Reads stacks of registered crops: the text of an overlay in a leak is small, blurred and coded at
/// a low rate, but it stands still, so that many frames show the same.
///
/// Crops are grouped by look and averaged; lines are found, brought to one height, made upright and
/// dark on light, and read with and without Russian. All readings are kept, so that what is searched
/// for a known name may find it in any of them.
public struct StripReader {
  /// Most looks of a strip that are read.
  public static let mostLooks = 3
  /// Most lines of a look that are read.
  public static let mostLines = 6
  /// Most pixels of all crops together, 256 MB.
  public static let mostPixels = 1 << 28

  /// Most lines of a clip that are read one by one.
  public static let mostClipLines = 16

  /// A place and what the search for text read there.
  private struct Place {
    var proposal: LineProposal
    var reading: RecognizedLine?
  }

  /// Least confidence of a reading of which another height may make more.
  private static let leastForMore: Float = 0.92

  private let pages: any PageReader

  /// Reads by `pages`.
  public init(_ pages: any PageReader) { self.pages = pages }

  /// Reads a stack of crops of one place, for example of a corner ad or a banner.
  ///
  /// - Parameters:
  ///   - crops: Registered planes of one size at native resolution, in order of time. A third of
  ///     the text's height around it helps.
  ///   - times: Their times in seconds, needed to read a scrolling strip; as many as crops.
  ///   - core: The part of the crops that the ad itself fills: what changes around it makes no other
  ///     look. Nil for all.
  ///   - pixelAspect: Width over height of a pixel.
  /// - Returns: One text per look, the most frequent first.
  /// - Throws: ``TextReadingError/Code/unfitPicture`` where crops differ in size or are too large.
  public func read(
    crops: [LumaPlane],
    times: [Double] = [],
    core: TextBox? = nil,
    pixelAspect: Double = 1
  ) throws -> [StripText] {
    guard let size = crops.first?.size else { return [] }
    guard size.area > 0, crops.allSatisfy({ $0.size == size }),
      size.area <= TextReader.mostPixels, size.area <= Self.mostPixels / crops.count
    else {
      throw TextReadingError(.unfitPicture, "crops of \(size) are not read as one strip")
    }
    let aspect = Float(max(0.25, min(4, pixelAspect)))
    if times.count == crops.count, let mosaic = ScrollingStrip.mosaic(of: crops, times: times) {
      let lines = try lines(of: mosaic.picture, aspect: aspect)
      return [
        StripText(
          crops: Array(crops.indices),
          picture: mosaic.picture,
          lines: lines,
          scrollSpeed: mosaic.speed
        )
      ]
    }
    var texts: [StripText] = []
    for look in VisualStates.find(in: crops, core: core, most: Self.mostLooks) {
      // A look of one crop among many is a transition.
      if look.crops.count * 16 < crops.count, !texts.isEmpty { continue }
      let lines = try lines(of: look.picture, aspect: aspect)
      texts.append(
        StripText(crops: look.crops, picture: look.picture, lines: lines, scrollSpeed: nil)
      )
    }
    return texts
  }

  /// Reads one picture of an overlay: finds lines in two ways and reads each.
  public func lines(
    of picture: LumaPlane,
    aspect: Float = 1
  ) throws -> [LineReading] {
    let image = GreyImage(picture)
    var places: [Place] = []
    let scale = min(3, (1_200_000 / Float(max(1, picture.size.area))).squareRoot())
    let page = LinePreparation.page(image, scale: max(1, scale), aspect: aspect, sharpen: 1)
    for line in try pages.read(page, layout: .sparse, in: .both) {
      if let proposal = proposal(for: line, in: image) {
        places.append(Place(proposal: proposal, reading: line))
      }
    }
    for chain in LineFinder.find(in: image, most: Self.mostLines) {
      // Where the layout analysis found a line of that extent there is nothing to add.
      let isKnown = places.contains {
        chain.coverage(by: $0.proposal) > 0.6 && $0.proposal.coverage(by: chain) > 0.6
      }
      if !isKnown { places.append(Place(proposal: chain, reading: nil)) }
    }
    var lines: [LineReading] = []
    for place in joined(places).prefix(2 * Self.mostLines) {
      if let line = try line(at: place, in: image, aspect: aspect) { lines.append(line) }
    }
    return Self.merged(lines)
  }

  /// Reads frames of an inserted clip that fills the picture.
  ///
  /// What moves in the clip (chips, cards, reels) hides the text in every single frame but not in
  /// the mean of a dozen; what comes late is in the mean of the last ones.
  ///
  /// - Parameters:
  ///   - frames: Frames of one size, spread over the clip: a dozen is best, one is enough.
  ///   - pixelAspect: Width over height of a pixel.
  /// - Returns: The lines of all frames, each with its readings.
  /// - Throws: ``TextReadingError/Code/unfitPicture`` where frames differ in size or are too large.
  public func read(
    frames: [LumaPlane],
    pixelAspect: Double = 1
  ) throws -> [LineReading] {
    guard let size = frames.first?.size else { return [] }
    guard size.area > 0, frames.allSatisfy({ $0.size == size }), size.area <= TextReader.mostPixels,
      size.area <= Self.mostPixels / frames.count
    else {
      throw TextReadingError(.unfitPicture, "frames of \(size) are not read as one clip")
    }
    let aspect = Float(max(0.25, min(4, pixelAspect)))
    var pictures = [VisualStates.average(frames)]
    if frames.count > 4 {
      pictures.append(VisualStates.average(Array(frames.suffix(max(3, frames.count * 2 / 5)))))
    }
    var lines: [LineReading] = []
    for (index, picture) in pictures.enumerated() {
      let image = GreyImage(picture)
      // Text of a clip is seldom smaller than a thirtieth of the picture's height.
      let scale = min(2, 1440 / Float(size.width), 1080 / Float(size.height))
      let page = LinePreparation.page(image, scale: scale, aspect: aspect, sharpen: 0.5)
      var places: [Place] = []
      for line in try pages.read(page, layout: .sparse, in: .both) {
        guard let place = proposal(for: line, in: image) else { continue }
        places.append(Place(proposal: place, reading: line))
      }
      // Light text on a dark plate in a light picture, and the reverse: addresses stand so.
      for chain in LineFinder.find(in: image, most: Self.mostLines)
      where !places.contains(where: { chain.coverage(by: $0.proposal) > 0.6 }) {
        places.append(Place(proposal: chain, reading: nil))
      }
      // The end is only for what the whole does not show.
      for place in joined(places) where index == 0 || !isKnown(place, among: lines, in: image) {
        guard lines.count < Self.mostClipLines else { break }
        if let line = try line(at: place, in: image, aspect: aspect) { lines.append(line) }
      }
    }
    return Self.merged(lines)
  }

  private func isKnown(_ place: Place, among lines: [LineReading], in image: GreyImage) -> Bool {
    let box = box(of: place.proposal, in: image)
    return lines.contains { box.coverage(by: $0.box) > 0.5 && $0.confidence > 0.97 }
  }

  /// Reads a place in all ways; nil where it holds no text.
  private func line(
    at place: Place,
    in image: GreyImage,
    aspect: Float
  ) throws -> LineReading? {
    var all = place.reading.map { [$0] } ?? []
    // Plain words that the search for text read well say what they say.
    if !all.contains(where: { $0.confidence > 0.985 && Self.isPlainRussian($0) }) {
      all += try readings(of: place.proposal, in: image, aspect: aspect)
    }
    let line = LineReading(alternatives: all, box: box(of: place.proposal, in: image))
    return line.isPlausible ? line : nil
  }

  /// Adds the whole of places that seem to be parts of one line.
  private func joined(_ places: [Place]) -> [Place] {
    var rows: [LineProposal] = []
    for place in places.map(\.proposal).sorted(by: { ($0.left, $0.top) < ($1.left, $1.top) }) {
      let row = rows.lastIndex { row in
        let overlap = min(row.bottom, place.bottom) - max(row.top, place.top)
        let (low, high) = (
          min(row.textHeight, place.textHeight), max(row.textHeight, place.textHeight)
        )
        let gap = Float(place.left - row.right)
        return overlap * 2 > min(row.height, place.height) && high < 1.6 * low
          && gap < 1.5 * high && gap > -2 * high && row.isLight == place.isLight
      }
      if let row {
        rows[row].right = max(rows[row].right, place.right)
        rows[row].top = min(rows[row].top, place.top)
        rows[row].bottom = max(rows[row].bottom, place.bottom)
        rows[row].score += place.score
      } else {
        rows.append(place)
      }
    }
    let wholes = rows.filter { row in
      !places.contains { row.coverage(by: $0.proposal) > 0.9 }
    }
    let parts = places.filter { place in
      // Parts without much text of their own are only read as the whole.
      !wholes.contains { place.proposal.coverage(by: $0) > 0.9 } || place.proposal.score > 8
    }
    return wholes.map { Place(proposal: $0, reading: nil) } + parts
  }

  /// Reads one line, again at another height where the first two readings differ.
  private func readings(
    of place: LineProposal,
    in image: GreyImage,
    aspect: Float
  ) throws -> [RecognizedLine] {
    var found: [RecognizedLine] = []
    for (attempt, textHeight) in LinePreparation.textHeights.enumerated() {
      guard
        let line = LinePreparation.line(
          place,
          of: image,
          textHeight: textHeight,
          aspect: aspect,
          isOther: attempt > 0
        )
      else { break }
      let first = try pages.read(line.plane, layout: .line, in: .both)
      if let reading = first.first, Self.isSettled(reading) {
        found.append(relocated(reading, from: line, in: image))
        break
      }
      let second = try pages.read(line.plane, layout: .line, in: .latin)
      for reading in [first, second] {
        // One line was asked for; a second one is noise at the rim.
        guard let longest = reading.max(by: { $0.words.count < $1.words.count }) else { continue }
        found.append(relocated(longest, from: line, in: image))
      }
      if let a = first.first, let b = second.first, min(a.confidence, b.confidence) > 0.96,
        TextFolding.fold(a.text) == TextFolding.fold(b.text)
      {
        break
      }
      // What reads badly in both alphabets is texture, at any height.
      let best = max(first.first?.confidence ?? 0, second.first?.confidence ?? 0)
      if best < Self.leastForMore { break }
    }
    return found
  }

  /// Whether another reading would bring nothing: plain Russian words, or texture.
  private static func isSettled(_ line: RecognizedLine) -> Bool {
    if line.confidence < LineReading.leastPlausibility { return true }
    return line.confidence > 0.97 && isPlainRussian(line)
  }

  /// Whether there is nothing but Russian words in it: no address, no code.
  private static func isPlainRussian(_ line: RecognizedLine) -> Bool {
    !line.text.contains(".")
      && line.words.flatMap(\.characters).allSatisfy {
        Script(of: $0.character) == .cyrillic || Script(of: $0.character) == .other
      }
  }

  private func relocated(
    _ line: RecognizedLine,
    from part: LinePreparation.Line,
    in image: GreyImage
  ) -> RecognizedLine {
    let (width, height) = (Float(image.width), Float(image.height))
    var line = line
    for index in line.words.indices {
      let box = line.words[index].box
      line.words[index].box = TextBox(
        x: (Float(part.left) + box.x * Float(part.width)) / width,
        y: (Float(part.top) + box.y * Float(part.height)) / height,
        width: box.width * Float(part.width) / width,
        height: box.height * Float(part.height) / height
      )
    }
    return line
  }

  private func proposal(for line: RecognizedLine, in image: GreyImage) -> LineProposal? {
    guard let box = line.box, LineReading.plausibility(of: line) > 0.5 else { return nil }
    let (width, height) = (Float(image.width), Float(image.height))
    let left = max(0, Int(box.x * width))
    let right = min(image.width, Int((box.x + box.width) * width) + 1)
    let top = max(0, Int(box.y * height))
    let bottom = min(image.height, Int((box.y + box.height) * height) + 1)
    guard let part = image.cropped(left: left, top: top, right: right, bottom: bottom) else {
      return nil
    }
    let heights = line.words.map { $0.box.height * height }.sorted()
    return LineProposal(
      left: left,
      top: top,
      right: right,
      bottom: bottom,
      textHeight: max(4, heights[heights.count / 2] * 0.9),
      isLight: LinePreparation.isLight(part),
      score: line.confidence * Float(line.text.count)
    )
  }

  private func box(of place: LineProposal, in image: GreyImage) -> TextBox {
    TextBox(
      x: Float(place.left) / Float(image.width),
      y: Float(place.top) / Float(image.height),
      width: Float(place.width) / Float(image.width),
      height: Float(place.height) / Float(image.height)
    )
  }

  /// Joins readings of one place and sorts the lines from top to bottom.
  private static func merged(_ lines: [LineReading]) -> [LineReading] {
    var kept: [LineReading] = []
    for line in lines {
      let twin = kept.firstIndex {
        line.box.coverage(by: $0.box) > 0.6 && $0.box.coverage(by: line.box) > 0.6
      }
      if let twin {
        kept[twin] = LineReading(
          alternatives: kept[twin].alternatives + line.alternatives,
          box: kept[twin].box.union(line.box)
        )
      } else {
        kept.append(line)
      }
    }
    return kept.sorted { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }
  }
}
