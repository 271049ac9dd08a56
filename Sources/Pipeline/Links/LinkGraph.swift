import Casebook

/// Links as a graph of three layers: brands, release groups, films.
struct LinkGraph {
  /// Which layer a node is in.
  enum Layer: Int, CaseIterable {
    case brand, group, title
  }

  struct Node {
    var layer: Layer
    /// What it is called; nil where the leaks do not say.
    var name: String?
    /// Whether the name is a claim, or stands for something unknown.
    var isUncertain: Bool
    /// Number of the nodes that it stands for, more than one for the rest of a layer.
    var count = 1
    var leaks: Set<Int64> = []
    var firstSeen = Int64.max
    var lastSeen = Int64.min
  }

  /// Leaks of one brand between two nodes of neighbouring layers.
  struct Edge {
    var source: Int
    var target: Int
    /// The brand's node, which gives the edge its colour.
    var brand: Int
    var leaks: Set<Int64> = []
  }

  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []
  /// All leaks.
  private(set) var leaks: Set<Int64> = []

  /// Most nodes of a layer; those with the fewest leaks become one node.
  static let mostNodes = 80

  private struct Key: Hashable {
    var layer: Layer
    var text: String?
  }

  /// Collects the nodes and edges; nodes are numbered by layer and then by leaks and name.
  init(_ rows: [LinkRow]) {
    var found: [Key: Node] = [:]
    for row in rows {
      for (key, name, isUncertain) in Self.places(row) {
        var node =
          found[key] ?? Node(layer: key.layer, name: name, isUncertain: isUncertain)
        node.isUncertain = node.isUncertain && isUncertain
        node.leaks.formUnion(row.leakKeys)
        node.firstSeen = min(node.firstSeen, row.firstSeen)
        node.lastSeen = max(node.lastSeen, row.lastSeen)
        found[key] = node
      }
      leaks.formUnion(row.leakKeys)
    }
    let numbers = number(found)
    var lines: [[Int]: Set<Int64>] = [:]
    for row in rows {
      let path = Self.places(row).compactMap { numbers[$0.0] }
      guard path.count == 3 else { continue }
      lines[[path[0], path[1], path[0]], default: []].formUnion(row.leakKeys)
      lines[[path[1], path[2], path[0]], default: []].formUnion(row.leakKeys)
    }
    edges = lines.keys.sorted { $0.lexicographicallyPrecedes($1) }.map {
      Edge(source: $0[0], target: $0[1], brand: $0[2], leaks: lines[$0] ?? [])
    }
  }

  /// The three nodes of a row, by what tells them from others.
  private static func places(_ row: LinkRow) -> [(Key, String?, Bool)] {
    [
      (Key(layer: .brand, text: row.brandID), row.brandName ?? row.brandID, row.brandName == nil),
      (Key(layer: .group, text: row.group?.lowercased()), row.group, row.group == nil),
      (Key(layer: .title, text: row.title?.lowercased()), row.title, !row.isTitleMatched),
    ]
  }

  /// Gives the nodes their numbers; what is beyond the limit shares one.
  private mutating func number(_ found: [Key: Node]) -> [Key: Int] {
    var numbers: [Key: Int] = [:]
    for layer in Layer.allCases {
      let members = found.filter { $0.key.layer == layer }.sorted { one, other in
        let counts = (one.value.leaks.count, other.value.leaks.count)
        return counts.0 != counts.1
          ? counts.0 > counts.1 : (one.key.text ?? "") < (other.key.text ?? "")
      }
      let kept = members.count <= Self.mostNodes ? members.count : Self.mostNodes - 1
      for (key, node) in members.prefix(kept) {
        numbers[key] = nodes.count
        nodes.append(node)
      }
      guard kept < members.count else { continue }
      var rest = Node(layer: layer, name: nil, isUncertain: true, count: members.count - kept)
      for (key, node) in members.dropFirst(kept) {
        numbers[key] = nodes.count
        rest.leaks.formUnion(node.leaks)
        rest.firstSeen = min(rest.firstSeen, node.firstSeen)
        rest.lastSeen = max(rest.lastSeen, node.lastSeen)
      }
      nodes.append(rest)
    }
    return numbers
  }
}
