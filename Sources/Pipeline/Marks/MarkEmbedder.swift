public import Marks
public import MediaIO
public import SystemPackage
import VideoCore

/// Writes films with a mark, or as one of two variants.
public struct MarkEmbedder {
  /// What is put into a film.
  public enum Content: Sendable {
    /// A mark that says a payload.
    case mark(MarkPayload, MarkLayout)
    /// The pattern of a variant.
    case variant(Variant)
  }

  private let key: MarkKey
  private let asset: String
  private let content: Content
  private let strength: Double
  private let settings: EncodingSettings
  private let flag: CancellationFlag

  /// One picture in so many is measured.
  private static let measuredEvery = 12

  /// An embedder of one mark.
  public init(
    key: MarkKey,
    asset: String,
    content: Content,
    strength: Double,
    settings: EncodingSettings,
    flag: CancellationFlag
  ) {
    self.key = key
    self.asset = asset
    self.content = content
    self.strength = strength
    self.settings = settings
    self.flag = flag
  }

  /// Writes `source` with the mark to `target`, which must not be there yet; `progress` is told the
  /// fraction done.
  ///
  /// - Throws: ``PipelineError``.
  public func embed(
    _ source: FilePath,
    to target: FilePath,
    progress: (Double) -> Void
  ) throws(PipelineError) -> MarkEmbedReport {
    do {
      return try write(source, target, progress)
    } catch {
      throw PipelineError(error)
    }
  }

  private func write(
    _ source: FilePath,
    _ target: FilePath,
    _ progress: (Double) -> Void
  ) throws -> MarkEmbedReport {
    let before = try FileIdentity(of: source, flag: flag) { progress(0.05 * $0) }
    let flag = flag
    let rewriter = try FilmRewriter(
      from: source,
      to: target,
      settings: settings,
      isCancelled: { flag.isCancelled }
    )
    let duration = rewriter.info.duration?.seconds ?? 0
    let sequences = ChipSequences(key: key, asset: asset)
    var train: ChipTrain?
    var pattern: VariantPattern?
    switch content {
    case .mark(let payload, let layout):
      train = ChipTrain(sequences: sequences, layout: layout, payload: payload)
    case .variant(let variant):
      pattern = VariantPattern(key: key, asset: asset, variant: variant)
    }
    var modulator = MarkModulator(strength: strength)
    var quality = PictureQuality()
    let depth = settings.bitDepth
    let summary = try rewriter.run { picture, time, number in
      let seconds = time.seconds
      let marked: LumaSamples
      if let cells = pattern?.cells(at: seconds) {
        marked = modulator.modulated(picture, cells: cells, frame: number, bitDepth: depth)
      } else {
        let signals = train?.signals(at: seconds) ?? .zero
        marked = modulator.modulated(picture, signals: signals, frame: number, bitDepth: depth)
      }
      if number % Self.measuredEvery == 0 { quality.add(picture, marked) }
      if duration > 0 { progress(0.05 + 0.9 * min(1, seconds / duration)) }
      return marked
    }
    let after = try FileIdentity(of: target, flag: flag)
    progress(1)
    return MarkEmbedReport(
      source: (source, before),
      target: (target, after),
      key: key,
      asset: asset,
      content: content,
      strength: strength,
      settings: settings,
      quality: quality,
      summary: summary
    )
  }
}
