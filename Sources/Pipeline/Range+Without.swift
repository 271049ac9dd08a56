extension Range<Double> {
  /// What of it lies in none of other ranges, in order.
  func without(_ others: [Range<Double>]) -> [Range<Double>] {
    others.reduce(isEmpty ? [] : [self]) { parts, other in
      parts.flatMap { part in
        guard part.overlaps(other) else { return [part] }
        return [
          part.lowerBound..<Swift.max(part.lowerBound, other.lowerBound),
          Swift.min(part.upperBound, other.upperBound)..<part.upperBound,
        ].filter { !$0.isEmpty }
      }
    }
  }
}
