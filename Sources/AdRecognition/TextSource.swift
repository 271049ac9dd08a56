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

/// Tesseract, opened where there is something to read and not before.
public final class TesseractSource: TextSource {
  private var reader: StripReader?
  private let dataFolder: String?

  /// Creates a source; `dataFolder` has the language files, nil for the usual one.
  public init(dataFolder: String? = nil) { self.dataFolder = dataFolder }

  /// The text of a stack of crops.
  ///
  /// - Throws: ``TextReadingError``.
  public func texts(
    of crops: [LumaPlane],
    times: [Double],
    core: TextBox?,
    pixelAspect: Double
  ) throws -> [StripText] {
    try open()
    return try reader?.read(crops: crops, times: times, core: core, pixelAspect: pixelAspect) ?? []
  }

  /// The lines of frames of a clip.
  ///
  /// - Throws: ``TextReadingError``.
  public func lines(of frames: [LumaPlane], pixelAspect: Double) throws -> [LineReading] {
    try open()
    return try reader?.read(frames: frames, pixelAspect: pixelAspect) ?? []
  }

  private func open() throws(TextReadingError) {
    if reader == nil { reader = try StripReader(dataFolder: dataFolder) }
  }
}
