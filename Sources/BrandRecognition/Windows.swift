/// The windows of one width over height, at every size, with their bits.
struct Windows {
  struct Place: Hashable {
    var left: Int
    var top: Int
    var width: Int
    var height: Int
  }

  /// Most windows of one shape; their distance grows until there are no more.
  static let most = 30_000

  private(set) var places: [Place] = []
  /// Four words for each place.
  private(set) var hashes: [UInt64] = []

  /// Cuts a picture.
  ///
  /// Windows are `step` of their height apart, two to four pixels; 0 means one pixel, all places and
  /// no bits.
  init(of edges: EdgePicture, aspect: Float, step: Float) {
    let grid = EdgeHash.grid(aspect: aspect)
    var found = Self.places(of: edges, aspect: aspect, step: step, extra: 0)
    // At last one window of each size is left, so this ends.
    var extra = 1
    while step > 0, found.count > Self.most {
      found = Self.places(of: edges, aspect: aspect, step: step, extra: extra)
      extra += 1
    }
    for place in found {
      guard step > 0 else {
        places.append(place)
        continue
      }
      let hash = EdgeHash.hash(
        of: edges,
        left: place.left,
        top: place.top,
        width: place.width,
        height: place.height,
        grid: grid
      )
      guard let hash else { continue }
      places.append(place)
      for word in 0..<4 { hashes.append(hash[word]) }
    }
  }

  private static func places(
    of edges: EdgePicture,
    aspect: Float,
    step: Float,
    extra: Int
  ) -> [Place] {
    let grid = EdgeHash.grid(aspect: aspect)
    var places: [Place] = []
    // Cells of two rows at least.
    var exact = Float(grid.rows * 2)
    while true {
      let height = Int(exact.rounded())
      let width = Int((Float(height) * aspect).rounded())
      guard height <= edges.height, width <= edges.width else { return places }
      let stride = step == 0 ? 1 : max(2, min(4, Int(Float(height) * step))) + extra
      for top in Swift.stride(from: 0, through: edges.height - height, by: stride) {
        for left in Swift.stride(from: 0, through: edges.width - width, by: stride) {
          places.append(Place(left: left, top: top, width: width, height: height))
        }
      }
      exact *= LogoRecognizer.scaleStep
    }
  }

  /// For each size the `count` places of the least distances, at most `most`.
  ///
  /// Small windows are so many that some come near by chance; they must not crowd out large ones.
  func nearest(_ distances: [UInt16], count: Int, most: UInt16) -> [Int] {
    var taken: [Int] = []
    var first = 0
    while first < places.count {
      var last = first
      var best: [Int] = []
      // Places of one size lie together.
      while last < places.count, places[last].height == places[first].height {
        if distances[last] <= most {
          let place = best.firstIndex { distances[$0] > distances[last] } ?? best.count
          if place < count {
            best.insert(last, at: place)
            if best.count > count { best.removeLast() }
          }
        }
        last += 1
      }
      taken += best
      first = last
    }
    return taken
  }
}
