import Glibc

/// Versions of the C libraries that this process runs with, which need not be those that it was
/// built against: asked of the loaded libraries themselves.
enum LinkedLibraries {
  /// FFmpeg's own version text; nil where it is not loaded.
  static var ffmpeg: String? { text("av_version_info") }

  /// SQLite's version; nil where it is not loaded.
  static var sqlite: String? { text("sqlite3_libversion") }

  /// FFmpeg's libraries by name, each as major.minor.micro.
  static var ffmpegParts: [String: String] {
    var parts: [String: String] = [:]
    for name in ["avcodec", "avformat", "avutil", "swresample", "swscale"] {
      guard let version = number(name + "_version") else { continue }
      parts["lib" + name] = "\(version >> 16).\(version >> 8 & 255).\(version & 255)"
    }
    return parts
  }

  /// OpenCV's version; nil where it is not loaded.
  static var openCV: String? {
    let parts = ["Major", "Minor"].map { number("_ZN2cv15getVersion\($0)Ev") }
    guard let major = parts[0], let minor = parts[1],
      let revision = number("_ZN2cv18getVersionRevisionEv")
    else { return nil }
    return "\(major).\(minor).\(revision)"
  }

  /// Whether FFmpeg has a decoder for a codec of this name.
  static func hasDecoder(_ name: String) -> Bool {
    typealias Function = @convention(c) (UnsafePointer<CChar>) -> UnsafeRawPointer?
    guard let address = unsafe dlsym(nil, "avcodec_find_decoder_by_name") else { return false }
    let find = unsafe unsafeBitCast(address, to: Function.self)
    return unsafe name.withCString { unsafe find($0) != nil }
  }

  private static func text(_ symbol: String) -> String? {
    typealias Function = @convention(c) () -> UnsafePointer<CChar>?
    guard let address = unsafe dlsym(nil, symbol) else { return nil }
    return unsafe unsafeBitCast(address, to: Function.self)().map { unsafe String(cString: $0) }
  }

  private static func number(_ symbol: String) -> UInt32? {
    typealias Function = @convention(c) () -> UInt32
    guard let address = unsafe dlsym(nil, symbol) else { return nil }
    return unsafe unsafeBitCast(address, to: Function.self)()
  }
}
