import Foundation
import TestSupport
import Testing

@Suite("Bad input")
struct BadInputTests {
  /// Makes the bad inputs in the program's folder; names are in bash's notation for bytes.
  private func prepare(_ program: Program) throws {
    try program.copy(.cells, as: "good.mp4")
    try program.copy(.truncated, as: "cut.mp4")
    try program.copy(.sound, as: "sound.m4a")
    let made = try program.shell(
      #"""
      : > empty.mp4; echo 'not a film' > text.mp4; mkdir folder; mkfifo pipe.mp4
      cp text.mp4 $'new\nline.mp4'; cp text.mp4 $'quote"\'s.mp4'; cp text.mp4 $'bytes\xff\xc3.mp4'
      cp text.mp4 $'esc\e[31m\u202Egpj.mp4'
      """#
    )
    try #require(made.status == 0, "\(made.errorText)")
  }

  private static let names =
    #"empty.mp4 text.mp4 pipe.mp4 missing.mp4 sound.m4a $'new\nline.mp4' $'quote"\'s.mp4' "#
    + #"$'bytes\xff\xc3.mp4' $'esc\e[31m\u202Egpj.mp4'"#

  /// What standard error says of them, in their order.
  private static let complaints = [
    "leaktrace: empty.mp4: the file is empty",
    "leaktrace: text.mp4: not a video file of any known format",
    "leaktrace: pipe.mp4: not a regular file",
    "leaktrace: missing.mp4: no such file",
    "leaktrace: sound.m4a: the file has no video stream",
    "leaktrace: new\\nline.mp4: not a video file of any known format",
    "leaktrace: quote\"'s.mp4: not a video file of any known format",
    "leaktrace: bytes\\xff\\xc3.mp4: not a video file of any known format",
    "leaktrace: esc\\u{1B}[31m\\u{202E}gpj.mp4: not a video file of any known format",
  ]

  @Test("each gets one line when it is added, the rest goes on, the library stays as it was")
  func adding() throws {
    let program = try Program()
    try prepare(program)
    let first = try program.run(["reference", "add", "good.mp4"])
    try #require(first.status == 0, "\(first.errorText)")
    let before = try program.libraryContents()
    let outcome = try program.shell(
      #""$PROGRAM" reference add --jobs 1 good.mp4 folder cut.mp4 \#(Self.names) --json"#
    )
    #expect(outcome.status == 3)
    let lines = outcome.errorLines
    #expect(lines.first == "leaktrace: folder: a folder, not a file")
    #expect(lines.dropFirst().first?.hasPrefix("leaktrace: cut.mp4: the file is cut short") == true)
    #expect(Array(lines.dropFirst(2)) == Self.complaints)
    let documents = try outcome.documents()
    #expect(documents.count == 12)
    for document in documents {
      #expect(try JSONSchema(named: "reference-add-1").flaws(of: document) == [])
    }
    #expect(try program.libraryContents() == before)
  }

  @Test("each gets one line when it is matched, and the rest goes on")
  func matching() throws {
    let program = try Program()
    try prepare(program)
    #expect(try program.run(["reference", "add", "good.mp4"]).status == 0)
    let before = try program.libraryContents()
    let arguments = "match --no-record --json \(Self.names) folder good.mp4"
    let outcome = try program.shell(#""$PROGRAM" \#(arguments)"#)
    #expect(outcome.status == 3)
    let lines = outcome.errorLines
    #expect(lines == Self.complaints + ["leaktrace: folder: no videos in this folder"])
    let documents = try outcome.documents()
    for document in documents {
      #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    }
    #expect(documents.last?["status"] == .text("matched"))
    let codes = documents.map { $0["error"]?["code"]?.string }
    #expect(
      codes.prefix(5) == [
        "empty", "unrecognised_format", "not_regular_file", "not_found", "no_video_stream",
      ]
    )
    let bytes = documents[7]["leak"]?["path_base64"]?.string.flatMap { Data(base64Encoded: $0) }
    #expect(bytes == Data("bytes".utf8 + [0xFF, 0xC3] + ".mp4".utf8))
    #expect(documents[5]["leak"]?["path"] == .text("new\nline.mp4"))
    #expect(!outcome.text.contains("\u{1B}"))
    #expect(!outcome.text.contains("\u{202E}"))
    #expect(try program.libraryContents() == before)
  }

  @Test("a leak that ends early is examined as far as it goes")
  func truncatedLeak() throws {
    let program = try Program()
    try program.copy(.figures, as: "film.mp4")
    try program.copy(.truncated, as: "cut.mp4")
    #expect(try program.run(["reference", "add", "film.mp4"]).status == 0)
    let outcome = try program.run(["match", "--no-ads", "cut.mp4", "--json"])
    #expect(outcome.status == 3)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errorText.hasPrefix("leaktrace: cut.mp4: the file is cut short"))
    #expect(try outcome.documents().first?["status"] == .text("matched"))
  }

  @Test("a film that ends early is added where that is asked for")
  func truncatedFilm() throws {
    let program = try Program()
    try program.copy(.truncated, as: "cut.mp4")
    #expect(try program.run(["reference", "add", "cut.mp4"]).status == 3)
    #expect(try program.run(["reference", "add", "cut.mp4", "--allow-truncated"]).status == 0)
    #expect(try program.run(["reference", "list"]).lines.count == 1)
  }

  @Test("a name that is not UTF-8 is found and kept byte for byte")
  func bytes() throws {
    let program = try Program()
    try program.copy(.cells, as: "good.mp4")
    let outcome = try program.shell(
      #"mv good.mp4 $'\xff\xc3.mp4'; "$PROGRAM" reference add $'\xff\xc3.mp4' --title Cells"#
    )
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let list = try program.run(["reference", "list", "--json"]).documents().first
    let file = list?["releases"]?.elements.first?["file"]
    let name = file?["name_base64"]?.string.flatMap { Data(base64Encoded: $0) }
    #expect(name == Data([0xFF, 0xC3] + ".mp4".utf8))
  }

  @Test("an unreadable file is said to be one")
  func unreadable() throws {
    let program = try Program()
    try program.copy(.cells, as: "good.mp4")
    #expect(try program.run(["reference", "add", "good.mp4"]).status == 0)
    // The superuser reads everything, so the test is another user's where it runs as that.
    let outcome = try program.shell(
      #"""
      chmod 000 good.mp4; chmod -R a+rX . library 2>/dev/null; chmod 000 good.mp4; chmod 755 .
      if [ "$(id -u)" = 0 ]; then
        cp "$PROGRAM" ./program
        exec setpriv --reuid=65534 --regid=65534 --clear-groups ./program match --no-record good.mp4
      fi
      exec "$PROGRAM" match --no-record good.mp4
      """#
    )
    #expect(outcome.status == 3, "\(outcome.errorText)")
    #expect(outcome.errorText == "leaktrace: good.mp4: no permission to read the file\n")
  }

  @Test(
    "wrong usage ends with 2 and an explanation",
    arguments: [
      ["frobnicate"], ["match"], ["reference", "add"], ["match", "x", "--jobs", "0"],
      ["match", "x", "--threads", "65"], ["match", "--nonsense"],
      ["match", "x", "--progress", "y"],
      ["reference", "add", "a", "b", "--eidr", "10.5240/0000-0000-0000-0000-0000-0"],
      ["match", ""],
    ]
  )
  func usage(_ arguments: [String]) throws {
    let outcome = try Program().run(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.text.isEmpty)
    #expect(outcome.errorText.contains("Usage: leaktrace"))
  }

  @Test("bad metadata are refused before anything is decoded")
  func metadata() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    let outcome = try program.run(["reference", "add", "a.mp4", "--release-date", "31.5.2024"])
    #expect(outcome.status == 3)
    #expect(outcome.errorText.contains("release_date"))
    #expect(try program.run(["reference", "list"]).text.isEmpty)
  }

  @Test("a library that cannot grow ends the batch and stays as it was")
  func fullLibrary() throws {
    let program = try Program()
    try program.copy(.cells, as: "a.mp4")
    try program.copy(.figures, as: "b.mp4")
    #expect(try program.run(["reference", "list"]).status == 10)
    // A limit on file sizes fails as a full disk does, where its signal is ignored.
    let outcome = try program.shell(
      #"trap '' XFSZ; ulimit -f 150; exec "$PROGRAM" reference add --jobs 1 a.mp4 b.mp4"#
    )
    #expect(outcome.status == 10)
    #expect(outcome.errorText.contains("a.mp4: the library cannot be written to"))
    #expect(try program.run(["reference", "verify"]).status == 0)
    #expect(try program.run(["reference", "list"]).text.isEmpty)
    #expect(try program.run(["reference", "add", "a.mp4"]).status == 0)
  }

  @Test("results that cannot be written are a failure")
  func lostResults() throws {
    let program = try Program()
    try program.copy(.cells, as: "film.mp4")
    try #require(try program.run(["reference", "add", "film.mp4"]).status == 0)
    let full = try program.shell(#""$PROGRAM" match film.mp4 > /dev/full"#)
    #expect(full.status == 4)
    #expect(full.errorText == "leaktrace: cannot write the results (No space left on device)\n")
    #expect(try program.shell(#""$PROGRAM" reference list --json > /dev/full"#).status == 4)
    #expect(try program.shell(#""$PROGRAM" --version > /dev/full"#).status == 4)
  }

  @Test("closed standard streams are not taken for files of the library")
  func closedStreams() throws {
    let program = try Program()
    try program.copy(.cells, as: "film.mp4")
    let added = try program.shell(#""$PROGRAM" reference add film.mp4 missing.mp4 <&- >&- 2>&-"#)
    #expect(added.status == 4)
    let lock = try Data(contentsOf: URL(fileURLWithPath: program.library + "/lock"))
    #expect(lock.isEmpty, "the complaint went there")
    let verified = try program.run(["reference", "verify"])
    #expect(verified.status == 0, "\(verified.text)")
    #expect(verified.text.hasPrefix("in order: 1 release,"))
    #expect(try program.shell(#""$PROGRAM" match film.mp4 >&-"#).status == 4)
    #expect(try program.shell(#""$PROGRAM" match film.mp4 2>&-"#).status == 0)
  }
}
