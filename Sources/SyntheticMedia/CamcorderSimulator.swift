public import Foundation
import VideoCore

/// Makes a leak file of a film file by a recipe: the recording first, then the group's editing.
public struct CamcorderSimulator: Sendable {
  /// What is done.
  public let recipe: LeakRecipe
  /// Whom it is done to.
  public let film: FilmSource

  /// Creates a simulator.
  public init(recipe: LeakRecipe, film: FilmSource) {
    self.recipe = recipe
    self.film = film
  }

  /// Renders the leak into `folder` as `<identifier>.<container>`, with `truth.json` beside it.
  ///
  /// - Parameters:
  ///   - folder: made where it is missing.
  ///   - progress: called with the number of frames done.
  /// - Throws: ``SyntheticMediaError`` where ffmpeg or the disk fails.
  public func write(to folder: URL, progress: (Int) -> Void = { _ in }) throws {
    let file = folder.appendingPathComponent("\(recipe.identifier).\(recipe.container)")
    try write(file: file, truth: folder.appendingPathComponent("truth.json"), progress: progress)
  }

  /// Renders the leak into `file` and states the truth in `truth`, which is written last.
  public func write(file: URL, truth: URL, progress: (Int) -> Void = { _ in }) throws {
    let encoder = try FFmpegEncoder(
      output: file,
      size: recipe.size,
      frameRate: recipe.frameRate,
      settings: recipe.encoder
    )
    var tape = try FilmTape(film: film, recipe: recipe)
    defer { tape.stop() }
    var sensor = CamcorderSensor(
      parameters: recipe.parameters,
      geometry: recipe.geometry,
      size: recipe.size
    )
    let fps = recipe.frameRate.value
    let step = recipe.speed / fps
    var drops = RandomSource(seed: recipe.parameters.takeSeed, stream: 57)
    var index = 0
    for piece in recipe.pieces {
      var recorded: PictureFrame?
      for n in 0..<piece.frames {
        var picture: PictureFrame
        switch piece {
        case .film(let start, _):
          let reference = start + Double(n) * step
          let open = step * recipe.parameters.shutter
          // The middle of the exposure is the middle of the frame's time.
          let screen = try tape.exposure(
            from: reference + (step - open) / 2,
            to: reference + (step + open) / 2
          )
          picture = sensor.record(
            screen,
            time: recipe.recordingTime(reference),
            frame: index,
            step: 1 / fps
          )
          if drops.chance(recipe.parameters.dropped), let recorded { picture = recorded }
          recorded = picture
          for overlay in recipe.overlays {
            overlay.draw(into: &picture, frame: index, frameRate: fps)
          }
        case .clip(let brand, _, _):
          picture = PictureFrame(size: recipe.size)
          brand.drawClip(into: &picture, time: Double(n) / fps, seed: recipe.parameters.seed)
        }
        try encoder.write(picture)
        index += 1
        if index % 24 == 0 { progress(index) }
      }
    }
    try encoder.finish()
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      try FileManager.default.createDirectory(
        at: truth.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try json.encode(recipe.truth(film: film)).write(to: truth, options: .atomic)
    } catch {
      throw SyntheticMediaError(.fileFailed, "\(truth.path): \(error)")
    }
  }
}

/// The film as the projector shows it: frames by number, read in order.
struct FilmTape {
  private let decoder: FFmpegDecoder
  private let frameRate: Double
  private let last: Int
  private var window: [(index: Int, frame: PictureFrame)] = []
  private var next: Int
  private let film: FilmSource

  init(film: FilmSource, recipe: LeakRecipe) throws(SyntheticMediaError) {
    self.film = film
    frameRate = film.frameRate.value
    last = film.frameCount - 1
    let first = max(0, Int((recipe.filmPieces.first?.start ?? 0) * film.frameRate.value) - 1)
    next = first
    // A large film is shown at half as much again as the camera can see.
    let shrink = min(1, 1.5 * Double(recipe.size.height) / Double(film.size.height))
    let size = FrameSize(
      width: max(2, Int(Double(film.size.width) * shrink / 2) * 2),
      height: max(2, Int(Double(film.size.height) * shrink / 2) * 2)
    )
    // Half a frame early, so that rounded time stamps still name this frame.
    decoder = try FFmpegDecoder(
      file: film.path,
      size: size,
      start: first == 0 ? 0 : (Double(first) - 0.5) / frameRate
    )
  }

  /// The mean of what is on the screen between two times in seconds.
  mutating func exposure(from start: Double, to end: Double) throws(SyntheticMediaError)
    -> PictureFrame
  {
    let first = min(last, max(0, Int((start * frameRate).rounded(.down))))
    let final = min(last, max(first, Int((end * frameRate).rounded(.up)) - 1))
    window.removeAll { $0.index < first }
    var picture = try frame(first)
    var seen = overlap(first, start, end)
    for index in first + 1..<max(first + 1, final + 1) {
      let share = overlap(index, start, end)
      guard share > 0 else { continue }
      seen += share
      let weight = Int((256 * share / seen).rounded())
      if weight > 2 { picture.blend(try frame(index), weight: weight) }
    }
    return picture
  }

  private func overlap(_ index: Int, _ start: Double, _ end: Double) -> Double {
    max(1e-9, min(end, Double(index + 1) / frameRate) - max(start, Double(index) / frameRate))
  }

  private mutating func frame(_ index: Int) throws(SyntheticMediaError) -> PictureFrame {
    while next <= index {
      guard let picture = try decoder.next() else { break }
      window.append((next, picture))
      next += 1
      if window.count > 8 { window.removeFirst() }
    }
    if let found = window.first(where: { $0.index == index }) ?? window.last { return found.frame }
    throw SyntheticMediaError(.decoderFailed, "\(film.path): no frame \(index)")
  }

  func stop() { decoder.stop() }
}
