/// Places for the nodes and edges of a graph of links: bars in three columns, bands between them.
///
/// The layout is the usual one of flow diagrams: a bar is as high as its leaks, bands leave and
/// enter it one below the other, and the order within a column follows the mean place of the
/// neighbours, swept to and fro until bands cross little. It depends on nothing but the graph.
struct LinkGraphLayout {
  struct Bar {
    var x: Double
    var y: Double
    var height: Double
    var middle: Double { y + height / 2 }
  }

  struct Band {
    var edge: Int
    var x0: Double
    var y0: Double
    var x1: Double
    var y1: Double
    var width: Double
  }

  /// Places of the nodes, in their order.
  private(set) var bars: [Bar] = []
  /// Bands of the edges, the widest first, so that thin ones lie above.
  private(set) var bands: [Band] = []
  /// Height of one leak.
  let unit: Double
  /// Lower end of the bars.
  private(set) var bottom = 0.0

  static let barWidth = 12.0
  static let columns = [250.0, 640.0, 1060.0]
  static let top = 112.0
  /// A bar is at least as high as a line of its label.
  static let leastHeight = 15.0
  static let leastGap = 5.0
  private static let greatestGap = 48.0
  private static let sweeps = 24
  /// What all bands of a column take together, at most, unless one leak is thinner than a hair.
  private static let flowHeight = 900.0

  private let graph: LinkGraph

  init(_ graph: LinkGraph) {
    self.graph = graph
    let flow =
      LinkGraph.Layer.allCases.map { layer in
        graph.nodes.indices.filter { graph.nodes[$0].layer == layer }
          .reduce(0) { $0 + max(Self.flow(into: $1, graph), Self.flow(outOf: $1, graph)) }
      }.max() ?? 0
    unit = min(8, max(0.5, Self.flowHeight / Double(max(1, flow))))
    placeBars(Self.order(graph))
    placeBands()
  }

  private static func flow(into node: Int, _ graph: LinkGraph) -> Int {
    graph.edges.reduce(0) { $0 + ($1.target == node ? $1.leaks.count : 0) }
  }

  private static func flow(outOf node: Int, _ graph: LinkGraph) -> Int {
    graph.edges.reduce(0) { $0 + ($1.source == node ? $1.leaks.count : 0) }
  }

  /// Nodes of each column from top to bottom.
  private static func order(_ graph: LinkGraph) -> [[Int]] {
    var columns = LinkGraph.Layer.allCases.map { layer in
      graph.nodes.indices.filter { graph.nodes[$0].layer == layer }
    }
    var best = columns
    var fewest = crossings(columns, graph)
    for sweep in 0..<sweeps {
      let isForward = sweep % 2 == 0
      for column in isForward ? [1, 2] : [1, 0] {
        let neighbours = columns[isForward ? column - 1 : column + 1]
        columns[column] = sorted(columns[column], by: neighbours, graph)
      }
      let count = crossings(columns, graph)
      if count < fewest { (best, fewest) = (columns, count) }
    }
    return best
  }

  /// Nodes by the weighted mean place of their neighbours; of equal ones, the lower number first.
  private static func sorted(_ nodes: [Int], by neighbours: [Int], _ graph: LinkGraph) -> [Int] {
    let places = Dictionary(uniqueKeysWithValues: neighbours.enumerated().map { ($1, Double($0)) })
    var sums: [Int: (place: Double, weight: Double)] = [:]
    for edge in graph.edges {
      for (node, other) in [(edge.source, edge.target), (edge.target, edge.source)] {
        guard let place = places[other] else { continue }
        let weight = Double(edge.leaks.count)
        let sum = sums[node] ?? (0, 0)
        sums[node] = (sum.place + place * weight, sum.weight + weight)
      }
    }
    func mean(_ node: Int) -> Double {
      sums[node].map { $0.weight > 0 ? $0.place / $0.weight : 0 } ?? 0
    }
    return nodes.sorted { (mean($0), $0) < (mean($1), $1) }
  }

  /// Crossings of bands, weighted by their widths.
  private static func crossings(_ columns: [[Int]], _ graph: LinkGraph) -> Int {
    var places: [Int: Int] = [:]
    for column in columns { for (place, node) in column.enumerated() { places[node] = place } }
    var total = 0
    for layer in 0..<2 {
      var sums: [[Int]: Int] = [:]
      for edge in graph.edges where graph.nodes[edge.source].layer.rawValue == layer {
        sums[[places[edge.source] ?? 0, places[edge.target] ?? 0], default: 0] += edge.leaks.count
      }
      let lines = sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      for (index, one) in lines.enumerated() {
        for other in lines[(index + 1)...] where one.key[0] < other.key[0] {
          if one.key[1] > other.key[1] { total += one.value * other.value }
        }
      }
    }
    return total
  }

  private mutating func placeBars(_ columns: [[Int]]) {
    let heights = graph.nodes.indices.map { node in
      let flow = max(Self.flow(into: node, graph), Self.flow(outOf: node, graph))
      return max(Self.leastHeight, Double(flow) * unit)
    }
    let extents = columns.map { column in
      column.reduce(0) { $0 + heights[$1] + Self.leastGap } - Self.leastGap
    }
    let extent = extents.max() ?? 0
    bottom = Self.top + max(0, extent)
    bars = graph.nodes.map { _ in Bar(x: 0, y: 0, height: 0) }
    for (index, column) in columns.enumerated() where !column.isEmpty {
      let room = extent - extents[index]
      let spread = column.count > 1 ? room / Double(column.count - 1) : 0
      let gap = Self.leastGap + min(Self.greatestGap, spread)
      let used = extents[index] + (gap - Self.leastGap) * Double(column.count - 1)
      var y = Self.top + (extent - used) / 2
      for node in column {
        bars[node] = Bar(x: Self.columns[index], y: y, height: heights[node])
        y += heights[node] + gap
      }
    }
  }

  private mutating func placeBands() {
    var starts = bands(of: \.source, towards: \.target)
    var ends = bands(of: \.target, towards: \.source)
    for (index, edge) in graph.edges.enumerated() {
      let width = Double(edge.leaks.count) * unit
      bands.append(
        Band(
          edge: index,
          x0: bars[edge.source].x + Self.barWidth,
          y0: starts[index] + width / 2,
          x1: bars[edge.target].x,
          y1: ends[index] + width / 2,
          width: width
        )
      )
    }
    (starts, ends) = ([], [])
    bands.sort { ($1.width, $0.edge) < ($0.width, $1.edge) }
  }

  /// The upper end of each edge at one of its nodes: edges follow the places of their other ends.
  private func bands(
    of node: KeyPath<LinkGraph.Edge, Int>,
    towards other: KeyPath<LinkGraph.Edge, Int>
  ) -> [Double] {
    var tops = [Double](repeating: 0, count: graph.edges.count)
    var groups: [Int: [Int]] = [:]
    for (index, edge) in graph.edges.enumerated() {
      groups[edge[keyPath: node], default: []].append(index)
    }
    for (place, edges) in groups {
      let sorted = edges.sorted { one, another in
        let keys = [one, another].map { index in
          let edge = graph.edges[index]
          return (bars[edge[keyPath: other]].y, bars[edge.brand].y, index)
        }
        return keys[0] < keys[1]
      }
      let total = edges.reduce(0.0) { $0 + Double(graph.edges[$1].leaks.count) * unit }
      var y = bars[place].y + (bars[place].height - total) / 2
      for index in sorted {
        tops[index] = y
        y += Double(graph.edges[index].leaks.count) * unit
      }
    }
    return tops
  }
}
