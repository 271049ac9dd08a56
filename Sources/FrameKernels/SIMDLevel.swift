import CFrameKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A set of instructions that the kernels are written for; all levels give the same bits.
public enum SIMDLevel: String, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  /// Plain C, on every processor.
  case scalar
  /// Advanced SIMD of 64-bit ARM.
  case neon
  /// AVX2 and POPCNT, Intel from 2013, AMD from 2015.
  case haswell
  /// AVX-512 F, BW, DQ, VL, VPOPCNTDQ and VNNI together: Intel from 2019, AMD from 2022.
  case icelake

  /// The name that `LEAKTRACE_SIMD` takes.
  public var description: String { rawValue }

  /// Orders levels of one architecture from the slowest to the fastest.
  public static func < (a: SIMDLevel, b: SIMDLevel) -> Bool { a.bit < b.bit }

  /// Whether this processor and its operating system can run the level.
  public var isAvailable: Bool { cfk_available_levels() & bit != 0 }

  /// The levels that can run here, ascending; the first is always `scalar`.
  public static let available = allCases.filter(\.isAvailable)

  /// The level that kernels use when the caller names none: the fastest here, or the one that the
  /// environment variable `LEAKTRACE_SIMD` names.
  ///
  /// A name that is unknown, or a level that cannot run here, ends the process with a message:
  /// falling back in silence would let a test run believe that it had tested that level.
  public static let detected: SIMDLevel = {
    // fatalError and not preconditionFailure, which says nothing in a release build.
    guard let forced = unsafe getenv("LEAKTRACE_SIMD") else { return available.last ?? .scalar }
    let name = unsafe String(cString: forced)
    guard let level = SIMDLevel(rawValue: name) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      fatalError("LEAKTRACE_SIMD=\(name) is no level; the levels are \(names)")
    }
    guard level.isAvailable else {
      let names = available.map(\.rawValue).joined(separator: ", ")
      fatalError("LEAKTRACE_SIMD=\(name) cannot run here; this processor has \(names)")
    }
    return level
  }()

  private var bit: UInt32 {
    switch self {
    case .scalar: UInt32(CFK_SCALAR)
    case .neon: UInt32(CFK_NEON)
    case .haswell: UInt32(CFK_HASWELL)
    case .icelake: UInt32(CFK_ICELAKE)
    }
  }
}

/// Ends the process: the caller asked for a level that this processor cannot run.
func unavailable(_ level: SIMDLevel) -> Never {
  preconditionFailure("the SIMD level \(level) cannot run on this processor")
}
