import Fingerprinting
import Foundation
import ReferenceLibrary
import SystemPackage
import VideoCore

let usage = """
  usage: LibraryScale statistics REFERENCE...
         LibraryScale write LIBRARY FILMS PROXY REFERENCE...
         LibraryScale index LIBRARY
         LibraryScale query LIBRARY FRAGMENTS REFERENCE...

  """
let arguments = Array(CommandLine.arguments.dropFirst())

func references(_ paths: some Sequence<String>) throws -> [Pictures] {
  try paths.map { path in
    FileHandle.standardError.write(Data("reading \(path)\n".utf8))
    return try Pictures(FilePath(path))
  }
}

func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

switch arguments.first {
case "statistics" where arguments.count > 1:
  let films = try references(arguments.dropFirst())
  var describer = FrameDescriber()
  let real = films.map {
    MotionTrack($0, window: .whole, mirrored: false, describer: &describer).fingerprint
  }
  let maker = FilmMaker(films)
  let made = real.indices.map { maker.film(1_000_000 + $0, samples: max(400, real[$0].count)) }
  try printJSON([
    "real": HashStatistics(real, pairs: 4_000_000, seed: 1),
    "made": HashStatistics(made, pairs: 4_000_000, seed: 2),
  ])
case "write" where arguments.count > 4:
  let films = try references(arguments.dropFirst(4))
  let library = try Library.open(
    at: FilePath(arguments[1]),
    mode: .readWrite(createIfMissing: true)
  )
  let writer = LibraryWriter(
    library: library,
    maker: FilmMaker(films),
    proxy: FilePath(arguments[3])
  )
  let titles = Set(try library.releases().map(\.metadata.title))
  if !titles.contains(LongFilm.title) {
    try writer.add(LongFilm(films).fingerprint(), title: LongFilm.title, number: 999_999)
  }
  try writer.write(Int(arguments[2]) ?? 0)
case "index" where arguments.count == 2:
  let library = try Library.open(
    at: FilePath(arguments[1]),
    mode: .readWrite(createIfMissing: false)
  )
  try printJSON(try IndexReport(library))
case "query" where arguments.count > 3:
  let film = LongFilm(try references(arguments.dropFirst(3)))
  try printJSON(
    try QueryReport(FilePath(arguments[1]), film, fragments: Int(arguments[2]) ?? 0)
  )
default:
  FileHandle.standardError.write(Data(usage.utf8))
  exit(2)
}

func cosine(_ x: Float) -> Float { Float(cos(Double(x))) }
