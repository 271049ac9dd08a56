import CFrameKernels

/// Resizes a plane by area averaging, exactly: every output pixel is the weighted mean of the
/// source pixels that it covers, with weights equal to the covered area, rounded half up.
///
/// All arithmetic is in integers. Per axis, in lowest terms `source : output = s : o`, a source
/// pixel is `o` units long and an output pixel `s` units; the mean is
/// `(Σ pixel · overlapX · overlapY + D / 2) / D` with `D = sX · sY`. Enlarging follows the same
/// definition. Samples of more than 8 bits are brought to 8 in the same single rounding:
/// `D = sX · sY · 2^(bitDepth - 8)`, and the result is limited to 255.
///
/// - Shape: all planes are row-major; outputs are without row padding; sides are 1...65535.
/// - Complexity: O(width · height + outputWidth · outputHeight). Allocates nothing.
public enum AreaReduction {
  /// The longest side of a plane, in pixels.
  public static let maximumSide = 65535

  /// Reduces an 8-bit plane that lies in an array or another safe buffer.
  ///
  /// - Shape: `source` holds at least `(height - 1) * strideBytes + width` samples; `output` holds
  ///   exactly `outputWidth * outputHeight`, all overwritten.
  public static func reduce(
    _ source: Span<UInt8>,
    strideBytes: Int,
    width: Int,
    height: Int,
    into output: inout [UInt8],
    outputWidth: Int,
    outputHeight: Int,
    level: SIMDLevel = .detected
  ) {
    checkSides(width, height, outputWidth, outputHeight)
    precondition(strideBytes >= width, "rows overlap")
    precondition(source.count >= (height - 1) * strideBytes + width, "source plane is too short")
    unsafe source.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      unsafe reduce(
        base,
        strideBytes: strideBytes,
        width: width,
        height: height,
        into: &output,
        outputWidth: outputWidth,
        outputHeight: outputHeight,
        level: level
      )
    }
  }

  /// Reduces an 8-bit plane in foreign memory, such as a decoder's; a sub-rectangle is a pointer
  /// to its first pixel with the stride of the whole plane.
  ///
  /// - Shape: `source` is the first pixel of `height` rows of `width` readable samples, a row every
  ///   `strideBytes`, negative for bottom-up planes; `output` holds exactly
  ///   `outputWidth * outputHeight` samples, all overwritten.
  @unsafe public static func reduce(
    _ source: UnsafePointer<UInt8>,
    strideBytes: Int,
    width: Int,
    height: Int,
    into output: inout [UInt8],
    outputWidth: Int,
    outputHeight: Int,
    level: SIMDLevel = .detected
  ) {
    checkSides(width, height, outputWidth, outputHeight)
    precondition(output.count == outputWidth * outputHeight, "output has the wrong size")
    let (w, h) = (UInt32(width), UInt32(height))
    let (ow, oh) = (UInt32(outputWidth), UInt32(outputHeight))
    unsafe output.withUnsafeMutableBufferPointer { buffer in
      guard let out = buffer.baseAddress else { return }
      // Pictures that keep their size, as those that text is read from: each mean is of one pixel.
      if w == ow, h == oh {
        for row in 0..<height {
          unsafe (out + row * width).update(from: source + row * strideBytes, count: width)
        }
        return
      }
      switch level {
      case .scalar: unsafe cfk_area_reduce8_scalar(source, strideBytes, w, h, out, ow, oh)
      #if arch(x86_64)
      case .haswell: unsafe cfk_area_reduce8_haswell(source, strideBytes, w, h, out, ow, oh)
      case .icelake: unsafe cfk_area_reduce8_icelake(source, strideBytes, w, h, out, ow, oh)
      #elseif arch(arm64)
      case .neon: unsafe cfk_area_reduce8_neon(source, strideBytes, w, h, out, ow, oh)
      #endif
      default: unavailable(level)
      }
    }
  }

  /// Reduces a plane of 9 to 16-bit samples to 8 bits.
  ///
  /// - Shape: `source` is the first byte, 2-byte aligned, of `height` rows of `width` readable
  ///   little-endian 16-bit samples, a row every `strideBytes`, even, negative for bottom-up planes;
  ///   the low `bitDepth` bits of a sample count, 9...16, and a greater sample counts as it is read;
  ///   `output` holds exactly `outputWidth * outputHeight` samples, all overwritten.
  @unsafe public static func reduce(
    samples16 source: UnsafeRawPointer,
    strideBytes: Int,
    width: Int,
    height: Int,
    bitDepth: Int,
    into output: inout [UInt8],
    outputWidth: Int,
    outputHeight: Int,
    level: SIMDLevel = .detected
  ) {
    checkSides(width, height, outputWidth, outputHeight)
    precondition((9...16).contains(bitDepth), "bit depth must be 9...16")
    precondition(strideBytes % 2 == 0, "16-bit rows need an even stride")
    precondition(UInt(bitPattern: source) % 2 == 0, "16-bit samples must be aligned")
    precondition(output.count == outputWidth * outputHeight, "output has the wrong size")
    let (w, h, depth) = (UInt32(width), UInt32(height), UInt32(bitDepth))
    let (ow, oh) = (UInt32(outputWidth), UInt32(outputHeight))
    let bytes = unsafe source.assumingMemoryBound(to: UInt8.self)
    unsafe output.withUnsafeMutableBufferPointer { buffer in
      guard let out = buffer.baseAddress else { return }
      switch level {
      case .scalar: unsafe cfk_area_reduce16_scalar(bytes, strideBytes, w, h, depth, out, ow, oh)
      #if arch(x86_64)
      case .haswell: unsafe cfk_area_reduce16_haswell(bytes, strideBytes, w, h, depth, out, ow, oh)
      case .icelake: unsafe cfk_area_reduce16_icelake(bytes, strideBytes, w, h, depth, out, ow, oh)
      #elseif arch(arm64)
      case .neon: unsafe cfk_area_reduce16_neon(bytes, strideBytes, w, h, depth, out, ow, oh)
      #endif
      default: unavailable(level)
      }
    }
  }

  static func checkSides(_ width: Int, _ height: Int, _ outputWidth: Int, _ outputHeight: Int) {
    precondition(
      (1...maximumSide).contains(width) && (1...maximumSide).contains(height)
        && (1...maximumSide).contains(outputWidth) && (1...maximumSide).contains(outputHeight),
      "sides must be 1...\(maximumSide) pixels"
    )
  }
}
