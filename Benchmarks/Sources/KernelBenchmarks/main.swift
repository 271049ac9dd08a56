// Times every kernel at every level that this processor runs, beside the bandwidth of its memory.
//
//   swift run -c release --package-path Benchmarks KernelBenchmarks [--json]
//
// Wall-clock figures hold for one machine at one time; compare the ratios of one run.

import Foundation

var suite = KernelSuite()
suite.run()
if CommandLine.arguments.contains("--json") {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  let rated = suite.measurements.map { RatedMeasurement($0, suite.bounds) }
  print(String(decoding: try encoder.encode(rated), as: UTF8.self))
} else {
  printTable(suite.measurements, suite.bounds)
}
