import AdRecognition
import TextReading
import VideoCore

/// Tesseract, which nobody can stop while it reads, asked only where nobody wants to stop.
final class StoppableText: TextSource {
  private let text = TesseractSource()
  private let flag: CancellationFlag

  init(flag: CancellationFlag) { self.flag = flag }

  func texts(
    of crops: [LumaPlane],
    times: [Double],
    core: TextBox?,
    pixelAspect: Double
  ) throws -> [StripText] {
    try flag.check()
    return try text.texts(of: crops, times: times, core: core, pixelAspect: pixelAspect)
  }

  func lines(of frames: [LumaPlane], pixelAspect: Double) throws -> [LineReading] {
    try flag.check()
    return try text.lines(of: frames, pixelAspect: pixelAspect)
  }
}
