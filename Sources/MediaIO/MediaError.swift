import CFFmpeg
import SystemPackage

/// Why a media file could not be read or written.
///
/// The description is one line that says the cause, without the file's name: the caller knows which
/// file it handed in and adds it.
public struct MediaError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure; an open set, so that kinds can be added without breaking a `switch`.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The kind's name, stable enough to be stored in reports.
    public let description: String

    private init(_ name: String) { description = name }

    /// No file has that name.
    public static let notFound = Code("notFound")
    /// The file exists but this user may not read it.
    public static let notReadable = Code("notReadable")
    /// The name belongs to a folder.
    public static let isDirectory = Code("isDirectory")
    /// The name belongs to a device, a pipe or a socket.
    public static let notRegularFile = Code("notRegularFile")
    /// The file has no bytes.
    public static let empty = Code("empty")
    /// The content is of no container format that is allowed here.
    public static let unrecognisedFormat = Code("unrecognisedFormat")
    /// The file has no moving picture: audio only, or audio with a cover picture.
    public static let noVideoStream = Code("noVideoStream")
    /// The video is in a format for which there is no decoder.
    public static let unsupportedCodec = Code("unsupportedCodec")
    /// The picture has more pixels than the caller allows.
    public static let tooLarge = Code("tooLarge")
    /// The file claims to be a film, but not one frame of it can be decoded.
    public static let damaged = Code("damaged")
    /// The operating system failed to read or write.
    public static let ioError = Code("ioError")
    /// The caller asked to stop.
    public static let cancelled = Code("cancelled")
    /// FFmpeg refused a request for want of memory or of a component.
    public static let internalFailure = Code("internalFailure")
    /// The process that decodes the file ended in a way that it should not.
    public static let decoderCrashed = Code("decoderCrashed")
    /// The process that decodes the file asked the system for what no decoder needs.
    public static let forbiddenCall = Code("forbiddenCall")
    /// Nothing was heard of the process that decodes the file for too long.
    public static let decoderStalled = Code("decoderStalled")
    /// Decoding took more memory or processor time than it may.
    public static let limitExceeded = Code("limitExceeded")
    /// The process that is to decode the file cannot be started, or not confined as was asked for.
    public static let notIsolated = Code("notIsolated")

    /// The kinds that reading a file can end in, for those who pass them on by name.
    package static let known: [Code] = [
      notFound, notReadable, isDirectory, notRegularFile, empty, unrecognisedFormat, noVideoStream,
      unsupportedCodec, tooLarge, damaged, ioError, cancelled, internalFailure, decoderCrashed,
      forbiddenCall, decoderStalled, limitExceeded, notIsolated,
    ]
  }

  /// The kind of failure.
  public let code: Code
  /// The cause in plain words.
  public let message: String
  /// FFmpeg's own number, where FFmpeg reported the failure.
  public let averror: Int32?
  /// The operating system's number, where it reported the failure.
  public let errno: Int32?

  /// Creates an error of kind `code` whose cause is `message`.
  public init(_ code: Code, _ message: String, averror: Int32? = nil, errno: Int32? = nil) {
    self.code = code
    self.message = message
    self.averror = averror
    self.errno = errno
  }

  /// The cause and, in brackets, what FFmpeg or the operating system said.
  public var description: String {
    if let averror { return "\(message) (\(MediaError.text(of: averror)), \(averror))" }
    if let errno { return "\(message) (\(Errno(rawValue: errno)))" }
    return message
  }

  /// FFmpeg's words for one of its numbers; its negated `errno` values are covered too.
  static func text(of averror: Int32) -> String {
    guard FFmpegLibrary.isLoaded else { return "error \(averror)" }
    var buffer = [CChar](repeating: 0, count: Int(AV_ERROR_MAX_STRING_SIZE))
    let status = unsafe buffer.withUnsafeMutableBufferPointer {
      unsafe av_strerror(averror, $0.baseAddress, $0.count)
    }
    guard status == 0 || buffer.first != 0 else { return "error \(averror)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func outOfMemory(_ what: String) -> MediaError {
    MediaError(.internalFailure, "no memory for \(what)")
  }

  static let stopped = MediaError(.cancelled, "cancelled")
}
