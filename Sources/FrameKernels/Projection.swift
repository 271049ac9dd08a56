import CFrameKernels

/// Products of a fixed matrix with vectors, both of 16-bit integers.
public enum Projection {
  /// Multiplies `matrix` with each of `vectors`.
  ///
  /// The products are exact wherever they fit 32 bits, and otherwise taken modulo 2^32; they fit
  /// while `columns · max|vector| · max|matrix|` is below 2^31.
  ///
  /// - Shape: `matrix` is row-major, `rows * columns`; `vectors` are any number of vectors of
  ///   `columns` components one after another; `output` takes `rows` results for each of them.
  /// - Complexity: O(vectors · rows · columns). Allocates nothing.
  public static func project(
    _ vectors: Span<Int16>,
    matrix: Span<Int16>,
    rows: Int,
    columns: Int,
    into output: inout [Int32],
    level: SIMDLevel = .detected
  ) {
    precondition(rows > 0 && columns > 0, "a matrix has rows and columns")
    precondition(matrix.count == rows * columns, "matrix has the wrong size")
    precondition(vectors.count % columns == 0, "vectors are not whole")
    let count = vectors.count / columns
    precondition(output.count == count * rows, "output has the wrong size")
    unsafe vectors.withUnsafeBufferPointer { vectors in
      unsafe matrix.withUnsafeBufferPointer { matrix in
        unsafe output.withUnsafeMutableBufferPointer { out in
          let (v, m) = (vectors.baseAddress, matrix.baseAddress)
          let o = out.baseAddress
          switch level {
          case .scalar: unsafe cfk_project_scalar(v, count, m, rows, columns, o)
          #if arch(x86_64)
          case .haswell: unsafe cfk_project_haswell(v, count, m, rows, columns, o)
          case .icelake: unsafe cfk_project_icelake(v, count, m, rows, columns, o)
          #elseif arch(arm64)
          case .neon: unsafe cfk_project_neon(v, count, m, rows, columns, o)
          #endif
          default: unavailable(level)
          }
        }
      }
    }
  }
}
