import AdDetection
import FrameKernels
import VideoCore

extension LumaPlane {
  /// Mean difference from another plane of the same size within a part of the frame, in levels of grey;
  /// 0 where the part has no pixel.
  func change(from other: LumaPlane, in box: FrameBox) -> Double {
    precondition(size == other.size, "planes differ in size")
    let left = max(0, Int(box.x * Double(size.width)))
    let top = max(0, Int(box.y * Double(size.height)))
    let right = min(size.width, Int((box.right * Double(size.width)).rounded(.up)))
    let bottom = min(size.height, Int((box.bottom * Double(size.height)).rounded(.up)))
    guard left < right, top < bottom else { return 0 }
    var sum: UInt64 = 0
    for y in top..<bottom {
      let row = y * size.width + left..<y * size.width + right
      sum += Correlation.absoluteDifference(
        pixels.span.extracting(row),
        other.pixels.span.extracting(row)
      )
    }
    return Double(sum) / Double((right - left) * (bottom - top))
  }
}

extension PictureSource {
  /// The moment at which a part of the frame differs most from what it was just before; nil where it never
  /// does.
  func greatestChange(in box: FrameBox, from start: Double, to end: Double) throws -> Double? {
    var best: (seconds: Double, change: Double)?
    var last: LumaPlane?
    var from = start
    // A little at a time: pictures of minutes are many.
    while from < end {
      let to = min(end, from + 5)
      for picture in try pictures(from: from, to: to) {
        if let last, last.size == picture.plane.size {
          let change = picture.plane.change(from: last, in: box)
          if change > best?.change ?? 0 { best = (picture.seconds, change) }
        }
        last = picture.plane
      }
      from = to
    }
    return best?.seconds
  }
}

extension FrameBox {
  /// All of the frame.
  static let whole = FrameBox(x: 0, y: 0, width: 1, height: 1)
}
