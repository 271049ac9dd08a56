import CFFmpeg

/// FFmpeg: its libraries, which are loaded when something is first asked of them.
public enum FFmpegLibrary {
  /// Loads the libraries, once per process; what reads or writes films does so by itself.
  ///
  /// A process that gives up opening files has to call this before.
  ///
  /// - Throws: ``MediaError/Code/internalFailure`` where one is missing or of another version.
  public static func load() throws(MediaError) {
    if let failure { throw failure }
  }

  private static let failure: MediaError? = {
    if let cause = unsafe CFFmpeg_load() {
      return MediaError(.internalFailure, unsafe String(cString: cause))
    }
    // FFmpeg's own messages would flood the terminal on a damaged film.
    av_log_set_level(AV_LOG_QUIET)
    return nil
  }()

  /// Whether it can be loaded.
  static var isLoaded: Bool { failure == nil }

  /// FFmpeg's own version text; nil where it cannot be loaded.
  public static var version: String? {
    guard isLoaded else { return nil }
    return unsafe av_version_info().map { unsafe String(cString: $0) }
  }

  /// FFmpeg's libraries by name, each as major.minor.micro: those that are loaded, which need not be
  /// those that this program was built against.
  public static var parts: [String: String] {
    guard isLoaded else { return [:] }
    let numbers = [
      "libavcodec": avcodec_version(), "libavformat": avformat_version(),
      "libavutil": avutil_version(), "libswresample": swresample_version(),
      "libswscale": swscale_version(),
    ]
    return numbers.mapValues { "\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)" }
  }

  /// Whether FFmpeg has a decoder of this name.
  public static func hasDecoder(_ name: String) -> Bool {
    guard isLoaded else { return false }
    return unsafe avcodec_find_decoder_by_name(name) != nil
  }
}
