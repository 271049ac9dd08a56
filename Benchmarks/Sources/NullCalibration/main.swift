// Measures how often unrelated pictures look like a match.
//
//     NullCalibration QUERIES.csv REFERENCE... > trials.csv
//
// QUERIES.csv has lines `file,shown`: a leak or film, and the name of the reference that it shows
// without its extension, or nothing. Every window of 10 s of a query is compared with every
// reference that it does not show, forwards and backwards: the best candidate of the search is
// verified, and one line is written for each such pair.

import Foundation
import Matching
import Synchronization
import SystemPackage

let windowSeconds = 10.0
let arguments = CommandLine.arguments.dropFirst()
guard arguments.count >= 2, let list = arguments.first else {
  FileHandle.standardError.write(Data("usage: NullCalibration QUERIES.csv REFERENCE...\n".utf8))
  exit(2)
}

struct Query {
  var film: Film
  var shown: String
}

let references = try arguments.dropFirst().map { try Film(FilePath($0)) }
let libraries = references.flatMap { film in
  [film, Film(reversing: film)].enumerated().map {
    (film: film, reversed: $0 == 1, library: Single($1))
  }
}
let queries = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").map { line in
  let fields = line.split(separator: ",", omittingEmptySubsequences: false)
  return Query(film: try Film(FilePath(String(fields[0]))), shown: String(fields.last ?? ""))
}

print("query,start_s,reference,reversed,score,inliers,cells")
for query in queries {
  let verifier = PairVerifier()
  let count = max(1, Int(query.film.durationSeconds / windowSeconds))
  for number in 0..<count {
    let start = Double(number) * windowSeconds
    let tracks = query.film.tracks(from: start, to: start + windowSeconds)
    for item in libraries where item.film.name != query.shown && item.film.name != query.film.name {
      let best = try CandidateSearch.search(tracks, in: item.library, depth: .thorough).first
      var (inliers, cells) = (0, 0)
      if let best {
        let anchor = try verifier.verify(
          best,
          leak: query.film,
          reference: try item.library.frames(of: 0)
        )
        (inliers, cells) = (anchor?.inliers ?? 0, anchor?.cells ?? 0)
      }
      let score = best.map { String(format: "%.2f", $0.score) } ?? ""
      print(
        "\(query.film.name),\(start),\(item.film.name),\(item.reversed),\(score),\(inliers),\(cells)"
      )
    }
  }
  FileHandle.standardError.write(Data("\(query.film.name)\n".utf8))
}
