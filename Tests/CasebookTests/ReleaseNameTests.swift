import Casebook
import TestSupport
import Testing

@Suite("Names of releases")
struct ReleaseNameTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var title: String?
    var year: Int?
    var source: String?
    var group: String?
    var language: String?
    var resolution: String?
    var site: String?

    init(
      _ name: String,
      _ title: String?,
      _ year: Int?,
      _ source: String?,
      group: String? = nil,
      language: String? = nil,
      resolution: String? = nil,
      site: String? = nil
    ) {
      (self.name, self.title, self.year, self.source) = (name, title, year, source)
      (self.group, self.language, self.resolution) = (group, language, resolution)
      self.site = site
    }

    var testDescription: String { name }
  }

  static let cases = [
    Case(
      "Movie.2019.HDCAM.SITE.x264-GROUP.mkv",
      "Movie",
      2019,
      "HDCAM",
      group: "GROUP",
      site: "SITE"
    ),
    Case("Фильм (2024) TS [группа].mp4", "Фильм", 2024, "TS", group: "группа"),
    Case(
      "The.Salt.Road.2023.1080p.HDTS.x264-AAA",
      "The Salt Road",
      2023,
      "HDTS",
      group: "AAA",
      resolution: "1080p"
    ),
    Case(
      "The Salt Road 2023 HDCAM c1nem4 x264-SUNSCREEN[TGx]",
      "The Salt Road",
      2023,
      "HDCAM",
      group: "SUNSCREEN",
      site: "c1nem4"
    ),
    Case(
      "Dune.Part.Two.2024.TELESYNC.1080p.HEVC-WORLD.mkv",
      "Dune Part Two",
      2024,
      "TELESYNC",
      group: "WORLD",
      resolution: "1080p"
    ),
    Case(
      "Spider-Man.No.Way.Home.2021.CAM.x264-GRP",
      "Spider-Man No Way Home",
      2021,
      "CAM",
      group: "GRP"
    ),
    Case("2012.2009.TS.XviD-ABC.avi", "2012", 2009, "TS", group: "ABC"),
    Case("1917.2019.CAMRip.x264-XYZ", "1917", 2019, "CAM", group: "XYZ"),
    Case(
      "Blade.Runner.2049.2017.HDTC.720p-Q",
      "Blade Runner 2049",
      2017,
      "HDTC",
      group: "Q",
      resolution: "720p"
    ),
    Case("Дюна 2 (2024) CAMRip 1080p", "Дюна 2", 2024, "CAM", resolution: "1080p"),
    Case(
      "Дюна Часть вторая / Dune Part Two (2024) TS 720p от HDREZKA",
      "Дюна Часть вторая",
      2024,
      "TS",
      group: "HDREZKA",
      resolution: "720p"
    ),
    Case(
      "Движение вверх.2017.TeleSync.1080p.mkv",
      "Движение вверх",
      2017,
      "TELESYNC",
      resolution: "1080p"
    ),
    Case("Холоп_2019_TS_1080p_RUS.avi", "Холоп", 2019, "TS", language: "ru", resolution: "1080p"),
    Case(
      "[www.site.example] Film Name 2020 HDCAM.mp4",
      "Film Name",
      2020,
      "HDCAM",
      site: "site.example"
    ),
    Case(
      "www.tracker.example - Film Name (2020) HDTS 720p.mkv",
      "Film Name",
      2020,
      "HDTS",
      resolution: "720p",
      site: "tracker.example"
    ),
    Case(
      "Film.Name.2021.RUSSIAN.1080p.HDTS-GRP",
      "Film Name",
      2021,
      "HDTS",
      group: "GRP",
      language: "ru",
      resolution: "1080p"
    ),
    Case(
      "Film.Name.2021.Hindi.HQ.PreDVD.720p",
      "Film Name",
      2021,
      "PDVD",
      language: "hi",
      resolution: "720p"
    ),
    Case("Film.Name.2021.HINDI.TAMIL.CAM", "Film Name", 2021, "CAM", language: "hi+ta"),
    Case(
      "Film Name (2022) [HDCAM] [1080p] [GRP]",
      "Film Name",
      2022,
      "HDCAM",
      group: "GRP",
      resolution: "1080p"
    ),
    Case(
      "Film.Name.2022.WEB-DL.2160p.H.265.DDP5.1-FLUX",
      "Film Name",
      2022,
      "WEB-DL",
      group: "FLUX",
      resolution: "2160p"
    ),
    Case(
      "Film.Name.2022.WEB.DL.1920x1080-FLUX",
      "Film Name",
      2022,
      "WEB-DL",
      group: "FLUX",
      resolution: "1080p"
    ),
    Case("Film.Name.2022.DVDSCR.XviD.AC3-EVO", "Film Name", 2022, "DVDSCR", group: "EVO"),
    Case("Film.Name.HDCAM-GRP", "Film Name", nil, "HDCAM", group: "GRP"),
    Case("Film Name 2023", "Film Name", 2023, nil),
    Case("holiday video", nil, nil, nil),
    Case("IMG_0001.MOV", nil, nil, nil),
    Case("", nil, nil, nil),
    Case("....", nil, nil, nil),
    Case("-.-[]()", nil, nil, nil),
    Case("Webmaster of the Cam 2019 TS-GRP", "Webmaster of the Cam", 2019, "TS", group: "GRP"),
    Case("The.Italian.Job.2003.TS-GRP", "The Italian Job", 2003, "TS", group: "GRP"),
    Case(
      "Amélie.2001.FRENCH.TELECINE-GRP",
      "Amélie",
      2001,
      "TELECINE",
      group: "GRP",
      language: "fr"
    ),
    Case("Фильм.2024.Экранка.ДУБЛЯЖ.mkv", "Фильм", 2024, "CAM", language: "dub"),
    Case("Фильм 2024 ТС [1XBET].mp4", "Фильм", 2024, "TS", group: "1XBET"),
    Case("Film.Name.2024.LINE.AUDIO.HDTS.x265-NOGRP", "Film Name", 2024, "HDTS", group: "NOGRP"),
    Case(
      "Film.Name.2024.V2.HDCAM.x264-THE.GROUP",
      "Film Name",
      2024,
      "HDCAM",
      group: "THE GROUP"
    ),
  ]

  @Test("are read as those who write them mean them", arguments: cases)
  func parsing(_ one: Case) {
    let name = ReleaseName(one.name)
    #expect(name.title == one.title)
    #expect(name.year == one.year)
    #expect(name.source == one.source)
    #expect(name.group == one.group)
    #expect(name.language == one.language)
    #expect(name.resolution == one.resolution)
    #expect(name.site == one.site)
  }

  @Test("of files are the last component of a path, whatever its bytes")
  func bytes() {
    let path = Array("/a/b.2001.TS-X/Film.2019.HDCAM-GRP.mkv".utf8)
    #expect(ReleaseName(fileName: path) == ReleaseName("Film.2019.HDCAM-GRP.mkv"))
    let broken = ReleaseName(
      fileName: Array("Film".utf8) + [0xFF, 0xFE] + Array(".2019.TS-G".utf8)
    )
    #expect(broken.year == 2019)
    #expect(broken.group == "G")
  }

  @Test("of random signs are read without harm and in time")
  func noise() {
    var random = SeededRandom(seed: 7)
    let signs = Array(".-_[]() ТSTS2019HDCAMx264/\u{202E}\u{0}группа\u{301}")
    for _ in 0..<2000 {
      let length = Int(random.next() % 60)
      let text = String((0..<length).map { _ in signs[Int(random.next() % UInt64(signs.count))] })
      let name = ReleaseName(text)
      #expect(name.group?.isEmpty != true)
      #expect(name.title?.isEmpty != true)
    }
    let long = String(repeating: "TS-[2019](", count: 100_000)
    #expect(ReleaseName(fileName: Array(long.utf8)).source == "TS")
  }
}
