/// The ASCII form of domain labels in other scripts.
///
/// - Source: RFC 3492, with the parameters of its section 5; RFC 5890 for the prefix.
public enum Punycode {
  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")

  /// A host with each label that is not ASCII as `xn--…`; nil where a label is too long.
  public static func ascii(host: String) -> String? {
    var labels: [String] = []
    for label in host.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
      if label.utf8.allSatisfy({ $0 < 0x80 }) {
        labels.append(String(label))
      } else {
        guard label.count <= 63, let encoded = encode(label.unicodeScalars.map(\.value)) else {
          return nil
        }
        labels.append("xn--" + encoded)
      }
      guard let last = labels.last, last.utf8.count <= 63 else { return nil }
    }
    return labels.joined(separator: ".")
  }

  private static func encode(_ scalars: [UInt32]) -> String? {
    let plain = scalars.filter { $0 < 0x80 }
    var output = plain.compactMap { Unicode.Scalar($0).map(Character.init) }
    let basic = UInt32(plain.count)
    if basic > 0 { output.append("-") }
    var (next, delta, bias, handled): (UInt32, UInt32, UInt32, UInt32) = (128, 0, 72, basic)
    // At most 63 code points of at most 21 bits: nothing here can overflow 32 bits.
    while handled < UInt32(scalars.count) {
      guard let lowest = scalars.filter({ $0 >= next }).min() else { return nil }
      delta += (lowest - next) * (handled + 1)
      next = lowest
      for scalar in scalars {
        if scalar < next { delta += 1 }
        guard scalar == next else { continue }
        var (rest, step): (UInt32, UInt32) = (delta, 36)
        while true {
          let threshold = step <= bias ? 1 : step >= bias + 26 ? 26 : step - bias
          if rest < threshold { break }
          output.append(alphabet[Int(threshold + (rest - threshold) % (36 - threshold))])
          rest = (rest - threshold) / (36 - threshold)
          step += 36
        }
        output.append(alphabet[Int(rest)])
        bias = adapt(delta, points: handled + 1, isFirst: handled == basic)
        delta = 0
        handled += 1
      }
      delta += 1
      next += 1
    }
    return String(output)
  }

  private static func adapt(_ delta: UInt32, points: UInt32, isFirst: Bool) -> UInt32 {
    var rest = isFirst ? delta / 700 : delta / 2
    rest += rest / points
    var steps: UInt32 = 0
    while rest > 455 {
      rest /= 35
      steps += 36
    }
    return steps + 36 * rest / (rest + 38)
  }
}
