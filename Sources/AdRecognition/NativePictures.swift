public import AdDetection
import FrameKernels
public import VideoCore

/// Which pictures of a leak are wanted, and which part of them.
public struct PictureRequest: Sendable, Hashable {
  /// Moments in seconds of the leak, in order of time.
  public var times: [Double]
  /// The part of the frame; nil for all of it.
  public var box: FrameBox?
  /// Most pixels of a row of what is handed over; larger pictures are reduced.
  public var mostWidth: Int

  /// Creates a request.
  public init(times: [Double], box: FrameBox? = nil, mostWidth: Int) {
    (self.times, self.box, self.mostWidth) = (times, box, mostWidth)
  }
}

/// Gives pictures of a leak at the size at which they are stored: for reading and for files.
public protocol NativePictures: AnyObject {
  /// Size of the upright picture in stored pixels.
  var size: FrameSize { get }
  /// Width over height of a stored pixel.
  var pixelAspect: Double { get }
  /// Moments whose pictures cost much less than those of others, ascending; empty where it does not
  /// matter, so that moments are chosen by what they show alone.
  ///
  /// - Throws: an error of the implementation's where the file cannot be read.
  func cheapMoments() throws -> [Double]

  /// The pictures that are shown at the moments of each request, in one pass if it can be.
  ///
  /// The pictures of one request have one size. Moments that the leak does not have are left out.
  ///
  /// - Throws: an error of the implementation's where the file cannot be read.
  func pictures(for requests: [PictureRequest]) throws -> [[TimedPicture]]
}

extension PictureRequest {
  /// The pixels of a frame that the request covers: at least one.
  public func pixels(of size: FrameSize) -> (left: Int, top: Int, width: Int, height: Int) {
    guard let box else { return (0, 0, size.width, size.height) }
    func edge(_ fraction: Double, _ side: Int) -> Int {
      fraction.isFinite ? Int((max(0, min(1, fraction)) * Double(side)).rounded()) : 0
    }
    let left = min(edge(box.x, size.width), max(0, size.width - 1))
    let top = min(edge(box.y, size.height), max(0, size.height - 1))
    return (
      left, top, max(1, edge(box.right, size.width) - left),
      max(1, edge(box.bottom, size.height) - top)
    )
  }

  /// Size of the pictures that answer it.
  public func answerSize(of size: FrameSize) -> FrameSize {
    let part = pixels(of: size)
    guard part.width > mostWidth, mostWidth > 0 else {
      return FrameSize(width: part.width, height: part.height)
    }
    let height = Int((Double(part.height) * Double(mostWidth) / Double(part.width)).rounded())
    return FrameSize(width: mostWidth, height: max(1, height))
  }

  /// Bytes that the answer takes at most.
  func answerBytes(of size: FrameSize) -> Int { answerSize(of: size).area * times.count }
}

extension LumaPlane {
  /// The plane at a size that is not larger, by means over areas.
  package func reduced(to smaller: FrameSize) -> LumaPlane {
    guard smaller != size else { return self }
    var reduced = [UInt8](repeating: 0, count: smaller.area)
    AreaReduction.reduce(
      pixels.span,
      strideBytes: size.width,
      width: size.width,
      height: size.height,
      into: &reduced,
      outputWidth: smaller.width,
      outputHeight: smaller.height
    )
    return LumaPlane(size: smaller, pixels: reduced)
  }
}
