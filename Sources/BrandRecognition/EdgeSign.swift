/// How steep a sign is everywhere at one size, without its mean and brought to a sum of squares of 1:
/// all that correlations with it need.
struct EdgeSign {
  let width: Int
  let height: Int
  let values: [Float]
  /// Whether nothing stands out; such a sign correlates with nothing.
  let isFlat: Bool

  init(_ edges: EdgePicture) {
    (width, height) = (edges.width, edges.height)
    let place = Windows.Place(left: 0, top: 0, width: edges.width, height: edges.height)
    let (mean, variance) = (Float(edges.mean(of: place)), edges.variance(of: place))
    isFlat = variance <= EdgePicture.leastVariance
    let norm = isFlat ? 0 : Float(1 / (variance * Double(edges.values.count)).squareRoot())
    values = edges.values.map { ($0 - mean) * norm }
  }
}
