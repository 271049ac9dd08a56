import Foundation

/// How strongly clues point to each screening of a list.
///
/// Each clue moves a screening by the logarithm of a likelihood ratio: how probable the clue is if the
/// leak was recorded there, against how probable it is if not. Ratios are added, as for independent
/// clues, and the prior is even over the list. No clue moves a screening further than a limit of its
/// kind, which stands for what its statistics leave out: a wrong row in the list, two servers with one
/// number, a clock that was set wrong. A mark names a screening, never a person.
public struct Attribution: Sendable, Hashable {
  /// What moved a screening.
  public struct Evidence: Sendable, Hashable {
    /// The kinds of evidence; the raw value stands in reports.
    public enum Kind: String, Sendable, Hashable {
      /// Our own mark.
      case mark
      /// A vendor's mark.
      case vendorMark = "vendor_mark"
      /// The cut, cards and language of the picture.
      case version
      /// The language of the sound.
      case sound
      /// A moment by which the leak was there.
      case time
      /// A leak of the same recording.
      case capture
      /// The place of the camera.
      case seat
    }

    /// What kind of evidence it is.
    public var kind: Kind
    /// log10 of the likelihood ratio.
    public var log10Ratio: Double
    /// The evidence in words; it may quote words of strangers as they are.
    public var text: String
  }

  /// A screening with what moved it.
  public struct Line: Sendable, Hashable {
    /// The screening.
    public var candidate: Candidate
    /// log10 of the likelihood ratio of all evidence together.
    public var log10Ratio: Double
    /// The evidence, strongest first.
    public var evidence: [Evidence]
    /// The probability that it is this one, given that it is one of the list.
    public var share: Double
  }

  /// How far the clues go.
  public enum Answer: String, Sendable, Hashable {
    /// One screening stands out.
    case one
    /// Some are more likely than others.
    case several
    /// Nothing tells any from the others: every screening of the list is as likely as any other.
    case prior
  }

  /// All screenings, the most likely first, then by start, then by identifier.
  public var lines: [Line]
  /// How far the clues go.
  public var answer: Answer
  /// log10 of how much more likely the first is than the second; nil where there is one or none.
  public var margin: Double?

  /// Weighs the screenings of a list.
  ///
  /// - Complexity: linear in the candidates, but for their sorting.
  public init(of candidates: [Candidate], by clues: Clues) {
    let scale = Scale(clues)
    var lines = candidates.map { candidate in
      let evidence = scale.evidence(for: candidate)
      return Line(
        candidate: candidate,
        log10Ratio: evidence.reduce(0) { $0 + $1.log10Ratio },
        evidence: evidence,
        share: 0
      )
    }
    lines.sort { a, b in
      if a.log10Ratio != b.log10Ratio { return a.log10Ratio > b.log10Ratio }
      if a.candidate.start != b.candidate.start { return a.candidate.start < b.candidate.start }
      return a.candidate.id < b.candidate.id
    }
    let best = lines.first?.log10Ratio ?? 0
    let total = lines.reduce(0) { $0 + pow(10, $1.log10Ratio - best) }
    for index in lines.indices {
      lines[index].share = pow(10, lines[index].log10Ratio - best) / total
    }
    self.lines = lines
    margin = lines.count > 1 ? lines[0].log10Ratio - lines[1].log10Ratio : nil
    answer =
      if lines.count > 1
        ? lines[0].log10Ratio == lines[lines.count - 1].log10Ratio
        : lines.allSatisfy({ $0.evidence.isEmpty })
      {
        .prior
      } else if let first = lines.first, first.log10Ratio >= Self.leastRatio,
        margin ?? .infinity >= Self.leastMargin
      {
        .one
      } else {
        .several
      }
  }

  /// From which ratio of its own, and which margin to the next, a screening stands out.
  private static let (leastRatio, leastMargin) = (3.0, 2.0)
}
