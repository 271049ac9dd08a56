import AdDetection
import AdRecognition
import Testing
import TextReading

@Suite("Overlays that are read")
struct OverlayTests {
  private let corner = FrameBox(x: 0.75, y: 0.05, width: 0.2, height: 0.08)
  private let strip = FrameBox(x: 0.2, y: 0.8, width: 0.6, height: 0.1)
  private let subtitle = FrameBox(x: 0.3, y: 0.88, width: 0.4, height: 0.05)

  private func leak(_ lines: [String]) -> FakeLeak { FakeLeak(seconds: 60) { _, _ in lines } }

  @Test("with a brand's name are ads of that brand, by their shape")
  func kinds() throws {
    let lines = ["LAMPA-BET", "lampa-bet.example"]
    let cases: [(OverlayTrack, AdKind)] = [
      (track(from: 5, to: 40, at: corner), .cornerLogo),
      (track(from: 5, to: 20, at: strip, shape: .banner), .banner),
      (track(from: 20, to: 23, at: corner, shape: .popup), .popup),
      // A card, however it is found; one that stays is no popup.
      (track(from: 20, to: 27, at: FrameBox(x: 0.04, y: 0.2, width: 0.36, height: 0.34)), .popup),
      (
        track(from: 20, to: 40, at: FrameBox(x: 0.04, y: 0.2, width: 0.36, height: 0.34)),
        .cornerLogo
      ),
      // One as wide as a banner is one.
      (track(from: 20, to: 27, at: FrameBox(x: 0.1, y: 0.72, width: 0.8, height: 0.27)), .banner),
      (
        track(
          from: 5,
          to: 30,
          at: FrameBox(x: 0, y: 0.93, width: 1, height: 0.06),
          shape: .ticker,
          motion: .scrolling
        ), .ticker
      ),
    ]
    for (track, kind) in cases {
      let found = try recognized(leak(lines), overlays: [track], film: [0..<60])
      #expect(found.ads.map(\.kind) == [kind])
      let ad = try #require(found.ads.first)
      #expect(ad.brand == "lampa" && (ad.brandConfidence ?? 0) > 0.9)
      #expect(ad.evidence == [.reference, .text])
      #expect(ad.indicators.contains { $0.value == "lampa-bet.example" })
      #expect(!ad.isFullFrame && found.overlays.isEmpty)
    }
  }

  @Test("of an unknown brand are ads where an address stands with words of the trade")
  func unknown() throws {
    let found = try recognized(
      leak(["Казино ЕНОТ", "enot777.example", "Бонус на депозит"]),
      overlays: [track(from: 5, to: 40, at: corner)],
      film: [0..<60]
    )
    #expect(found.ads.map(\.brand) == [nil])
    #expect(found.ads.first?.confidence == 0.9)
  }

  @Test("with a code alone are ads, though with less confidence, unless of another trade")
  func codes() throws {
    func confidences(_ lines: [String]) throws -> [Double] {
      try recognized(
        leak(lines),
        overlays: [track(from: 5, to: 40, at: corner)],
        film: [0..<60]
      ).ads.map(\.confidence)
    }
    #expect(try confidences(["Фартовый", "ПРОМОКОД FART300"]) == [0.6])
    #expect(try confidences(["Фартовый", "fart.example", "ПРОМОКОД FART300"]) == [0.75])
    let pizza = ["Пицца за 30 минут", "pizza-gavan.example", "промокод PIZZA20"]
    #expect(try confidences(pizza) == [])
    #expect(try confidences(pizza + ["Казино"]) == [0.9])
  }

  @Test(
    "without evidence are none, whatever their place",
    arguments: [[], ["КАНАЛ ПОЛЮС"], ["kinozal-release.example"], ["Казино сегодня закрыто"]]
  )
  func nothing(_ lines: [String]) throws {
    let found = try recognized(
      leak(lines),
      overlays: [track(from: 0, to: 60, at: corner)],
      film: [0..<60]
    )
    #expect(found.ads.isEmpty)
    #expect(found.overlays.count == 1)
  }

  @Test("that last and are no ads are a channel's sign or a group's stamp")
  func lasting() throws {
    let sign = try recognized(
      leak(["ПОЛЮС"]),
      overlays: [track(from: 0, to: 60, at: corner)],
      film: [0..<60]
    )
    #expect(sign.overlays.map(\.kind) == [.channelLogo])
    let stamp = try recognized(
      leak(["kinozal-release.example"]),
      overlays: [track(from: 0, to: 60, at: corner)],
      film: [0..<60]
    )
    #expect(stamp.overlays.map(\.kind) == [.groupStamp])
  }

  @Test("at the bottom for a moment are subtitles, though they speak of casinos and stakes")
  func subtitles() throws {
    let track = track(from: 10, to: 13, at: subtitle, shape: .popup)
    let spoken = try recognized(
      leak(["Ставки слишком высоки,", "бонус в казино твой"]),
      overlays: [track],
      film: [0..<60]
    )
    #expect(spoken.ads.isEmpty)
    #expect(spoken.overlays.map(\.kind) == [.subtitles])
    let named = try recognized(leak(["lampa-bet.example"]), overlays: [track], film: [0..<60])
    #expect(named.ads.map(\.brand) == ["lampa"])
  }

  @Test("whose texts follow one another as subtitles do are none, however long all of them last")
  func followingSubtitles() throws {
    let texts = [
      ["Он оставил всё казино,", "бонус за ставку"], ["Where did you put the money?"],
      ["Хватит играть со мной."],
    ]
    func found(_ stamp: [String], _ seconds: Double) throws -> RecognizedAds {
      let leak = FakeLeak(seconds: 60) { time, _ in
        stamp + texts[min(texts.count - 1, max(0, Int((time - 10) / seconds)))]
      }
      return try recognized(
        leak,
        overlays: [
          track(
            inTurn: (0..<texts.count).map { 10 + Double($0) * seconds },
            for: seconds,
            at: subtitle
          )
        ],
        film: [0..<60]
      )
    }
    #expect(try found([], 3).ads.isEmpty)
    // A stamp beside them is not theirs.
    #expect(try found(["filmnora.example"], 3).ads.isEmpty)
    // An ad beside them is one, and so is what stays longer than subtitles do.
    #expect(try found(["lampa-bet.example"], 3).ads.map(\.brand) == ["lampa"])
    #expect(try found(["IAWRF Mira~LAMPA-BET"], 3).ads.map(\.brand) == ["lampa"])
    #expect(try found([], 9).ads.count == 1)
  }

  @Test("where subtitles stand need an address that was read with its full stop")
  func addressesInSubtitles() throws {
    func ads(_ lines: [String]) throws -> Int {
      try recognized(
        leak(lines),
        overlays: [track(from: 10, to: 13, at: subtitle, shape: .popup)],
        film: [0..<60]
      ).ads.count
    }
    #expect(try ads(["Helleftithe|casino at midnight"]) == 0)
    #expect(try ads(["казино enot777.example"]) == 1)
  }

  @Test("that an inserted ad interrupts are two sightings, each up to the cut")
  func interrupted() throws {
    let leak = FakeLeak(seconds: 60) { time, box in
      if box != nil { return ["LAMPA-BET"] }
      return (20..<30).contains(time) ? ["Казино Орион", "kazino-orion.example"] : []
    }
    let found = try recognized(
      leak,
      overlays: [track(from: 0.1, to: 59.8, at: corner)],
      clips: [clip([20, 30])],
      film: [0..<20, 30..<60]
    )
    #expect(found.ads.map(\.kind) == [.cornerLogo, .midroll, .cornerLogo])
    #expect(found.ads.map(\.start) == [0, 20, 30])
    #expect(found.ads.map(\.end) == [20, 30, 60])
    #expect(found.ads.map(\.brand) == ["lampa", "orion", "lampa"])
  }

  @Test("without the film go on behind a clip where they are read there")
  func interruptedWithoutFilm() throws {
    func starts(until end: Double) throws -> [Double] {
      let leak = FakeLeak(seconds: 60) { time, box in
        if box != nil { return time < end ? ["LAMPA-BET"] : [] }
        return (20..<30).contains(time) ? ["Казино Орион", "kazino-orion.example"] : []
      }
      return try recognized(
        leak,
        overlays: [track(from: 0.1, to: 59.8, at: corner, evidence: .persistence)],
        clips: [clip([20, 30])]
      ).ads.filter { !$0.isFullFrame }.map(\.start)
    }
    #expect(try starts(until: 60) == [0, 30])
    #expect(try starts(until: 20) == [0])
  }

  @Test("without the film that say nothing but what a card says over them are no ads of their own")
  func echoes() throws {
    let strip = FrameBox(x: 0.1, y: 0.1, width: 0.3, height: 0.01)
    let card = FrameBox(x: 0.03, y: 0.04, width: 0.36, height: 0.34)
    let leak = FakeLeak(seconds: 60) { time, box in
      guard let box, (26..<29).contains(time) else { return [] }
      return box.height > 0.2 ? ["LAMPA-BET", "lampa-bet.example", "LAMPA500"] : ["LAMPA-BET"]
    }
    let found = try recognized(
      leak,
      overlays: [
        track(from: 0, to: 60, at: strip, evidence: .persistence),
        track(from: 26, to: 29, at: card, shape: .popup, evidence: .persistence),
      ]
    )
    #expect(found.ads.map(\.kind) == [.popup])
  }

  @Test("without the film end where what was read gives way to the film")
  func settled() throws {
    let box = FrameBox(x: 0.06, y: 0.82, width: 0.88, height: 0.14)
    func ends(
      _ evidence: OverlayTrack.Evidence,
      _ writing: @escaping (Double) -> [String]
    ) throws -> [Double] {
      let leak = FakeLeak(seconds: 60) { time, _ in writing(time) }
      let tracks = [track(from: 5, to: 50, at: box, evidence: evidence)]
      let ads = try recognized(leak, overlays: tracks).ads
      #expect(ads.count == 1)
      return ads.flatMap { [$0.start, $0.end] }
    }
    let shown = { (time: Double) in (20..<38).contains(time) ? ["LAMPA-BET", "LAMPA500"] : [] }
    #expect(try ends(.persistence, shown) == [20, 38])
    #expect(try ends(.foreignContrast, shown) == [5, 50])
    // What comes again between is another look of the ad, and so is what says a part of it.
    #expect(try ends(.persistence) { Int($0 / 6) % 2 == 0 ? ["LAMPA-BET"] : [] } == [5, 50])
    let named = ["quarky.example", "фрибет за регистрацию"]
    #expect(try ends(.persistence) { $0 < 20 ? ["QUARKY"] : named } == [5, 50])
  }

  @Test("without the film begin with what stays while the film moves, read or not")
  func settledBesideTheFilm() throws {
    func start(strip: UInt64?, filmMoves: Bool, seconds: Double = 60) throws -> Double? {
      let came = seconds / 3
      let leak = FakeLeak(seconds: seconds) { time, _ in
        time < came ? [] : ["LAMPA-BET", "LAMPA500"]
      }
      leak.patterns = { time in
        (strip: time < came ? strip : 2, rest: filmMoves ? UInt64(time * 100) : 3)
      }
      let box = FrameBox(x: 0, y: 0.8, width: 1, height: 0.2)
      let tracks = [track(from: 5, to: seconds - 10, at: box, evidence: .persistence)]
      return try recognized(leak, overlays: tracks).ads.first?.start
    }
    // A film that stands still, and another sign before a moving one.
    #expect(try start(strip: 1, filmMoves: false) == 20)
    #expect(try start(strip: 1, filmMoves: true) == 5)
    // What looks like the ad is the ad, and where there is nothing it is not.
    #expect(try start(strip: 2, filmMoves: false) == 5)
    #expect(try start(strip: nil, filmMoves: true) == 20)
    // Looks that are minutes apart tell nothing.
    #expect(try start(strip: 1, filmMoves: false, seconds: 600) == 5)
  }

  @Test("without the film are drawn in around the words that name the brand")
  func drawnIn() throws {
    let wide = FrameBox(x: 0, y: 0.9, width: 1, height: 0.06)
    let leak = leak(["Lorem ipsum dolor sit amet consectetur LAMPA-BET"])
    func width(
      _ evidence: OverlayTrack.Evidence,
      _ motion: OverlayTrack.Motion = .still
    ) throws -> Double {
      let tracks = [track(from: 5, to: 50, at: wide, motion: motion, evidence: evidence)]
      return try #require(recognized(leak, overlays: tracks).ads.first?.boxes.first).box.width
    }
    #expect(try width(.foreignContrast) == 1)
    #expect(try width(.persistence) < 0.35)
    #expect(try width(.persistence, .scrolling) == 1)
  }

  @Test("found in pieces are one ad, and of two brands at one place two")
  func pieces() throws {
    let leak = FakeLeak(seconds: 60) { time, _ in
      time < 30 ? ["LAMPA-BET"] : ["ORION77", "Казино Орион"]
    }
    let found = try recognized(
      leak,
      overlays: [
        track(from: 2, to: 14, at: corner), track(from: 15, to: 29, at: corner),
        track(from: 31, to: 50, at: corner),
        track(from: 2, to: 14, at: FrameBox(x: 0.76, y: 0.06, width: 0.02, height: 0.02)),
      ],
      film: [0..<60]
    )
    #expect(found.ads.map(\.brand) == ["lampa", "orion"])
    #expect(found.ads.map(\.start) == [2, 31])
    #expect(found.ads.map(\.end) == [29, 50])
    // The fourth is a piece of the first and is not read.
    #expect(leak.readings == 3)
  }

  @Test("that come and go together are one ad, one that comes to another is an ad of its own")
  func parts() throws {
    let sign = FrameBox(x: 0.02, y: 0.03, width: 0.06, height: 0.035)
    let line = FrameBox(x: 0.02, y: 0.08, width: 0.36, height: 0.06)
    let leak = FakeLeak(seconds: 90) { _, box in
      (box?.width ?? 0) > 0.2 ? ["LAMPA-BET", "lampa-bet.example"] : ["LAMPA-BET"]
    }
    func ads(_ line: OverlayTrack) throws -> [AdSighting] {
      let overlays = [track(from: 10.5, to: 70, at: sign), line]
      return try recognized(leak, overlays: overlays, film: [0..<90]).ads
    }
    let joined = try ads(track(from: 11, to: 70.2, at: line))
    #expect(joined.map(\.start) == [10.5] && joined.map(\.end) == [70.2])
    #expect(joined.first?.boxes.last?.box.width ?? 0 > 0.3)
    let parted = try ads(track(from: 30, to: 40, at: line))
    #expect(parted.map(\.start) == [10.5, 30])
  }

  @Test("are read at key frames, and in the seconds behind one where they are too few")
  func keyframes() throws {
    let leak = leak(["LAMPA-BET"])
    leak.keyframes = stride(from: 0, to: 60, by: 2.5).map(\.self)
    let long = track(from: 5, to: 40, at: corner)
    #expect(try recognized(leak, overlays: [long], film: [0..<60]).ads.first?.brand == "lampa")
    #expect(leak.asked.count >= 6 && leak.asked.allSatisfy(leak.keyframes.contains))
    #expect(leak.asked.allSatisfy { (5..<40).contains($0) })

    let few = self.leak(["LAMPA-BET"])
    few.keyframes = [0, 10, 20, 30]
    let short = track(from: 8, to: 16, at: strip, shape: .banner)
    #expect(try recognized(few, overlays: [short], film: [0..<60]).ads.first?.brand == "lampa")
    #expect(few.asked.first == 10 && few.asked.count == 6)
    #expect(few.asked.allSatisfy { (10..<13).contains($0) })
  }

  @Test("are read in portions that memory can hold")
  func portions() throws {
    let leak = leak(["LAMPA-BET"])
    let box = FrameBox(x: 0, y: 0, width: 1, height: 1)
    let tracks = (0..<90).map { track(from: Double($0), to: Double($0) + 30, at: box) }
    _ = try recognized(leak, overlays: tracks, film: [0..<60])
    #expect(leak.mostBytes > 0 && leak.mostBytes <= 128 << 20)
  }
}
