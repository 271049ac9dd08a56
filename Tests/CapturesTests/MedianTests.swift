import Captures
import TestSupport
import Testing

@Suite("Medians")
struct MedianTests {
  @Test("the median is that of the sorted values", arguments: 0..<64)
  func sorted(count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    for kind in 0..<4 {
      let values = (0..<count).map { index -> Double in
        switch kind {
        case 0: Double(random.next() % 1000) / 8 - 50
        case 1: Double(random.next() % 3)
        case 2: Double(index)
        default: Double(count - index)
        }
      }
      let ordered = values.sorted()
      let middle = count / 2
      let expected =
        count == 0
        ? 0
        : count % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2
      #expect(Median.of(values) == expected)
    }
  }

  @Test("numbers that are none do not keep it from coming to an end")
  func notNumbers() {
    let values = (0..<101).map { $0 % 3 == 0 ? Double.nan : Double($0) }
    _ = Median.of(values)
    _ = Median.of([.nan, .nan, .nan, .nan])
  }
}
