public import TextReading
public import VideoCore

/// Reads the text of crops and frames; Tesseract, or for tests something that needs none.
public protocol TextSource: AnyObject {
  /// The text of a stack of crops of one place, one for each of its looks; the ad fills `core`, what
  /// changes around it makes no look.
  func texts(
    of crops: [LumaPlane],
    times: [Double],
    core: TextBox?,
    pixelAspect: Double
  ) throws -> [StripText]

  /// The lines of frames of a clip that fills the picture.
  func lines(of frames: [LumaPlane], pixelAspect: Double) throws -> [LineReading]
}

/// Readers of pages, opened where there is something to read and not before.
public final class PageSource: TextSource {
  private var reader: StripReader?
  private let open: () throws -> any PageReader

  /// Creates a source that opens its reader by `open`.
  public init(_ open: @escaping () throws -> any PageReader) { self.open = open }

  /// The text of a stack of crops.
  ///
  /// - Throws: ``TextReadingError``, and what opening the reader throws.
  public func texts(
    of crops: [LumaPlane],
    times: [Double],
    core: TextBox?,
    pixelAspect: Double
  ) throws -> [StripText] {
    try opened().read(crops: crops, times: times, core: core, pixelAspect: pixelAspect)
  }

  /// The lines of frames of a clip.
  ///
  /// - Throws: ``TextReadingError``, and what opening the reader throws.
  public func lines(of frames: [LumaPlane], pixelAspect: Double) throws -> [LineReading] {
    try opened().read(frames: frames, pixelAspect: pixelAspect)
  }

  private func opened() throws -> StripReader {
    if let reader { return reader }
    let reader = StripReader(try open())
    self.reader = reader
    return reader
  }
}
