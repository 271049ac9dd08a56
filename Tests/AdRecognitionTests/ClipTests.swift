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
    let over = try recognized(leak, clips: clips, film: film, filmSecondsLeft: 0.5)
    #expect(over.ads.map(\.kind) == [.preroll, .midroll, .postroll])
    #expect(over.ads.map(\.brand) == ["lampa", "orion", "lampa"])
    #expect(over.ads.allSatisfy { $0.isFullFrame && $0.evidence == [.reference, .text] })
    // A leak that breaks off in the middle of its film has no end to come after.
    let broken = try recognized(leak, clips: clips, film: film)
    #expect(broken.ads.map(\.kind) == [.preroll, .midroll, .midroll])
    // What shows first is a trailer of another film.
    let trailed = try recognized(leak, clips: clips, film: film, mainStart: 28)
    #expect(trailed.ads.map(\.kind) == [.preroll, .preroll, .midroll])
  }

  @Test("after a film whose last seconds were not told come after it all the same")
  func darkEnd() throws {
    let leak = leak([(50..<56, lampa)])
    func kind(left: Double) throws -> [AdKind] {
      try recognized(
        leak,
        clips: [clip([50, 56], .postroll)],
        film: [0..<46],
        filmSecondsLeft: left
      ).ads.map(\.kind)
    }
    #expect(try kind(left: 4.5) == [.postroll])
    #expect(try kind(left: 30) == [.midroll])
  }

  @Test("that agencies sell to several brands are of the brand that is written")
  func sharedClip() throws {
    let written = try recognized(
      leak([(10..<16, orion)]),
      clips: [clip([10, 16])],
      film: [0..<10, 16..<60],
      knownClip: "lampa"
    )
    #expect(written.ads.map(\.brand) == ["orion"])
    #expect(written.ads.allSatisfy { !$0.evidence.contains(.creative) })
    let other = try recognized(
      leak([(10..<16, ["Казино Куница", "kazino-kunica.example"])]),
      clips: [clip([10, 16])],
      film: [0..<10, 16..<60],
      knownClip: "lampa"
    )
    #expect(other.ads.map(\.brand) == [nil])
    let silent = try recognized(
      leak([]),
      clips: [clip([10, 16])],
      film: [0..<10, 16..<60],
      knownClip: "lampa"
    )
    #expect(silent.ads.map(\.brand) == ["lampa"])
    #expect(silent.ads.map(\.evidence) == [[.reference, .creative]])
  }

  /// A leak with a name above and an address below for a time.
  private func leak(_ seconds: Double, withTextsIn time: Range<Double>) -> FakeLeak {
    FakeLeak(seconds: seconds) { moment, box in
      guard time.contains(moment) else { return [] }
      guard let box else { return lampa }
      return box.y < 0.4 ? [lampa[0]] : [lampa[2]]
    }
  }

  @Test("without a known film are also texts that come and go with the cuts around the middle")
  func spread() throws {
    let boxes = [
      FrameBox(x: 0.2, y: 0.15, width: 0.6, height: 0.15),
      FrameBox(x: 0.25, y: 0.6, width: 0.5, height: 0.07),
    ]
    let leak = self.leak(60, withTextsIn: 10..<18)
    let tracks = boxes.map { track(from: 10.2, to: 17.8, at: $0, shape: .banner) }
    let found = try recognized(leak, overlays: tracks, cuts: [10, 18, 30])
    #expect(found.ads.map(\.kind) == [.midroll])
    #expect(found.ads.map { [$0.start, $0.end] } == [[10, 18]])
    // The same over a shot that begins long before is drawn over the film.
    let over = try recognized(leak, overlays: tracks, cuts: [4, 25])
    #expect(over.ads.allSatisfy { !$0.isFullFrame } && !over.ads.isEmpty)
    // All of a leak without a cut is no clip.
    let whole = self.leak(20, withTextsIn: 0..<20)
    let lasting = boxes.map { track(from: 0.2, to: 19.8, at: $0, shape: .banner) }
    let all = try recognized(whole, overlays: lasting, cuts: [])
    #expect(all.ads.allSatisfy { !$0.isFullFrame } && !all.ads.isEmpty)
  }

  @Test("without a known film are where their texts were read, and not what stands still beneath")
  func spreadBeyond() throws {
    let boxes = [
      FrameBox(x: 0, y: 0, width: 0.9, height: 0.3),
      FrameBox(x: 0.25, y: 0.55, width: 0.5, height: 0.1),
    ]
    let leak = self.leak(60, withTextsIn: 10..<18)
    let tracks = boxes.map {
      track(from: 3, to: 24, at: $0, shape: .banner, evidence: .persistence)
    }
    // What covers the corner would hide all of this leak's text, if it were not the clip's own.
    let found = try recognized(leak, overlays: tracks, cuts: [10, 18, 30])
    #expect(found.ads.map(\.kind) == [.midroll])
    #expect(found.ads.map { [$0.start, $0.end] } == [[10, 18]])
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
