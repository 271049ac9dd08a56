import TextReading

/// Names brands by addresses: their own, and those that mirrors of blocked sites are given.
struct DomainRecognizer {
  private struct Site {
    let brand: String
    let domain: String
    let foldedHost: [Character]
    /// The name without its ending, folded, in parts between hyphens.
    let parts: [[Character]]
    var name: [Character] { parts.flatMap { $0 } }
  }

  /// What mirrors add to a name, besides numbers.
  private static let affixes = Set(
    [
      "zerkalo", "mirror", "vip", "play", "win", "bet", "club", "casino", "kazino", "bonus", "slot",
      "slots", "online", "official", "site", "top", "new", "go", "app", "mobile", "mob", "live",
      "game", "games", "vhod", "login", "access", "rabochee", "ru", "kz", "best", "pro", "m",
    ].map { TextFolding.fold($0) }
  )

  private let sites: [Site]
  private let patterns: [(brand: String, pattern: String, parts: [Character])]

  init(_ brands: [Brand]) {
    sites = brands.flatMap { brand in
      brand.domains.compactMap { domain in
        let host = Self.host(domain)
        let parts = Self.parts(of: host)
        return parts.joined().count < 4
          ? nil
          : Site(
            brand: brand.id,
            domain: domain,
            foldedHost: Array(TextFolding.fold(host)),
            parts: parts
          )
      }
    }
    patterns = brands.flatMap { brand in
      brand.mirrorPatterns.map { (brand.id, $0, Array($0.lowercased())) }
    }
  }

  func evidence(from indicator: Indicator) -> [BrandEvidence] {
    let host = Self.host(indicator.host)
    let folded = Array(TextFolding.fold(host))
    let parts = Self.parts(of: host)
    var found: [BrandEvidence] = []
    for site in sites {
      guard let (kind, similarity) = resemblance(of: parts, folded, to: site) else { continue }
      found.append(
        BrandEvidence(
          kind: kind,
          brand: site.brand,
          entry: site.domain,
          text: indicator.text,
          confidence: kind.weight * similarity * similarity * Double(indicator.meanConfidence)
        )
      )
    }
    for (brand, pattern, parts) in patterns where Self.fits(Array(host), parts) {
      let weight = BrandEvidence.Kind.mirror.weight
      found.append(
        BrandEvidence(
          kind: .mirror,
          brand: brand,
          entry: pattern,
          text: indicator.text,
          confidence: weight * Double(indicator.meanConfidence)
        )
      )
    }
    return found
  }

  private func resemblance(
    of parts: [[Character]],
    _ folded: [Character],
    to site: Site
  ) -> (BrandEvidence.Kind, Double)? {
    if folded == site.foldedHost { return (.domain, 1) }
    let name = parts.flatMap { $0 }
    // The ending is left out: sites share it, and a shared ending looks like likeness.
    let own = site.name
    if name == own { return (.mirror, 1) }
    let most = FuzzyMatch.allowance(length: own.count)
    if let errors = EditDistance.between(own, name, most: most) {
      return (.domain, 1 - Double(errors) / Double(own.count))
    }
    return isMirror(parts, of: site) ? (.mirror, 1) : nil
  }

  /// Whether the parts are those of the site with numbers and usual words around them.
  private func isMirror(_ parts: [[Character]], of site: Site) -> Bool {
    // `1roll-zerkalo` mirrors what `1roll` mirrors: usual words of the site's own do not count.
    let core = site.parts.filter { !Self.isAffix($0) }
    guard !core.isEmpty, core.joined().count >= 4 else { return false }
    var rest = core[...]
    for part in parts {
      if let next = rest.first, part == next || Self.isNumbered(part, next) {
        rest.removeFirst()
      } else if !Self.isAffix(part) {
        return false
      }
    }
    return rest.isEmpty
  }

  private static func isAffix(_ part: [Character]) -> Bool {
    let word = part.reversed().drop { isDigit($0) }.reversed()
    return word.isEmpty || affixes.contains(String(word)) || affixes.contains(String(part))
  }

  /// Whether a part is the name with a number or a usual word behind it, as in `azarto77vip`.
  private static func isNumbered(_ part: [Character], _ name: [Character]) -> Bool {
    guard name.count >= 5, part.count > name.count, part.starts(with: name) else { return false }
    return isAffix(Array(part[name.count...]))
  }

  /// Whether a folded character may have been a digit.
  private static func isDigit(_ character: Character) -> Bool {
    character.isNumber || "olszb".contains(character)
  }

  /// The host of an address without `www.`.
  static func host(_ text: String) -> String {
    let lowered = text.lowercased()
    let plain = lowered.split(separator: "/", omittingEmptySubsequences: true)
      .first { !$0.hasSuffix(":") }
    let host = plain.map(String.init) ?? lowered
    return host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
  }

  /// The labels but the last, folded, cut at hyphens and stops.
  private static func parts(of host: String) -> [[Character]] {
    let labels = host.split(separator: ".")
    let names = labels.count > 1 ? labels.dropLast() : labels[...]
    return names.flatMap { $0.split(separator: "-") }.map { Array(TextFolding.fold(String($0))) }
      .filter { !$0.isEmpty }
  }

  /// Whether a host fits a pattern with `*` and `#`.
  ///
  /// - Complexity: O(host · pattern).
  static func fits(_ host: [Character], _ pattern: [Character]) -> Bool {
    // reached[i]: the pattern so far can end before character i of the host.
    var reached = [Bool](repeating: false, count: host.count + 1)
    reached[0] = true
    for sign in pattern {
      var next = [Bool](repeating: false, count: host.count + 1)
      for i in 0...host.count {
        switch sign {
        case "*", "#":
          let isFit: (Character) -> Bool =
            sign == "#" ? { $0.isNumber } : { $0.isLetter || $0.isNumber || $0 == "-" }
          // A star may stand for nothing, a number has a digit at least.
          if sign == "*", reached[i] { next[i] = true }
          if i > 0, reached[i - 1] || next[i - 1], isFit(host[i - 1]) { next[i] = true }
        default:
          if i > 0, reached[i - 1], host[i - 1] == sign { next[i] = true }
        }
      }
      reached = next
    }
    return reached[host.count]
  }
}
