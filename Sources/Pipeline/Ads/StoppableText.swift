import AdRecognition
import Isolation
import MediaIO
import TextReading
import VideoCore

/// Tesseract in a confined process, started where there is something to read and nobody wants to
/// stop.
final class StoppableText: TextSource {
  private let text: PageSource
  private let flag: CancellationFlag
  private let failures: Failures

  /// What brought the process down.
  private final class Failures {
    var last: MediaError?
  }

  init(_ isolation: IsolationPolicy, flag: CancellationFlag) {
    let failures = Failures()
    self.failures = failures
    self.flag = flag
    text = PageSource {
      try IsolatedPageReader(isolation, flag: flag) { failures.last = $0 }
    }
  }

  /// Why some of the text could not be read; nil where all could.
  var failure: MediaError? { failures.last }

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
