import CFrameKernels

/// Maxima, sums and spread of an 8-bit plane, by row, by column and as a whole.
///
/// Keep one value and measure many planes with it: its arrays are reused while the size stays.
public struct PlaneStatistics: Sendable, Hashable {
  /// Samples per row.
  public private(set) var width = 0
  /// Number of rows.
  public private(set) var height = 0
  /// The greatest sample of each row.
  public private(set) var rowMaxima: [UInt8] = []
  /// The sum of each row.
  public private(set) var rowSums: [UInt32] = []
  /// The greatest sample of each column.
  public private(set) var columnMaxima: [UInt8] = []
  /// The sum of each column.
  public private(set) var columnSums: [UInt32] = []
  /// The sum of all samples.
  public private(set) var sum: UInt64 = 0
  /// The sum of the squares of all samples.
  public private(set) var sumOfSquares: UInt64 = 0

  /// Creates statistics of nothing.
  public init() {}

  /// The mean of all samples, 0...255; 0 before the first plane.
  public var mean: Double { width == 0 ? 0 : Double(sum) / Double(width * height) }

  /// The variance of all samples about their mean; 0 before the first plane.
  public var variance: Double {
    width == 0 ? 0 : max(0, Double(sumOfSquares) / Double(width * height) - mean * mean)
  }

  /// The mean of one row, 0...255.
  public func rowMean(_ row: Int) -> Double { Double(rowSums[row]) / Double(width) }

  /// The mean of one column, 0...255.
  public func columnMean(_ column: Int) -> Double { Double(columnSums[column]) / Double(height) }

  /// Measures a plane that lies in an array or another safe buffer, and forgets the one before.
  ///
  /// - Shape: `plane` holds at least `(height - 1) * strideBytes + width` samples; sides are
  ///   1...65535.
  /// - Complexity: O(width · height). Allocates only where the size is new.
  public mutating func measure(
    _ plane: Span<UInt8>,
    strideBytes: Int,
    width: Int,
    height: Int,
    level: SIMDLevel = .detected
  ) {
    AreaReduction.checkSides(width, height, 1, 1)
    precondition(strideBytes >= width, "rows overlap")
    precondition(plane.count >= (height - 1) * strideBytes + width, "plane is too short")
    unsafe plane.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      unsafe measure(base, strideBytes: strideBytes, width: width, height: height, level: level)
    }
  }

  /// Measures a plane in foreign memory, and forgets the one before.
  ///
  /// - Shape: `plane` is the first pixel of `height` rows of `width` readable samples, a row every
  ///   `strideBytes`, negative for bottom-up planes; sides are 1...65535.
  /// - Complexity: O(width · height). Allocates only where the size is new.
  @unsafe public mutating func measure(
    _ plane: UnsafePointer<UInt8>,
    strideBytes: Int,
    width: Int,
    height: Int,
    level: SIMDLevel = .detected
  ) {
    AreaReduction.checkSides(width, height, 1, 1)
    clear(width: width, height: height)
    unsafe columnMaxima.withUnsafeMutableBufferPointer { maxima in
      unsafe columnSums.withUnsafeMutableBufferPointer { sums in
        let (m, s) = (maxima.baseAddress, sums.baseAddress)
        for y in 0..<height {
          let row = unsafe plane + y * strideBytes
          var (highest, total, squares) = (UInt8(0), UInt32(0), UInt64(0))
          switch level {
          case .scalar: unsafe cfk_plane_row_scalar(row, width, m, s, &highest, &total, &squares)
          #if arch(x86_64)
          case .haswell: unsafe cfk_plane_row_haswell(row, width, m, s, &highest, &total, &squares)
          case .icelake: unsafe cfk_plane_row_icelake(row, width, m, s, &highest, &total, &squares)
          #elseif arch(arm64)
          case .neon: unsafe cfk_plane_row_neon(row, width, m, s, &highest, &total, &squares)
          #endif
          default: unavailable(level)
          }
          rowMaxima[y] = highest
          rowSums[y] = total
          sum += UInt64(total)
          sumOfSquares += squares
        }
      }
    }
  }

  private mutating func clear(width: Int, height: Int) {
    if width != self.width || height != self.height {
      self.width = width
      self.height = height
      rowMaxima = Array(repeating: 0, count: height)
      rowSums = Array(repeating: 0, count: height)
      columnMaxima = Array(repeating: 0, count: width)
      columnSums = Array(repeating: 0, count: width)
    } else {
      for x in 0..<width {
        columnMaxima[x] = 0
        columnSums[x] = 0
      }
    }
    sum = 0
    sumOfSquares = 0
  }
}
