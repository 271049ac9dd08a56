#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How often unrelated films look like a match: what turns confirmed anchors into a probability.
///
/// What was measured is the number of distinct cells (frame pair and place) in which a wrong candidate
/// agrees with one homography. Of 4805 that the search put forward for unrelated pairs, among them
/// films of the same people in the same room, 2 % had 6 and more, 0.3 % 12 and more, one 22
/// (`Benchmarks/Accuracy`). The line that the model states, a decade every eight cells from 63 % on,
/// lies above the upper 95 % limits of all of it. Beyond 22 cells nothing was seen, and the line goes
/// on as it was.
public struct NullModel: Sendable, Hashable {
  /// Cells that make a wrong candidate ten times rarer.
  public var cellsPerDecade = 8.0
  /// Log10 of where the line begins, at no cells.
  public var intercept = -0.2
  /// The least that one window of the leak may say: beyond, the model knows nothing.
  public var leastOfWindow = -12.0
  /// The least that is ever stated.
  public var least = -200.0

  /// Creates the model with the measured constants.
  public init() {}

  /// A release is named only where its probability is at most this power of ten.
  ///
  /// With what larger libraries were seen to add, that is one wrong name in 100,000 leaks against
  /// 10,000 titles (`Benchmarks/Accuracy`).
  public static let namedLog10P = -6.0

  /// The log10 probability that unrelated content gives anchors as good as these, at most 0.
  ///
  /// Anchors whose stretches of the leak overlap see the same pictures: of those only the best
  /// counts. The rest are independent and their logarithms add up; that the best of `trials` tries
  /// was looked for is paid once (Bonferroni).
  public func log10P(of anchors: [Anchor], trials: Int) -> Double {
    var counted: [Candidate] = []
    var total = 0.0
    for anchor in anchors.sorted(by: Self.isStronger) {
      let here = anchor.candidate
      let overlaps = counted.contains {
        $0.leakStart < here.leakEnd && here.leakStart < $0.leakEnd
      }
      if overlaps { continue }
      counted.append(here)
      total += max(leastOfWindow, intercept - Double(anchor.cells) / cellsPerDecade)
    }
    guard !counted.isEmpty else { return 0 }
    return min(0, max(least, total + log10(Double(max(1, trials)))))
  }

  private static func isStronger(_ a: Anchor, _ b: Anchor) -> Bool {
    a.cells == b.cells ? a.candidate.leakStart < b.candidate.leakStart : a.cells > b.cells
  }
}
