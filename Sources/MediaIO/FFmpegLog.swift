import CFFmpeg

/// FFmpeg's own messages, which would flood the terminal on a damaged film.
enum FFmpegLog {
  /// Evaluated once per process, by the first use of FFmpeg here.
  static let silenced: Void = av_log_set_level(AV_LOG_QUIET)
}
