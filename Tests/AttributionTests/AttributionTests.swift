import Attribution
import Foundation
import Testing

@Suite("Attribution to screenings")
struct AttributionTests {
  private static let hour: Int64 = 3600
  /// 2026-05-31T18:00:00Z.
  private static let evening: Int64 = 1_780_250_400

  /// Four screenings: two auditoriums, two evenings.
  private static let list: [Candidate] = (0..<4).map { index in
    var candidate = Candidate(id: "s\(index)", start: evening + Int64(index / 2) * 24 * hour)
    candidate.end = candidate.start + 2 * hour
    candidate.markLocation = 100 + Int64(index % 2)
    candidate.releaseID = index % 2 == 0 ? "r-a" : "r-b"
    return candidate
  }

  private static func field(_ values: [Int64: Double]) -> Clues.MarkReading.Field {
    let best = values.max { $0.value < $1.value }
    return .init(best: best?.key ?? 0, z: best?.value ?? 0) { values[$0] ?? 0 }
  }

  @Test("without a clue all screenings stay as likely as before")
  func prior() {
    let result = Attribution(of: Self.list, by: Clues())
    #expect(result.answer == .prior)
    #expect(result.lines.map(\.candidate.id) == ["s0", "s1", "s2", "s3"])
    #expect(result.lines.allSatisfy { $0.log10Ratio == 0 && $0.share == 0.25 })
    #expect(Attribution(of: [], by: Clues()).lines.isEmpty)
    #expect(Attribution(of: Array(Self.list.prefix(1)), by: Clues()).answer == .prior)
  }

  @Test("the only screening of a list is confirmed by what speaks for it, and by nothing else")
  func single() {
    var clues = Clues()
    clues.vendorMarks = [
      .init(vendor: "V", location: 100, time: nil, moment: nil, falsePositiveRate: nil)
    ]
    let list = Array(Self.list.prefix(1))
    #expect(Attribution(of: list, by: clues).answer == .one)
    clues.vendorMarks[0].location = 101
    #expect(Attribution(of: list, by: clues).answer == .several)
  }

  @Test("a claimed mark leads to its auditorium and hour, by no more than its limit")
  func mark() throws {
    var clues = Clues()
    var list = Self.list
    for index in list.indices { list[index].startStep = 1000 + 96 * Int64(index / 2) }
    let stamp: Int64 = 1097
    clues.mark = .init(
      isClaimed: true,
      location: Self.field([101: 14, 100: 0.5]),
      time: Self.field([stamp: 12])
    )
    let result = Attribution(of: list, by: clues)
    #expect(result.answer == .one)
    let first = try #require(result.lines.first)
    #expect(first.candidate.id == "s3")
    #expect(first.evidence.map(\.kind) == [.mark, .mark])
    #expect(first.evidence[0].log10Ratio == 6)
    #expect(abs(first.evidence[1].log10Ratio - log10(35_136.0 / 4)) < 1e-9)
    #expect(first.share > 0.999)
    let last = try #require(result.lines.last)
    #expect(last.candidate.id == "s0")
    #expect(last.log10Ratio < -9)
  }

  @Test("a mark that allows no claim decides nothing")
  func openMark() {
    var clues = Clues()
    clues.mark = .init(isClaimed: false, location: Self.field([101: 4.5, 100: 0.5]), time: nil)
    let result = Attribution(of: Self.list, by: clues)
    #expect(result.answer == .several)
    #expect(result.lines[0].candidate.markLocation == 101)
    #expect(result.lines.allSatisfy { abs($0.log10Ratio) <= 2 })
  }

  @Test("an exact stamp of the list is held against its own correlation")
  func listedStamp() {
    var list = Self.list
    for index in list.indices { list[index].markTime = 500 + Int64(index) }
    var clues = Clues()
    clues.mark = .init(isClaimed: true, location: nil, time: Self.field([501: 9, 500: 0]))
    let result = Attribution(of: list, by: clues)
    #expect(result.lines[0].candidate.id == "s1")
    #expect(result.lines[0].log10Ratio == 6)
    #expect(result.lines[3].log10Ratio == -6)
  }

  @Test("a vendor moves as far as the vendor states, or one in a thousand")
  func vendor() {
    func weigh(_ rate: Double?) -> [Double] {
      var clues = Clues()
      clues.vendorMarks = [
        .init(vendor: "V", location: 100, time: nil, moment: nil, falsePositiveRate: rate)
      ]
      return Attribution(of: Self.list, by: clues).lines.map(\.log10Ratio)
    }
    #expect(weigh(nil) == [3, 3, -3, -3])
    #expect(weigh(1e-4) == [4, 4, -4, -4])
    #expect(weigh(1e-30) == [6, 6, -6, -6])
    #expect(weigh(1) == [0, 0, 0, 0])
  }

  @Test("a vendor's moment speaks for the screenings that it lies in")
  func moment() {
    var clues = Clues()
    clues.vendorMarks = [
      .init(
        vendor: "V",
        location: nil,
        time: nil,
        moment: Self.evening + 25 * Self.hour,
        falsePositiveRate: nil
      )
    ]
    let result = Attribution(of: Self.list, by: clues)
    #expect(result.lines.map(\.log10Ratio) == [2, 2, -3, -3])
    #expect(result.lines[0].candidate.id == "s2")
  }

  @Test("no leak is older than its screening")
  func time() {
    var clues = Clues()
    clues.filmSeconds = 3000
    clues.seenAt = Self.evening + 23 * Self.hour
    let result = Attribution(of: Self.list, by: clues)
    #expect(result.lines.map(\.log10Ratio) == [0, 0, -6, -6])
    #expect(result.lines[2].evidence.map(\.kind) == [.time])
    // Clocks may be half an hour off.
    clues.seenAt = Self.evening + 24 * Self.hour + 3000 - 1700
    #expect(Attribution(of: Self.list, by: clues).lines.allSatisfy { $0.log10Ratio == 0 })
  }

  @Test("the release and the sound speak for the screenings that showed it")
  func version() {
    var clues = Clues()
    clues.releases = ["r-a": 9, "r-b": -9]
    clues.sounds = ["r-a": 2]
    let result = Attribution(of: Self.list, by: clues)
    #expect(result.lines.map(\.log10Ratio) == [6, 6, -4, -4])
    #expect(result.lines[0].evidence.map(\.kind) == [.version, .sound])
  }

  @Test("a leak of the same recording lends its marks as far as the link holds")
  func capture() {
    var clues = Clues()
    let mark = Clues.VendorMark(
      vendor: "V",
      location: 101,
      time: nil,
      moment: nil,
      falsePositiveRate: 1e-6
    )
    clues.linked = [
      .init(id: "abc", log10Odds: 1.5, vendorMarks: [mark], seenAt: Self.evening + 20 * Self.hour)
    ]
    let result = Attribution(of: Self.list, by: clues)
    #expect(result.lines.map(\.candidate.id) == ["s1", "s3", "s0", "s2"])
    #expect(result.lines.map(\.log10Ratio) == [1.5, 0, -1.5, -3])
    clues.linked[0].log10Odds = -1
    #expect(Attribution(of: Self.list, by: clues).answer == .prior)
  }

  @Test("a vendor's stamp is that of any passage, the short way round the year")
  func stamps() {
    var list = Self.list
    for index in list.indices { list[index].startStep = index < 2 ? 35_134 : 94 }
    func weigh(_ stamp: Int64) -> [Double] {
      var clues = Clues()
      clues.vendorMarks = [
        .init(vendor: "V", location: nil, time: stamp, moment: nil, falsePositiveRate: nil)
      ]
      return Attribution(of: list, by: clues).lines.map(\.log10Ratio)
    }
    // Two hours and a quarter: ten steps, over the end of the year.
    #expect(weigh(7) == [3, 3, -3, -3])
    #expect(weigh(8) == [-3, -3, -3, -3])
    #expect(weigh(35_133) == [-3, -3, -3, -3])
    list[0].markTime = 2
    #expect(weigh(1) == [3, -3, -3, -3])
  }

  @Test("what is said once more adds nothing")
  func repeats() {
    var clues = Clues()
    let mark = Clues.VendorMark(
      vendor: "V",
      location: 101,
      time: nil,
      moment: nil,
      falsePositiveRate: nil
    )
    clues.vendorMarks = [Clues.VendorMark](repeating: mark, count: 10)
    clues.linked = (0..<5).map {
      .init(id: "\($0)", log10Odds: 9, vendorMarks: [mark], seenAt: nil)
    }
    let result = Attribution(of: Self.list, by: clues)
    #expect(result.lines.map(\.log10Ratio) == [3, 3, -3, -3])
    #expect(result.lines[0].evidence.map(\.kind) == [.vendorMark])
    // One that contradicts the others is not lost among them.
    clues.vendorMarks[4].location = 100
    #expect(Attribution(of: Self.list, by: clues).lines.allSatisfy { $0.log10Ratio == 0 })
    #expect(Attribution(of: Self.list, by: clues).lines[0].evidence.count == 2)
  }
}
