import AdDetection
import BrandRecognition
import TextReading

/// Tells what stays on an overlay from texts that follow one another where subtitles stand.
///
/// Over a still picture several subtitles are found as one overlay, together with a stamp beside them:
/// what the one says is then no word of the other.
struct PassingText {
  let reader: AdReader

  /// The readings of what stays and of what passes, by the best reading of each line; nil where no text
  /// follows another as subtitles do.
  func parts(of draft: OverlayDraft) -> (staying: AdReading, passing: AdReading)? {
    guard draft.track.motion != .scrolling, draft.looks.count > 1,
      !draft.looks.contains(where: \.isScrolling), let read = draft.readBox
    else { return nil }
    let runs = longestRuns(of: draft.looks)
    var passing: [LineReading] = []
    var looksThatPass = 0
    for (index, look) in draft.looks.enumerated() where runs[index] < OverlayDraft.longestSubtitle {
      let others = draft.looks.enumerated().filter { $0.offset != index }
        .map { look in FoldedText(look.element.reading.lines.map(\.text).joined(separator: " ")) }
      let lines = look.reading.lines.compactMap { line in
        remainder(of: line) { word in others.contains { Self.isIn($0, word) } }
      }
      let standing = lines.filter { isPlaceOfSubtitles($0.box, in: read) }
      if !standing.isEmpty { looksThatPass += 1 }
      passing += standing
    }
    guard looksThatPass > 1 else { return nil }
    let all = FoldedText(passing.map(\.text).joined(separator: " "))
    let staying = draft.looks.flatMap(\.reading.lines).compactMap { line in
      remainder(of: line) { Self.isIn(all, $0) }
    }
    return (reader.weighed(AdReading(lines: staying)), reader.weighed(AdReading(lines: passing)))
  }

  /// For each look the longest time that it is seen without another one in between, in seconds.
  private func longestRuns(of looks: [AdLook]) -> [Double] {
    let seen = looks.enumerated().flatMap { index, look in look.seconds.map { ($0, index) } }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    var longest = looks.map { _ in 0.0 }
    var first: (seconds: Double, look: Int)?
    for (seconds, look) in seen {
      if first?.look != look { first = (seconds, look) }
      longest[look] = max(longest[look], seconds - (first?.seconds ?? seconds))
    }
    return longest
  }

  /// A line without the words of which `isLeftOut` says so; nil where no word of letters is left.
  private func remainder(
    of line: LineReading,
    without isLeftOut: (FoldedText) -> Bool
  ) -> LineReading? {
    guard let best = line.alternatives.first else { return nil }
    let words = best.words.filter { !isLeftOut(FoldedText($0.text)) }
    let boxes = words.map(\.box)
    guard let first = boxes.first, words.contains(where: { $0.text.contains(where: \.isLetter) })
    else { return nil }
    return LineReading(
      alternatives: [RecognizedLine(words: words)],
      box: boxes.dropFirst().reduce(first) { $0.union($1) }
    )
  }

  private static func isIn(_ text: FoldedText, _ word: FoldedText) -> Bool {
    FuzzyMatch.find(folded: word.characters, in: text) != nil
  }

  private func isPlaceOfSubtitles(_ box: TextBox, in read: FrameBox) -> Bool {
    let centre = read.x + Double(box.x + box.width / 2) * read.width
    return OverlayDraft.subtitleCentre.contains(centre)
      && read.y + Double(box.y) * read.height > OverlayDraft.subtitleTop
  }
}
