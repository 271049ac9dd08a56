// Measures how often unrelated pictures look like a match.
//
//     NullCalibration QUERIES.csv REFERENCE... > trials.csv
//     NullCalibration --clips FILM... > trials.csv
//
// With --clips, windows of films are laid upon clips of the other films, as an inserted clip is upon
// those of a catalogue of brands. Without:
//
// QUERIES.csv has lines `file,shown`: a leak or film, and the name of the reference that it shows
// without its extension, or nothing. Every window of 10 s of a query is compared with every
// reference that it does not show, forwards (`unrelated`) and backwards (`reversed`). A window of a
// film that is a reference itself is also compared with the rest of that film, without what lies
// within 20 s of the window (`shifted`): the right film at a wrong time. The best candidate of the
// search is verified, and one line is written for each such pair.

import Foundation
import Matching
import Synchronization
import SystemPackage

let windowSeconds = 10.0
let arguments = CommandLine.arguments.dropFirst()
guard arguments.count >= 2, let list = arguments.first else {
  FileHandle.standardError.write(Data("usage: NullCalibration QUERIES.csv|--clips FILM...\n".utf8))
  exit(2)
}

if list == "--clips" {
  let films = try arguments.dropFirst().map { try Film(FilePath($0)) }
  print("film,sample,samples,clip,bits,usual_bits,copy")
  ClipTrials(films).each { print($0) }
  exit(0)
}

struct Query {
  var film: Film
  var shown: String
}

/// What a window is compared with.
struct Opponent {
  var trial: String
  var library: Single
}

let references = try arguments.dropFirst().map { try Film(FilePath($0)) }
let others = references.map { film in
  (
    name: film.name,
    opponents: [
      Opponent(trial: "unrelated", library: Single(film)),
      Opponent(trial: "reversed", library: Single(Film(reversing: film))),
    ]
  )
}
let queries = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").map { line in
  let fields = line.split(separator: ",", omittingEmptySubsequences: false)
  return Query(film: try Film(FilePath(String(fields[0]))), shown: String(fields.last ?? ""))
}

/// Seconds around a window that a film at a wrong time lacks, and what must be left of it.
let (shift, leastRest) = (20.0, 10.0)

/// The reference that a query is, without the surroundings of a window; nil where little is left.
func shifted(_ query: Query, from start: Double) -> Opponent? {
  guard let film = references.first(where: { $0.name == query.film.name }) else { return nil }
  let rest = Film(film, without: start - shift...start + windowSeconds + shift)
  guard rest.durationSeconds >= leastRest else { return nil }
  return Opponent(trial: "shifted", library: Single(rest))
}

print("query,start_s,reference,trial,score,inliers,cells")
for query in queries {
  let verifier = PairVerifier()
  let count = max(1, Int(query.film.durationSeconds / windowSeconds))
  for number in 0..<count {
    let start = Double(number) * windowSeconds
    let tracks = query.film.tracks(from: start, to: start + windowSeconds)
    var opponents = others.filter { $0.name != query.shown && $0.name != query.film.name }
      .flatMap(\.opponents)
    if let own = shifted(query, from: start) { opponents.append(own) }
    for opponent in opponents {
      let best = try CandidateSearch.search(tracks, in: opponent.library, depth: .thorough).first
      var (inliers, cells) = (0, 0)
      if let best {
        let anchor = try verifier.verify(
          best,
          leak: query.film,
          reference: try opponent.library.frames(of: 0)
        )
        (inliers, cells) = (anchor?.inliers ?? 0, anchor?.cells ?? 0)
      }
      let score = best.map { String(format: "%.2f", $0.score) } ?? ""
      print(
        "\(query.film.name),\(start),\(opponent.library.name),\(opponent.trial),"
          + "\(score),\(inliers),\(cells)"
      )
    }
  }
  FileHandle.standardError.write(Data("\(query.film.name)\n".utf8))
}
