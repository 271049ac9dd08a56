/// Medians without sorting: quickselect (Hoare, 1961).
public enum Median {
  /// The middle value, or the mean of the two in the middle; 0 of none.
  ///
  /// - Complexity: O(n) on average.
  public static func of(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    var values = values
    let middle = values.count / 2
    select(middle, of: &values)
    guard values.count % 2 == 0, let below = values[..<middle].max() else { return values[middle] }
    return (below + values[middle]) / 2
  }

  /// Brings the value of a rank to its place, with none greater before it and none less behind.
  private static func select(_ rank: Int, of values: inout [Double]) {
    var (low, high) = (0, values.count - 1)
    while low < high {
      // The middle of three keeps sorted values from costing their square.
      let three = [values[low], values[(low + high) / 2], values[high]].sorted()
      let pivot = three[1]
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while pivot < values[right] { right -= 1 }
        guard left <= right else { break }
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
      if rank <= right {
        high = right
      } else if rank >= left {
        low = left
      } else {
        return
      }
    }
  }
}
