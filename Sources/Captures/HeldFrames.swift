public import VideoCore

/// Finds where a leak goes on showing a picture though the film moves on.
///
/// There the camera, or somebody who copied the recording, dropped a frame.
public enum HeldFrames {
  /// A frame and the second of the film that it shows.
  public typealias Frame = (filmSeconds: Double, plane: LumaPlane)

  /// The seconds of the film at which a leak holds its picture.
  ///
  /// A picture is held where it changes far less from one frame to the next than around, or where the
  /// next frame comes late. Where the film stands still as well, nothing is said; nor is it where so
  /// many frames are held that another frame rate explains them.
  ///
  /// - Parameters:
  ///   - leak: successive frames, all that the leak has there, of one size.
  ///   - film: the film's frames of the same time, of one size.
  /// - Returns: Seconds of the film, ascending.
  public static func seconds(in leak: [Frame], film: [Frame]) -> [Double] {
    guard leak.count > 2 * reach, film.count > 2 else { return [] }
    let change = changes(leak)
    let motion = changes(film)
    let steps = zip(leak, leak.dropFirst()).map { $1.filmSeconds - $0.filmSeconds }
    let usualStep = Median.of(steps)
    var held: [Double] = []
    var next = 0
    for index in change.indices {
      let (start, end) = (leak[index].filmSeconds, leak[index + 1].filmSeconds)
      let isLate = end - start > lateSteps * usualStep
      let near = change[max(0, index - reach)..<min(change.count, index + reach + 1)]
      let usual = Median.of(Array(near))
      guard isLate || (usual >= leastChange && change[index] < heldShare * usual) else { continue }
      // The film's changes that fall between the two frames, and half a step to either side.
      while next < motion.count, film[next + 1].filmSeconds < start - usualStep / 2 { next += 1 }
      var last = next
      while last < motion.count, film[last].filmSeconds < end + usualStep / 2 { last += 1 }
      let around = motion[max(0, next - reach)..<min(motion.count, last + reach)]
      let usualMotion = Median.of(Array(around))
      let least = motion[next..<last].min() ?? 0
      guard least >= leastChange, least >= movingShare * usualMotion else { continue }
      held.append((start + end) / 2)
    }
    return Double(held.count) <= mostShare * Double(change.count) ? held : []
  }

  /// Those seconds without rows of equal distances, which a change of the frame rate leaves behind.
  public static func withoutRows(_ seconds: [Double]) -> [Double] {
    let sorted = seconds.sorted()
    return sorted.indices.filter { index in
      let range = max(0, index - 2)...min(sorted.count - 1, index + 2)
      // In the middle of three, or at an end of them.
      return !range.dropLast(2).contains { first in
        let (a, b) = (sorted[first + 1] - sorted[first], sorted[first + 2] - sorted[first + 1])
        return abs(a - b) <= rowSlack && max(a, b) <= longestRowStep
      }
    }
    .map { sorted[$0] }
  }

  /// Mean absolute difference from each frame to the next, in levels of 255.
  private static func changes(_ frames: [Frame]) -> [Double] {
    zip(frames, frames.dropFirst()).map { a, b in
      var sum = 0
      for (x, y) in zip(a.plane.pixels, b.plane.pixels) { sum += abs(Int(x) - Int(y)) }
      return Double(sum) / Double(max(1, a.plane.pixels.count))
    }
  }

  /// Frames to either side that say how much a picture usually changes: half a second.
  private static let reach = 12
  /// A held picture changes by no more than this part of what is usual; noise of an encoder remains.
  private static let heldShare = 0.25
  /// The film moves where its change is at least this part of what is usual.
  private static let movingShare = 0.5
  /// Change in levels below which a picture stands still.
  private static let leastChange = 0.5
  /// A frame is late after so many usual steps.
  private static let lateSteps = 1.6
  /// Part of the frames above which they are not dropped, but another rate's.
  private static let mostShare = 1.0 / 12
  /// Distances of a row differ by no more than a frame; none is longer.
  private static let (rowSlack, longestRowStep) = (0.045, 4.5)
}
