extension Thermometer {
  /// The definition: what every level must equal.
  package static func reference(_ values: [Float], thresholds: [Float]) -> [UInt64] {
    var output = [UInt64](repeating: 0, count: values.count / components * words)
    for (index, value) in values.enumerated() {
      let (hash, component) = index.quotientAndRemainder(dividingBy: components)
      for word in 0..<words {
        let each = thresholds.count == words ? word : word * components + component
        if value > thresholds[each] { output[hash * words + word] |= 1 << UInt64(component) }
      }
    }
    return output
  }
}
