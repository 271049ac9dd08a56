import SystemPackage

/// Where things are in the folder of a library.
///
/// ```
/// catalogue.sqlite                                titles and releases
/// catalogue.digest                                digest of the catalogue's file
/// lock                                            empty; locked by the one writing process
/// objects/<two digits>/<release id>/fingerprint.ltf
/// objects/<two digits>/<release id>/proxy.<extension>
/// index/<digits>.lti                              parts of the index over keys, see ``KeyShardFile``
/// staging/<name>/                                 additions in the making
/// ```
struct LibraryLayout: Sendable {
  let root: FilePath

  var catalogue: FilePath { root.appending("catalogue.sqlite") }
  var journal: FilePath { root.appending("catalogue.sqlite-journal") }
  var digest: FilePath { root.appending("catalogue.digest") }
  var lock: FilePath { root.appending("lock") }
  var objects: FilePath { root.appending("objects") }
  var index: FilePath { root.appending("index") }
  var staging: FilePath { root.appending("staging") }

  static let segmentName = "fingerprint.ltf"

  /// Names that may stand in the folder of a library, even of one whose creation was interrupted.
  static let names: Set<String> = [
    "catalogue.sqlite", "catalogue.sqlite-journal", "catalogue.digest", "catalogue.new", "lock",
    "objects", "staging", "index",
    // The history of leaks, which lies beside; see `Casebook`.
    "casebook.sqlite", "casebook.sqlite-journal", "brands", "pictures",
  ]

  /// The folder that holds a release's folder: named after the first digits of its identifier.
  func shelf(of id: String) -> FilePath {
    objects.appending(String(id.dropFirst(2).prefix(2)))
  }

  func object(_ id: String) -> FilePath { shelf(of: id).appending(id) }

  func segment(of id: String) -> FilePath { object(id).appending(Self.segmentName) }

  func proxy(of release: Release) -> FilePath? {
    release.files.proxyExtension.map { object(release.id).appending("proxy.\($0)") }
  }
}
