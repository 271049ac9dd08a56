import CFrameKernels

/// Brings every part of a small picture to the same contrast, so that vignettes, flares and the
/// contrast of a camera fall out of a comparison.
///
/// `y = sqrt(p / 255)`, `mean = G(y)`, `deviation = sqrt(max(0, G((y - mean)²)))`, and the result is
/// `(y - mean) / (deviation + epsilon)`. `G` is a separable blur, down the columns first, then along
/// the rows; each adds its taps in ascending order, the first product starting the sum. Beyond an
/// edge the picture is mirrored about its outermost samples, which are not repeated.
///
/// Every step is one IEEE single-precision operation per sample in that order, without fused
/// multiply-adds, so that all levels and all machines give the same bits. The taps are the caller's,
/// because `exp` may differ between machines: keep them as numbers.
public enum LocalContrast {
  /// Number of samples that the workspace of ``normalise`` needs.
  public static func workspaceCount(width: Int, height: Int, taps: Int) -> Int {
    2 * width * height + width + taps - 1
  }

  /// Normalises one plane.
  ///
  /// - Shape: `plane` and `output` are row-major, `width * height` samples without padding;
  ///   `kernel` holds an odd number of taps, any number of them; `workspace` holds at least
  ///   ``workspaceCount(width:height:taps:)`` samples of any value and is overwritten.
  /// - Complexity: O(width · height · taps). Allocates nothing.
  public static func normalise(
    _ plane: Span<UInt8>,
    width: Int,
    height: Int,
    kernel: Span<Float>,
    epsilon: Float,
    workspace: inout [Float],
    into output: inout [Float],
    level: SIMDLevel = .detected
  ) {
    AreaReduction.checkSides(width, height, 1, 1)
    precondition(plane.count == width * height, "plane has the wrong size")
    precondition(output.count == width * height, "output has the wrong size")
    precondition(kernel.count % 2 == 1, "a kernel has an odd number of taps")
    precondition(
      workspace.count >= workspaceCount(width: width, height: height, taps: kernel.count),
      "workspace is too short"
    )
    let radius = kernel.count / 2
    unsafe plane.withUnsafeBufferPointer { pixels in
      unsafe kernel.withUnsafeBufferPointer { taps in
        unsafe workspace.withUnsafeMutableBufferPointer { scratch in
          unsafe output.withUnsafeMutableBufferPointer { out in
            let (p, k) = (pixels.baseAddress, taps.baseAddress)
            let (s, o) = (scratch.baseAddress, out.baseAddress)
            switch level {
            case .scalar:
              unsafe cfk_local_contrast_scalar(p, width, height, k, radius, epsilon, s, o)
            #if arch(x86_64)
            case .haswell:
              unsafe cfk_local_contrast_haswell(p, width, height, k, radius, epsilon, s, o)
            case .icelake:
              unsafe cfk_local_contrast_icelake(p, width, height, k, radius, epsilon, s, o)
            #elseif arch(arm64)
            case .neon: unsafe cfk_local_contrast_neon(p, width, height, k, radius, epsilon, s, o)
            #endif
            default: unavailable(level)
            }
          }
        }
      }
    }
  }
}
