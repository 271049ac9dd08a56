import Foundation
import Matching
import Pipeline
import ReferenceLibrary
import SystemPackage

/// What opening a library and searching it take, and what is found of the long film.
struct QueryReport: Codable {
  var releases = 0
  var open: [Cost] = []
  /// A fragment by a process that has nothing of the library in its memory yet, as `leaktrace match`
  /// is one.
  var first: Cost?
  var full: [Cost] = []
  var fragments: [Cost] = []
  var megabytesOpen = 0.0
  var megabytesFull = 0.0
  var megabytesFragments = 0.0
  /// Parts of 5 s of the full leak, those whose true place is a candidate, and those where it is the best.
  var fullSlots = 0
  var fullSlotsFound = 0
  var fullSlotsBest = 0
  /// Fragments, those whose true place is a candidate, and those where it is the best.
  var fragmentsAsked = 0
  var fragmentsFound = 0
  var fragmentsBest = 0
  /// Candidates of all fragments, in order, as a check that two ways of searching say the same.
  var fragmentDigest = ""
  var fullDigest = ""

  static let fragmentSeconds = 30.0

  /// Asks the library at `path` for the leak of `film`.
  init(_ path: FilePath, _ film: LongFilm, fragments count: Int) throws {
    let watch = MemoryWatch()
    var references: LibraryReferences?
    for _ in 0..<3 {
      references = nil
      let (opened, cost) = try Cost.of {
        try LibraryReferences(ReferenceStore(at: path, forWriting: false), flag: CancellationFlag())
      }
      references = opened
      open.append(cost)
    }
    guard let references else { return }
    releases = references.count
    megabytesOpen = watch.take()
    let truth = references.releases.firstIndex { $0.metadata.title == LongFilm.title }
    let middle = film.durationSeconds / 2
    let fragment = film.leak { $0 >= middle && $0 < middle + Self.fragmentSeconds }
    first =
      try Cost.of { try CandidateSearch.search(fragment, in: references, depth: .indexed) }.1
    // As a long leak is looked at: every other stretch of twenty seconds.
    let whole = film.leak { Int($0 / 20) % 2 == 0 }
    _ = watch.take()
    for _ in 0..<3 {
      let (found, cost) = try Cost.of {
        try CandidateSearch.search(whole, in: references, depth: .indexed)
      }
      full.append(cost)
      fullDigest = Self.digest(found)
      var best: [Int: Candidate] = [:]
      var shown: Set<Int> = []
      for candidate in found {
        let slot = Int((candidate.leakStart + candidate.leakEnd) / 2 / 5)
        if best[slot] == nil { best[slot] = candidate }
        if Self.isTrue(candidate, truth) { shown.insert(slot) }
      }
      fullSlots = Int(film.durationSeconds / 40) * 4
      fullSlotsFound = shown.count
      fullSlotsBest = best.values.count { Self.isTrue($0, truth) }
    }
    megabytesFull = watch.take()
    for number in 0..<count {
      let start =
        (film.durationSeconds - Self.fragmentSeconds) * (Double(number) + 0.5) / Double(count)
      let tracks = film.leak { $0 >= start && $0 < start + Self.fragmentSeconds }
      let (found, cost) = try Cost.of {
        try CandidateSearch.search(tracks, in: references, depth: .indexed)
      }
      fragments.append(cost)
      fragmentDigest = Self.digest(found, fragmentDigest)
      fragmentsAsked += 1
      if found.contains(where: { Self.isTrue($0, truth) }) { fragmentsFound += 1 }
      if let first = found.first, Self.isTrue(first, truth) { fragmentsBest += 1 }
    }
    megabytesFragments = watch.take()
  }

  private static func isTrue(_ candidate: Candidate, _ truth: Int?) -> Bool {
    let middle = (candidate.leakStart + candidate.leakEnd) / 2
    return candidate.reference == truth && !candidate.mirrored
      && abs(candidate.referenceTime(at: middle) - middle) < 2
  }

  private static func digest(_ candidates: [Candidate], _ start: String = "") -> String {
    var hash: UInt64 = UInt64(start, radix: 16) ?? 0xcbf2_9ce4_8422_2325
    for candidate in candidates {
      let fields = [
        candidate.reference, Int(candidate.leakStart * 1000), Int(candidate.referenceStart * 1000),
        Int(candidate.score * 1e6), candidate.mirrored ? 1 : 0, Int(candidate.rate * 1000),
      ]
      for field in fields {
        hash = (hash ^ UInt64(truncatingIfNeeded: field)) &* 0x100_0000_01b3
      }
    }
    return String(hash, radix: 16)
  }
}
