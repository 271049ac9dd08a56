import Foundation
import FrameKernels
import Registration
import VideoCore

/// Runs the kernels over contents that look like noise, and collects what they took.
struct KernelSuite {
  /// What was measured so far.
  private(set) var measurements: [Measurement] = []
  private var state: UInt64 = 1

  /// What this machine can do at most, by this run.
  var bounds: Bounds { Bounds(measurements) }

  /// Measures memory first, then each group of kernels at every level that can run here.
  mutating func run() {
    memory()
    for level in SIMDLevel.available { area(level) }
    for level in SIMDLevel.available { contrast(level) }
    for level in SIMDLevel.available { hashes(level) }
    for level in SIMDLevel.available { distances(level) }
    for level in SIMDLevel.available { diagonals(level) }
    for level in SIMDLevel.available { statistics(level) }
    for level in SIMDLevel.available { codes(level) }
    for level in SIMDLevel.available { residuals(level) }
  }

  private mutating func noise() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }

  private mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: noise()) }
  }

  private mutating func words(_ count: Int) -> [UInt64] { (0..<count).map { _ in noise() } }

  // Memory: a copy and a read of 64 MB, far beyond the caches, of 4 MB, within the third of them, of 256 kB,
  // within the second, and of 8 kB, within the first. Arithmetic: sums of products in the first cache.
  private mutating func memory() {
    for (name, size) in [
      ("64 MB", 64 << 20), ("4 MB", 4 << 20), ("256 kB", 256 << 10), ("8 kB", 8 << 10),
    ] {
      let source = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      let target = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      memset(source, 1, size)
      memset(target, 2, size)
      measurements.append(
        measure("memcpy, \(name)", level: "-", bytes: 2 * size, items: 1, unit: "copies") {
          memcpy(target, source, size)
        }
      )
      let span = UnsafeRawBufferPointer(start: source, count: size).bindMemory(to: UInt8.self)
      let other = UnsafeRawBufferPointer(start: target, count: size).bindMemory(to: UInt8.self)
      measurements.append(
        measure("read sweep, \(name)", level: "-", bytes: 2 * size, items: 1, unit: "sweeps") {
          keep(Correlation.absoluteDifference(span.span, other.span))
        }
      )
      source.deallocate()
      target.deallocate()
    }
    let factors = (0..<4096).map { _ in Int16(truncatingIfNeeded: noise()) / 64 }
    measurements.append(
      measure(
        "products of 16 bits, 8 kB",
        level: "-",
        bytes: 4 * factors.count,
        items: factors.count,
        unit: "products",
        products: factors.count
      ) { keep(Correlation.dot(factors.span, factors.span)) }
    )
  }

  private mutating func area(_ level: SIMDLevel) {
    let sizes = [
      (3840, 2160, 320, 180), (1920, 1080, 320, 180), (1917, 1077, 320, 180), (1280, 720, 320, 180),
      (848, 480, 320, 180), (640, 360, 320, 180), (320, 180, 160, 90), (160, 90, 64, 36),
      (64, 36, 32, 18),
    ]
    for (width, height, outWidth, outHeight) in sizes {
      let plane = bytes(width * height)
      var output = [UInt8](repeating: 0, count: outWidth * outHeight)
      measurements.append(
        measure(
          "area \(width)x\(height) to \(outWidth)x\(outHeight)",
          level: level.rawValue,
          bytes: plane.count + output.count,
          items: output.count,
          unit: "pixels"
        ) {
          AreaReduction.reduce(
            plane.span,
            strideBytes: width,
            width: width,
            height: height,
            into: &output,
            outputWidth: outWidth,
            outputHeight: outHeight,
            level: level
          )
        }
      )
    }
    // As a decoder leaves them: more of them than the caches hold, in turns.
    var planes: [[UInt8]] = []
    for _ in 0..<24 { planes.append(bytes(1920 * 1080)) }
    var (turn, small) = (0, [UInt8](repeating: 0, count: 320 * 180))
    measurements.append(
      measure(
        "area 1920x1080 to 320x180, 24 in turns",
        level: level.rawValue,
        bytes: planes[0].count + small.count,
        items: small.count,
        unit: "pixels",
        footprint: 24 * planes[0].count
      ) {
        // A copy of the reference, whose span lives as long as it does.
        let plane = planes[turn]
        AreaReduction.reduce(
          plane.span,
          strideBytes: 1920,
          width: 1920,
          height: 1080,
          into: &small,
          outputWidth: 320,
          outputHeight: 180,
          level: level
        )
        turn = (turn + 1) % planes.count
      }
    )
    let samples = words(1920 * 1080 / 4)
    var output = [UInt8](repeating: 0, count: 320 * 180)
    samples.withUnsafeBytes { samples in
      guard let base = samples.baseAddress else { return }
      measurements.append(
        measure(
          "area 1920x1080 10 bit to 320x180",
          level: level.rawValue,
          bytes: samples.count + output.count,
          items: output.count,
          unit: "pixels"
        ) {
          AreaReduction.reduce(
            samples16: base,
            strideBytes: 3840,
            width: 1920,
            height: 1080,
            bitDepth: 10,
            into: &output,
            outputWidth: 320,
            outputHeight: 180,
            level: level
          )
        }
      )
    }
  }

  private mutating func contrast(_ level: SIMDLevel) {
    for (width, height) in [(32, 18), (64, 36)] {
      let plane = bytes(width * height)
      let kernel = (-15...15).map { Float(exp(-Double($0 * $0) / 50) / 12.5) }
      var workspace = [Float](
        repeating: 0,
        count: LocalContrast.workspaceCount(width: width, height: height, taps: 31)
      )
      var output = [Float](repeating: 0, count: width * height)
      measurements.append(
        measure(
          "local contrast \(width)x\(height), 31 taps",
          level: level.rawValue,
          bytes: plane.count * 5,
          items: plane.count,
          unit: "pixels",
          products: plane.count * 31 * 4
        ) {
          LocalContrast.normalise(
            plane.span,
            width: width,
            height: height,
            kernel: kernel.span,
            epsilon: 0.02,
            workspace: &workspace,
            into: &output,
            level: level
          )
        }
      )
    }
  }

  private mutating func hashes(_ level: SIMDLevel) {
    let matrix = (0..<64 * 144).map { _ in Int16(truncatingIfNeeded: noise()) / 64 }
    let vectors = (0..<16 * 144).map { _ in Int16(truncatingIfNeeded: noise()) / 64 }
    var products = [Int32](repeating: 0, count: 16 * 64)
    measurements.append(
      measure(
        "projection 64x144, 16 vectors",
        level: level.rawValue,
        bytes: 2 * (matrix.count + vectors.count) + 4 * products.count,
        items: 16,
        unit: "vectors",
        products: 16 * 64 * 144
      ) {
        Projection.project(
          vectors.span,
          matrix: matrix.span,
          rows: 64,
          columns: 144,
          into: &products,
          level: level
        )
      }
    )
    let values = (0..<64 * 64).map { _ in Float(Int32(truncatingIfNeeded: noise())) / 1e9 }
    let thresholds: [Float] = [-1, -0.3, 0.3, 1]
    var codes = [UInt64](repeating: 0, count: 64 * 4)
    measurements.append(
      measure(
        "thermometer, 64 hashes",
        level: level.rawValue,
        bytes: 4 * values.count + 8 * codes.count,
        items: 64,
        unit: "hashes"
      ) {
        Thermometer.quantise(
          values.span,
          thresholds: thresholds.span,
          into: &codes,
          level: level
        )
      }
    )
  }

  private mutating func distances(_ level: SIMDLevel) {
    for (name, count) in [("1 k", 1024), ("1 M", 1 << 20)] {
      let references = words(4 * count)
      var output = [UInt16](repeating: 0, count: count)
      measurements.append(
        measure(
          "Hamming 256, \(name)",
          level: level.rawValue,
          bytes: 34 * count,
          items: count,
          unit: "comparisons"
        ) {
          Hamming.distances(
            query: SIMD4(1, 2, 3, 4),
            references: references.span,
            into: &output,
            level: level
          )
        }
      )
      measurements.append(
        measure(
          "Hamming 64, \(name)",
          level: level.rawValue,
          bytes: 10 * count,
          items: count,
          unit: "comparisons"
        ) {
          Hamming.distances(
            query: 77,
            references: references.span.extracting(0..<count),
            into: &output,
            level: level
          )
        }
      )
    }
  }

  private mutating func diagonals(_ level: SIMDLevel) {
    let limits = DiagonalSums.Limits(shift: 8, range: -256...1536)
    for (queries, count) in [(1, 1 << 20), (40, 1 << 20), (80, 100_000)] {
      let hashes = words(4 * queries)
      let references = words(4 * count)
      let offsets = (0..<queries).map { Int32(200_000 + $0) }
      let scales = (0..<queries).map { Int32(125 + $0) }
      let corrections = (0..<count).map { $0 % 9 == 8 ? Int16.min : Int16($0 % 200 - 100) }
      var sums = [Int32](repeating: 0, count: count + queries)
      for width in [DiagonalSums.HashWidth.bits256, .bits64] {
        measurements.append(
          measure(
            "diagonals \(64 * width.words), \(queries) x \(count)",
            level: level.rawValue,
            bytes: (8 * width.words + 4) * count,
            items: queries * count,
            unit: "comparisons"
          ) {
            DiagonalSums.accumulate(
              queries: hashes.span.extracting(0..<width.words * queries),
              offsets: offsets.span,
              scales: scales.span,
              references: references.span.extracting(0..<width.words * count),
              corrections: corrections.span,
              width: width,
              limits: limits,
              into: &sums,
              level: level
            )
          }
        )
      }
    }
  }

  private mutating func statistics(_ level: SIMDLevel) {
    let count = 64 * 36
    let (a, b) = (bytes(count), bytes(count))
    let c = (0..<count).map { _ in Int16(truncatingIfNeeded: noise()) }
    let d = c.map { Int8(truncatingIfNeeded: $0) }
    func add(_ name: String, _ bytes: Int, products: Int = 1, _ body: () -> Void) {
      measurements.append(
        measure(
          "\(name), 64x36",
          level: level.rawValue,
          bytes: bytes,
          items: count,
          unit: "pairs",
          products: products * count,
          body
        )
      )
    }
    // A moment is five sums: of both, of their squares and of their product.
    add("moments", 2 * count, products: 5) {
      keep(Correlation.moments(a.span, b.span, level: level))
    }
    add("dot of 16 bits", 4 * count) { keep(Correlation.dot(c.span, c.span, level: level)) }
    add("dot of 8 bits", 2 * count) { keep(Correlation.dot(d.span, d.span, level: level)) }
    add("absolute difference", 2 * count, products: 0) {
      keep(Correlation.absoluteDifference(a.span, b.span, level: level))
    }
    var plane = PlaneStatistics()
    let pixels = bytes(320 * 180)
    measurements.append(
      measure(
        "plane statistics 320x180",
        level: level.rawValue,
        bytes: pixels.count,
        items: pixels.count,
        unit: "pixels"
      ) {
        plane.measure(pixels.span, strideBytes: 320, width: 320, height: 180, level: level)
      }
    )
    let rows = (0..<count).map { _ in
      SIMD16<Float>((0..<16).map { _ in Float(Int8(truncatingIfNeeded: noise())) })
    }
    let values = rows.map { $0[0] }
    let weights = rows.map { abs($0[1]) }
    measurements.append(
      measure(
        "normal equations of 13, 64x36",
        level: level.rawValue,
        bytes: 72 * count,
        items: count,
        unit: "rows",
        products: 104 * count
      ) {
        keep(NormalEquations.sums(rows, values, weights, level: level))
      }
    )
    var widened = pixels
    measurements.append(
      measure(
        "full range 320x180",
        level: level.rawValue,
        bytes: 2 * pixels.count,
        items: pixels.count,
        unit: "pixels"
      ) {
        FullRange.widen(&widened, level: level)
      }
    )
    measurements.append(
      measure(
        "products of 16, 64x36",
        level: level.rawValue,
        bytes: 68 * count,
        items: count,
        unit: "rows",
        products: 16 * count
      ) {
        keep(NormalEquations.products(rows, rows[0], level: level))
      }
    )
    let mask = [Float](repeating: 1, count: count)
    measurements.append(
      measure(
        "robust weights 64x36",
        level: level.rawValue,
        bytes: 16 * count,
        items: count,
        unit: "values"
      ) {
        keep(NormalEquations.cauchyWeights(values, weights, mask: mask, level: level))
      }
    )
    var (view, seen) = (mask, mask)
    measurements.append(
      measure(
        "rectification 64x36",
        level: level.rawValue,
        bytes: 12 * count,
        items: count,
        unit: "pixels"
      ) {
        keep(
          PlaneRectification.view(
            values,
            width: 64,
            height: 36,
            map: [0.9, 0.02, 0.05, -0.01, 0.92, 0.03, 0.01, 0.02, 1],
            lens: -0.02,
            into: &view,
            mask: &seen,
            level: level
          )
        )
      }
    )
    measurements.append(
      measure(
        "local mean 64x36",
        level: level.rawValue,
        bytes: 12 * count,
        items: count,
        unit: "pixels"
      ) {
        keep(
          PlaneRectification.withoutMean(
            values,
            mask: mask,
            width: 64,
            height: 36,
            radius: 4,
            level: level
          )
        )
      }
    )
  }

  // The index: signatures of lists that are sifted, and the rows of codes that follow each hit.
  private mutating func codes(_ level: SIMDLevel) {
    for (name, count) in [("4 k", 4096), ("1 M", 1 << 20)] {
      let signatures = words(count)
      let probe = SignatureProbe(
        signature: noise(),
        mask: .max,
        first: 0,
        end: UInt32(count),
        limit: 12,
        owner: 0
      )
      let probes = [probe]
      var hits = SignatureHits(capacity: count)
      measurements.append(
        measure(
          "sift of signatures, \(name)",
          level: level.rawValue,
          bytes: 8 * count,
          items: count,
          unit: "comparisons"
        ) {
          keep(
            CodeSearch.sift(probes.span, from: 0, in: signatures.span, into: &hits, level: level)
          )
        }
      )
    }
    for (name, count) in [("8 kB", 4096), ("64 MB", 32 << 20)] {
      let list = words(count / 4).flatMap { word in
        (0..<4).map { UInt16(truncatingIfNeeded: word >> (16 * $0)) }
      }
      let rows = (0..<64 * 2 * CodeSearch.rowCount).map { _ in UInt16(truncatingIfNeeded: noise()) }
      let places = 4096
      let owners = (0..<places).map { UInt32($0 % 64) }
      let room = UInt64(count - CodeSearch.rowCount)
      let starts = (0..<places).map { _ in UInt32(noise() % room) }
      var output = [UInt16](repeating: 0, count: places)
      measurements.append(
        measure(
          "rows of codes anywhere in \(name)",
          level: level.rawValue,
          bytes: (6 * CodeSearch.rowCount + 10) * places,
          items: places,
          unit: "comparisons",
          footprint: 2 * count
        ) {
          CodeSearch.compare(
            rows: rows.span,
            owners: owners.span,
            starts: starts.span,
            in: list.span,
            into: &output,
            level: level
          )
        }
      )
    }
  }

  // What is left of two pictures of which one is warped onto the other. The warp is OpenCV's, which
  // chooses its instructions by itself.
  private mutating func residuals(_ level: SIMDLevel) {
    let size = FrameSize(width: 320, height: 180)
    let (film, leak) = (
      LumaPlane(size: size, pixels: bytes(size.area)),
      LumaPlane(size: size, pixels: bytes(size.area))
    )
    let homography = [0.94, 0.02, 0.03, 0.01, 0.95, 0.02, 0.03, 0.02, 1]
    func add(_ name: String, _ level: String, _ bytes: Int, _ body: () -> Void) {
      measurements.append(
        measure(
          name,
          level: level,
          bytes: bytes,
          items: size.area,
          unit: "pixels",
          body
        )
      )
    }
    if level == .scalar {
      add("warp 320x180", "-", 3 * size.area) {
        keep(PlaneWarp(film, by: homography, to: size))
      }
    }
    add("residual of a warp 320x180", level.rawValue, 2 * size.area) {
      keep(
        Correlation.absoluteDifference(film.pixels.span, leak.pixels.span, level: level)
      )
    }
    add("correlation of planes 320x180", level.rawValue, 2 * size.area) {
      keep(Correlation.moments(film.pixels.span, leak.pixels.span, level: level))
    }
  }
}
