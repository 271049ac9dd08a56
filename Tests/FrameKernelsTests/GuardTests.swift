import FrameKernels
import Foundation
import TestSupport
import Testing

/// Memory that ends where a page without access begins: one byte too far ends the process.
final class PageEnd {
  private let base: UnsafeMutableRawPointer
  private let size: Int
  private let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  init(bytes: Int) throws {
    size = (bytes + page - 1) / page * page + page
    let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    base = try #require(memory == MAP_FAILED ? nil : memory)
    mprotect(base + (size - page), page, PROT_NONE)
  }

  /// A copy of `values` whose last byte is the last one that can be read.
  func holding<T>(_ values: [T]) -> UnsafeBufferPointer<T> {
    let bytes = values.count * MemoryLayout<T>.stride
    let start = (base + (size - page - bytes)).bindMemory(to: T.self, capacity: values.count)
    let buffer = UnsafeMutableBufferPointer(start: start, count: values.count)
    _ = buffer.initialize(from: values)
    return UnsafeBufferPointer(buffer)
  }

  deinit { munmap(base, size) }
}

/// An array with guards in its spare capacity, where a kernel that writes too far would leave them.
struct Guarded<T: Equatable> {
  var array: [T]
  private let guards: T
  private static var spare: Int { 64 }

  init(count: Int, fill: T) {
    guards = fill
    array = Array(unsafeUninitializedCapacity: count + Self.spare) { buffer, initialized in
      buffer.initialize(repeating: fill)
      initialized = count
    }
  }

  var isIntact: Bool {
    array.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return UnsafeBufferPointer(start: base + buffer.count, count: Self.spare)
        .allSatisfy { $0 == guards }
    }
  }
}

@Suite("Kernels stay within their buffers")
struct GuardTests {
  @Test("hashes", arguments: SIMDLevel.available, Sizes.lengths)
  func hashes(level: SIMDLevel, count: Int) throws {
    let pages = (try PageEnd(bytes: 40_000), try PageEnd(bytes: 1000), try PageEnd(bytes: 80_000))
    let corrections = try PageEnd(bytes: 8000)
    let references = pages.0.holding(Fill.random.words(count: 4 * count, seed: 1))
    var distances = Guarded<UInt16>(count: count, fill: 0xA5A5)
    Hamming.distances(
      query: SIMD4(1, 2, 3, 4),
      references: references.span,
      into: &distances.array,
      level: level
    )
    #expect(distances.isIntact)
    var narrow = Guarded<UInt16>(count: 4 * count, fill: 0xA5A5)
    Hamming.distances(query: 1, references: references.span, into: &narrow.array, level: level)
    #expect(narrow.isIntact)
    for width in DiagonalSums.HashWidth.allCases {
      let queries = pages.1.holding(Fill.random.words(count: 5 * width.words, seed: 2))
      var sums = Guarded<Int32>(count: 4 * count / width.words + 4, fill: 77)
      let numbers = [Int32](repeating: 100, count: 5)
      let corrections = corrections.holding(
        Fill.random.signed16(count: 4 * count / width.words, seed: 3)
      )
      DiagonalSums.accumulate(
        queries: queries.span,
        offsets: numbers.span,
        scales: numbers.span,
        references: references.span,
        corrections: corrections.span,
        width: width,
        limits: .init(shift: 0, range: 1...9),
        into: &sums.array,
        level: level
      )
      #expect(sums.isIntact)
    }
    let queries = pages.1.holding(Fill.random.words(count: 20, seed: 2))
    let numbers = [Int32](repeating: 100, count: 5)
    let own = corrections.holding(Fill.random.signed16(count: count, seed: 3))
    for first in [-7, 0, count / 2, count - 1] where first < count {
      var band = Guarded<Int32>(count: 9, fill: 77)
      DiagonalSums.accumulateBand(
        queries: queries.span,
        offsets: numbers.span,
        scales: numbers.span,
        references: references.span,
        corrections: own.span,
        first: first,
        count: 9,
        limits: .init(shift: 0, range: 1...9),
        into: &band.array,
        level: level
      )
      #expect(band.isIntact)
    }
    let values = pages.2.holding([Float](repeating: 1, count: 64 * (count % 9)))
    let thresholds: [Float] = [0, 1, 2, 3]
    var codes = Guarded<UInt64>(count: values.count / 16, fill: 5)
    Thermometer.quantise(
      values.span,
      thresholds: thresholds.span,
      into: &codes.array,
      level: level
    )
    #expect(codes.isIntact)
  }

  @Test(
    "projections and sums",
    arguments: SIMDLevel.available,
    Sizes.lengths.filter { $0 > 0 }
  )
  func sums(level: SIMDLevel, count: Int) throws {
    let pages = (try PageEnd(bytes: 40_000), try PageEnd(bytes: 40_000))
    let (matrix, vectors) = (
      pages.0.holding(Fill.random.signed16(count: 19 * count, seed: 1)),
      pages.1.holding(Fill.random.signed16(count: 2 * count, seed: 2))
    )
    var output = Guarded<Int32>(count: 38, fill: 7)
    Projection.project(
      vectors.span,
      matrix: matrix.span,
      rows: 19,
      columns: count,
      into: &output.array,
      level: level
    )
    #expect(output.isIntact)
    // A read too far would end the process: here it is enough to come back.
    let a = Fill.random.signed16(count: count, seed: 3)
    let dot = Correlation.dot(pages.0.holding(a).span, pages.1.holding(a).span, level: level)
    #expect(dot == Correlation.referenceDot(a, a))
    let b = Fill.random.bytes(count: count, seed: 3)
    let bytes = (pages.0.holding(b), pages.1.holding(b))
    #expect(Correlation.absoluteDifference(bytes.0.span, bytes.1.span, level: level) == 0)
    #expect(
      Correlation.moments(bytes.0.span, bytes.1.span, level: level) == Correlation.reference(b, b)
    )
    let c = Fill.random.signed8(count: count, seed: 3)
    let small = Correlation.dot(pages.0.holding(c).span, pages.1.holding(c).span, level: level)
    #expect(small == Correlation.referenceDot(c, c))
  }

  @Test("views and ranges", arguments: SIMDLevel.available, Sizes.lengths.filter { $0 > 0 })
  func views(level: SIMDLevel, width: Int) throws {
    var (view, mask) = (
      Guarded<Float>(count: 7 * width, fill: 3), Guarded<Float>(count: 7 * width, fill: 3)
    )
    _ = PlaneRectification.view(
      [Float](repeating: 9, count: 7 * width),
      width: width,
      height: 7,
      map: [1, 0.1, 0, 0, 1, 0, 0.1, 0, 1],
      lens: 0.1,
      into: &view.array,
      mask: &mask.array,
      level: level
    )
    #expect(view.isIntact && mask.isIntact)
    var samples = Guarded<UInt8>(count: width, fill: 0xA5)
    FullRange.widen(&samples.array, level: level)
    #expect(samples.isIntact)
  }

  @Test("pictures", arguments: SIMDLevel.available, Sizes.lengths.filter { $0 > 0 })
  func pictures(level: SIMDLevel, width: Int) throws {
    let page = try PageEnd(bytes: 40_000)
    let height = 5
    let plane = page.holding(Fill.random.bytes(count: width * height, seed: 1))
    for (outWidth, outHeight) in [(1, 1), (13, 4), (width, height), (2 * width, 17)] {
      var output = Guarded<UInt8>(count: outWidth * outHeight, fill: 3)
      AreaReduction.reduce(
        plane.span,
        strideBytes: width,
        width: width,
        height: height,
        into: &output.array,
        outputWidth: outWidth,
        outputHeight: outHeight,
        level: level
      )
      #expect(output.isIntact)
    }
    let kernel: [Float] = [0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.1]
    let count = LocalContrast.workspaceCount(width: width, height: height, taps: 7)
    var workspace = Guarded<Float>(count: count, fill: 3)
    var contrast = Guarded<Float>(count: width * height, fill: 4)
    LocalContrast.normalise(
      plane.span,
      width: width,
      height: height,
      kernel: kernel.span,
      epsilon: 0.02,
      workspace: &workspace.array,
      into: &contrast.array,
      level: level
    )
    #expect(workspace.isIntact)
    #expect(contrast.isIntact)
    var statistics = PlaneStatistics()
    statistics.measure(
      plane.span,
      strideBytes: width,
      width: width,
      height: height,
      level: level
    )
    #expect(statistics.rowSums.count == height)
    let samples = page.holding(Fill.random.words16(count: width * height, seed: 1))
    var output = Guarded<UInt8>(count: 13 * 4, fill: 3)
    AreaReduction.reduce(
      samples16: try #require(samples.baseAddress),
      strideBytes: 2 * width,
      width: width,
      height: height,
      bitDepth: 12,
      into: &output.array,
      outputWidth: 13,
      outputHeight: 4,
      level: level
    )
    #expect(output.isIntact)
  }
}
