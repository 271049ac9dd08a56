import Glibc

/// How many marks of two leaks fall together, and how many would by chance.
///
/// What chance gives is read from the marks themselves: how many fall together when those of one leak are
/// shifted by half a second to three.
public struct Coincidence: Sendable, Hashable {
  /// Marks that fall together.
  public let shared: Int
  /// Marks of the leak that has fewer of them.
  public let count: Int
  /// Mean number that falls together by chance.
  public let byChance: Double

  /// What falls together.
  public struct Slack: Sendable {
    /// Greatest difference of two marks' moments, and how far all of a leak may be shifted.
    var moments: Int, shift: Int
    /// Greatest difference of their kinds.
    var kinds: Int
    /// Marks of each leak without which nothing is said.
    var least: Int

    /// Times of sounds are known to some 10 ms, those of the delay they are counted from as well.
    public static let sound = Slack(moments: 2, shift: 8, kinds: 1, least: 20)
    /// A frame that is held may lie one to either side when the frame rate was changed.
    public static let held = Slack(moments: 5, shift: 0, kinds: 0, least: 4)
  }

  /// Compares the marks of two leaks, in ascending order; nil where one has too few.
  ///
  /// - Complexity: O(n) in the marks, for each of some hundred shifts.
  public init?(_ a: [FilmMark], _ b: [FilmMark], _ slack: Slack) {
    count = min(a.count, b.count)
    guard count >= slack.least else { return nil }
    shared = (-slack.shift...slack.shift).map { Self.matches(a, b, $0, slack) }.max() ?? 0
    let far = stride(from: Self.far.lowerBound, through: Self.far.upperBound, by: Self.farStep)
    let chance = far.flatMap { [Self.matches(a, b, $0, slack), Self.matches(a, b, -$0, slack)] }
    byChance = Double(chance.reduce(0, +)) / Double(max(1, chance.count))
    looks = 2 * slack.shift + 1
  }

  /// Shifts that were tried for the best.
  private let looks: Int

  /// Logarithm, base 10, of a bound on the probability that as many fall together by chance.
  ///
  /// Chernoff's for a Poisson distribution, times the shifts tried. Marks come in bunches, so its exponent
  /// is halved.
  public var log10P: Double {
    let (found, expected) = (Double(shared), byChance + 0.5)
    guard found > expected else { return 0 }
    let exponent = (found * log(found / expected) - found + expected) / 2
    return min(0, max(-99, log10(Double(looks)) - exponent / log(10)))
  }

  /// Marks of one leak that one of the other falls together with when that is shifted, each counted
  /// once.
  private static func matches(
    _ a: [FilmMark],
    _ b: [FilmMark],
    _ shift: Int,
    _ slack: Slack
  ) -> Int {
    var taken = [Bool](repeating: false, count: b.count)
    var (low, found) = (0, 0)
    for mark in a {
      let moment = mark.moment + shift
      while low < b.count, b[low].moment < moment - slack.moments { low += 1 }
      var at = low
      while at < b.count, b[at].moment <= moment + slack.moments {
        if !taken[at], abs(Int(b[at].kind) - Int(mark.kind)) <= slack.kinds {
          taken[at] = true
          found += 1
          break
        }
        at += 1
      }
    }
    return found
  }

  /// Shifts that no delay explains, and the distance of one from the next: 0.5 s to 3 s.
  private static let (far, farStep) = (63...375, 8)
}
