import Foundation

/// Prints measurements for people: one line each, the levels of a kernel one below the other.
func printTable(_ measurements: [Measurement], _ bounds: Bounds) {
  func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
  func number(_ value: Double, _ digits: Int = 2) -> String {
    String(format: "%.\(digits)f", value)
  }
  let scalars = Dictionary(
    measurements.filter { $0.level == "scalar" }.map { ($0.kernel, $0.medianNanoseconds) }
  ) { first, _ in first }
  print(
    column("kernel", 36),
    column("level", 8),
    column("median us", 10),
    column("GB/s", 8),
    column("of bound", 9),
    column("bound", 13),
    column("10^6/s", 10),
    column("unit", 12),
    column("x scalar", 9)
  )
  var seen: Set<String> = []
  let names = measurements.map(\.kernel).filter { seen.insert($0).inserted }
  for m in names.flatMap({ name in measurements.filter { $0.kernel == name } }) {
    let bound = bounds.nearest(m)
    let ratio = scalars[m.kernel].map { number($0 / m.medianNanoseconds, 1) } ?? ""
    print(
      column(m.kernel, 36),
      column(m.level, 8),
      column(number(m.medianNanoseconds / 1000), 10),
      column(number(m.bytesPerSecond / 1e9), 8),
      column(number(bound.share), 9),
      column(bound.name, 13),
      column(number(m.itemsPerSecond / 1e6, 1), 10),
      column(m.unit, 12),
      column(ratio, 9)
    )
  }
}
