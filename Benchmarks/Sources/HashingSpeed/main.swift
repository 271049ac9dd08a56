// Times the fingerprinting of frames that are decoded already: `Benchmarks/hashing-speed` feeds it.
//
//   HashingSpeed WIDTH HEIGHT FRAMES_PER_SECOND < LUMA
//
// Standard input has planes of luma, one byte a sample, without padding. Each is reduced to 320x180 and
// given to the fingerprinter of references, which makes four hashes for each second. Only that is timed,
// in processor time of the process, not the reading. Prints a line of JSON.

import Fingerprinting
import FrameKernels
import Glibc
import VideoCore

/// Processor time of this process in seconds.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Fills `plane` from standard input; false at its end.
func readPlane(_ plane: inout [UInt8]) -> Bool {
  plane.withUnsafeMutableBytes { bytes in
    guard let start = bytes.baseAddress else { return false }
    var have = 0
    while have < bytes.count {
      let count = read(0, start + have, bytes.count - have)
      if count <= 0 { return false }
      have += count
    }
    return true
  }
}

let numbers = CommandLine.arguments.dropFirst().compactMap(Double.init)
guard numbers.count == 3, numbers.allSatisfy({ $0 > 0 && $0 <= 65535 }) else {
  print("HashingSpeed WIDTH HEIGHT FRAMES_PER_SECOND < LUMA")
  exit(64)
}
let (width, height, rate) = (Int(numbers[0]), Int(numbers[1]), numbers[2])
let size = FrameSize(width: 320, height: 180)
var plane = [UInt8](repeating: 0, count: width * height)
var fingerprinter = ReferenceFingerprinter()
var (frames, reducing, hashing) = (0, 0.0, 0.0)
while readPlane(&plane) {
  let start = processorSeconds()
  var small = [UInt8](repeating: 0, count: size.area)
  AreaReduction.reduce(
    plane.span,
    strideBytes: width,
    width: width,
    height: height,
    into: &small,
    outputWidth: size.width,
    outputHeight: size.height
  )
  let middle = processorSeconds()
  fingerprinter.append(LumaPlane(size: size, pixels: small), at: Double(frames) / rate)
  reducing += middle - start
  hashing += processorSeconds() - middle
  frames += 1
}
let start = processorSeconds()
let fingerprint = fingerprinter.finish()
hashing += processorSeconds() - start
print(
  """
  {"frames": \(frames), "hashes": \(fingerprint.count), "reducing_s": \(reducing), \
  "hashing_s": \(hashing), "simd": "\(SIMDLevel.detected)"}
  """
)
