import AdDetection
import AdRecognition
import Testing
import TextReading

@Suite("Inserted clips that are read")
struct ClipTests {
  private let lampa = ["LAMPA-BET", "Ставь сегодня всегда", "lampa-bet.example"]
  private let lampaOther = ["LAMPA-BET", "Новые барабаны крутятся", "lampa-bet.example"]
  private let orion = ["Казино Орион", "100 вращений даром", "kazino-orion.example"]

  /// A leak whose frames say what the part says that they lie in.
  private func leak(_ parts: [(Range<Double>, [String])]) -> FakeLeak {
    FakeLeak(seconds: 60) { time, _ in parts.first { $0.0.contains(time) }?.1 ?? [] }
  }

  @Test("before, in and after the film are told apart by where the film lies")
  func places() throws {
    let leak = leak([(0..<8, lampa), (20..<28, orion), (52..<60, lampa)])
    let clips = [clip([0, 8], .preroll), clip([20, 28]), clip([52, 60], .postroll)]
    let film = [8.0..<20, 28.0..<52]
    let over = try recognized(leak, clips: clips, film: film, isFilmOver: true)
    #expect(over.ads.map(\.kind) == [.preroll, .midroll, .postroll])
    #expect(over.ads.map(\.brand) == ["lampa", "orion", "lampa"])
    #expect(over.ads.allSatisfy { $0.isFullFrame && $0.evidence == [.reference, .text] })
    // A leak that breaks off in the middle of its film has no end to come after.
    let broken = try recognized(leak, clips: clips, film: film)
    #expect(broken.ads.map(\.kind) == [.preroll, .midroll, .midroll])
  }

  @Test("are cut where the brand changes, and where one brand begins another clip")
  func divided() throws {
    let leak = leak([(10..<16, lampa), (16..<22, orion), (22..<28, lampa), (28..<34, lampaOther)])
    let found = try recognized(leak, clips: [clip([10, 16, 22, 28, 34])], film: [0..<10, 34..<60])
    #expect(found.ads.map(\.start) == [10, 16, 22, 28])
    #expect(found.ads.map(\.brand) == ["lampa", "orion", "lampa", "lampa"])
  }

  @Test("of several shots are one ad, also where a shot between says nothing")
  func bridged() throws {
    let leak = leak([(10..<13, ["LAMPA-BET"]), (15..<18, lampa)])
    let found = try recognized(leak, clips: [clip([10, 13, 15, 18])], film: [0..<10, 18..<60])
    #expect(found.ads.map { [$0.start, $0.end] } == [[10, 18]])
  }

  @Test("beside a shot that says nothing do not reach into it")
  func beside() throws {
    let leak = leak([(10..<16, lampa)])
    let found = try recognized(leak, clips: [clip([10, 16, 19])], film: [0..<10, 19..<60])
    #expect(found.ads.map { [$0.start, $0.end] } == [[10, 16]])
  }

  @Test("without a word of gambling are no ads: credits and titles")
  func credits() throws {
    let rows = ["РЕЖИССЁР", "Анна Северова", "ОПЕРАТОР", "Пётр Ильменский"]
    let leak = leak([(50..<60, rows)])
    let found = try recognized(leak, clips: [clip([50, 60], .postroll)], film: [0..<50])
    #expect(found.ads.isEmpty)
    #expect(found.overlays.map(\.kind) == [.credits])
  }

  @Test("have a look that is the same for the same picture, and none where it is flat")
  func looks() throws {
    let found = try recognized(
      leak([(0..<8, lampa)]),
      clips: [clip([0, 8], .preroll)],
      film: [8..<60]
    )
    #expect(found.ads.first?.picture != nil)
    #expect(found.ads.first?.look == nil)
  }
}
