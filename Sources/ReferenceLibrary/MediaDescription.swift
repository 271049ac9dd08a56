public import VideoCore

/// What the file of a release is, as seen when it was added.
public struct MediaDescription: Sendable, Hashable {
  /// SHA-256 of the whole file, 64 lower-case hexadecimal digits.
  public var contentHash: String
  /// Size of the file in bytes.
  public var sizeBytes: Int64
  /// Running time of the picture in seconds.
  public var durationSeconds: Double
  /// Size of the picture in pixels as shown: after rotation, before pixel aspect.
  public var frameSize: FrameSize
  /// Frames per second; nil where the frame rate varies or is not known.
  public var frameRate: Rational?
  /// Name of the picture's codec, for example `h264`.
  public var videoCodec: String
  /// Name of the container format, for example `mov`.
  public var container: String
  /// Name of the file, without its folder: bytes, which need not be UTF-8.
  public var originalFileName: [UInt8]
  /// The part of the picture inside its black borders.
  public var activeArea: FractionalRectangle

  /// Creates a description.
  public init(
    contentHash: String,
    sizeBytes: Int64,
    durationSeconds: Double,
    frameSize: FrameSize,
    frameRate: Rational?,
    videoCodec: String,
    container: String,
    originalFileName: [UInt8],
    activeArea: FractionalRectangle = .whole
  ) {
    self.contentHash = contentHash
    self.sizeBytes = sizeBytes
    self.durationSeconds = durationSeconds
    self.frameSize = frameSize
    self.frameRate = frameRate
    self.videoCodec = videoCodec
    self.container = container
    self.originalFileName = originalFileName
    self.activeArea = activeArea
  }

  /// Checks every value against the range in which later stages can work with it.
  ///
  /// - Throws: ``LibraryError/Code/invalidMetadata``, naming the field and its value.
  func validate() throws(LibraryError) {
    func require(
      _ isValid: Bool,
      _ field: String,
      _ value: some CustomStringConvertible
    ) throws(LibraryError) {
      guard isValid else {
        let value = PrintableText.quoted(value.description)
        throw LibraryError(.invalidMetadata, "\(field): \(value) is not possible")
      }
    }
    try require(Hex.isValid(contentHash, count: 64), "content_hash", contentHash)
    try require(sizeBytes >= 0, "size_bytes", sizeBytes)
    try require(durationSeconds.isFinite && durationSeconds >= 0, "duration", durationSeconds)
    let sides = 1...Self.maximumSidePixels
    try require(
      sides.contains(frameSize.width) && sides.contains(frameSize.height),
      "frame_size",
      frameSize
    )
    if let frameRate {
      try require(
        frameRate.numerator > 0 && frameRate.denominator > 0,
        "frame_rate",
        frameRate
      )
    }
    for (field, name) in [("video_codec", videoCodec), ("container", container)] {
      let isName = name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      try require(isName, field, name)
    }
    try require(
      originalFileName.count <= 4096,
      "original_file_name",
      "\(originalFileName.count) bytes"
    )
    try require(activeArea.isInsideUnitSquare, "active_area", activeArea)
  }

  private static let maximumSidePixels = 1 << 16
}

/// A rectangle in fractions of a picture's width and height, origin at the top left.
public struct FractionalRectangle: Sendable, Hashable, CustomStringConvertible {
  /// Left edge.
  public var x: Double
  /// Top edge.
  public var y: Double
  /// Width.
  public var width: Double
  /// Height.
  public var height: Double

  /// Creates a rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The whole picture.
  public static let whole = FractionalRectangle(x: 0, y: 0, width: 1, height: 1)

  /// The four numbers, left, top, width and height.
  public var description: String { "\(x),\(y),\(width),\(height)" }

  /// Whether the rectangle has an area and lies inside the picture, rounding aside.
  var isInsideUnitSquare: Bool {
    let slack = 1e-9
    return [x, y, width, height].allSatisfy(\.isFinite) && x >= 0 && y >= 0 && width > 0
      && height > 0 && x + width <= 1 + slack && y + height <= 1 + slack
  }
}
