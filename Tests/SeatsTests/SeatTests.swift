import Foundation
import Seats
import TestSupport
import Testing

@Suite("Seat of a camera")
struct SeatTests {
  /// Coverage of the 95 % ellipse over simulated cameras.
  private func coverage(_ options: SimulatedHall.Options, seed: UInt64, count: Int) -> (
    covered: Double, placed: Int
  ) {
    var (inside, placed) = (0, 0)
    for number in 0..<count {
      var random = SeededRandom(seed: seed + UInt64(number))
      guard let hall = SimulatedHall(options, &random) else { continue }
      guard case .place(let estimate) = SeatEstimator.answer(hall.question) else { continue }
      placed += 1
      if estimate.ellipse.contains(hall.camera.x, hall.camera.z) { inside += 1 }
    }
    return (Double(inside) / Double(max(1, placed)), placed)
  }

  @Test("the ellipse holds the camera in 90 to 99 % of the cases", arguments: [false, true])
  func coverage(_ knowsFocal: Bool) {
    var options = SimulatedHall.Options()
    options.knowsFocal = knowsFocal
    let (covered, placed) = coverage(options, seed: 1, count: 120)
    #expect(placed > 90)
    // Of 120 cases the share may lie two of its standard errors outside.
    #expect((0.88...1.0).contains(covered), "\(covered)")
  }

  @Test(
    "the same of many cameras, for Benchmarks/Accuracy/seats",
    .enabled(if: ProcessInfo.processInfo.environment["SEAT_CAMERAS"] != nil)
  )
  func benchmark() throws {
    let count = Int(ProcessInfo.processInfo.environment["SEAT_CAMERAS"] ?? "") ?? 0
    var rows: [SimulatedHall.Options] = []
    let settings = [(12, 3.0, 0), (24, 3, 0), (12, 1, 0), (12, 9, 0), (12, 3, 8)]
    for (moments, noise, clusters) in settings {
      for knowsFocal in [false, true] {
        for sag in [0.0, 0.5] {
          rows.append(
            SimulatedHall.Options(
              moments: moments,
              noise: noise,
              knowsFocal: knowsFocal,
              sag: sag,
              clusters: clusters
            )
          )
        }
      }
    }
    for knowsFocal in [false, true] {
      rows.append(SimulatedHall.Options(knowsFocal: knowsFocal, isWhole: false))
      rows += [0.05, 0.1, 0.2].map {
        SimulatedHall.Options(knowsFocal: knowsFocal, crop: $0, isWhole: false)
      }
      rows.append(
        SimulatedHall.Options(
          knowsFocal: knowsFocal,
          crop: 0.1,
          isCroppedAtCorner: true,
          isWhole: false
        )
      )
    }
    for options in rows { print("SEATS", summary(options, count: count)) }
  }

  /// One line of JSON for the benchmark.
  private func summary(_ options: SimulatedHall.Options, count: Int) -> String {
    var (inside, errors, axes) = (0, [Double](), [Double]())
    var refusals: [String: Int] = [:]
    for number in 0..<count {
      var random = SeededRandom(seed: 5000 + UInt64(number))
      guard let hall = SimulatedHall(options, &random) else { continue }
      switch SeatEstimator.answer(hall.question) {
      case .refused(let reason): refusals[reason.rawValue, default: 0] += 1
      case .place(let estimate):
        let ellipse = estimate.ellipse
        if ellipse.contains(hall.camera.x, hall.camera.z) { inside += 1 }
        let way = SIMD2(hall.camera.x, hall.camera.z) - ellipse.center
        errors.append((way * way).sum().squareRoot())
        axes.append(ellipse.major)
      }
    }
    errors.sort()
    axes.sort()
    let middle = errors.count / 2
    let refused = refusals.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
    let covered = Double(inside) / Double(max(1, errors.count))
    var parts = ["\"moments\":\(options.moments)"]
    parts.append("\"feature_error_px\":\(options.noise)")
    parts.append("\"focal_known\":\(options.knowsFocal)")
    parts.append("\"most_sag_m\":\(options.sag)")
    parts.append("\"clusters\":\(options.clusters)")
    parts.append("\"crop\":\(options.crop)")
    parts.append("\"at_corner\":\(options.isCroppedAtCorner)")
    parts.append("\"whole_frame\":\(options.isWhole)")
    parts.append("\"cameras\":\(count)")
    parts.append("\"placed\":\(errors.count)")
    parts.append("\"covered\":\(covered)")
    parts.append("\"median_error_m\":\(errors.isEmpty ? 0.0 : errors[middle])")
    parts.append("\"median_half_axis_m\":\(axes.isEmpty ? 0.0 : axes[middle])")
    let reasons: String = refused.joined(separator: ",")
    parts.append("\"refused\":{" + reasons + "}")
    let all: String = parts.joined(separator: ",")
    return "{" + all + "}"
  }

  private func hall(_ change: (inout SimulatedHall.Options) -> Void = { _ in }) throws
    -> SimulatedHall
  {
    var options = SimulatedHall.Options()
    options.noise = 0.5
    change(&options)
    for seed in UInt64(0)... {
      var random = SeededRandom(seed: 900 + seed)
      let hall = try #require(SimulatedHall(options, &random))
      // A seat well off the middle, which is told from a straightened picture.
      if abs(hall.camera.x) > 0.25 * hall.question.screen.width { return hall }
    }
    fatalError("numbers end")
  }

  private func refusal(_ question: SeatQuestion) -> SeatRefusal? {
    guard case .refused(let reason) = SeatEstimator.answer(question) else { return nil }
    return reason
  }

  @Test("a mirrored leak has the same seat")
  func mirror() throws {
    let hall = try hall()
    var mirrored = hall.question
    for index in mirrored.homographies.indices {
      for k in 0..<3 {
        let depth = mirrored.homographies[index][6 + k]
        mirrored.homographies[index][k] = depth - mirrored.homographies[index][k]
      }
    }
    guard case .place(let plain) = SeatEstimator.answer(hall.question),
      case .place(let other) = SeatEstimator.answer(mirrored)
    else {
      Issue.record("no place")
      return
    }
    #expect(abs(plain.position.x - other.position.x) < 0.01)
    #expect(abs(plain.position.z - other.position.z) < 0.01)
    #expect(abs(plain.position.z - hall.camera.z) < 1.5)
  }

  @Test("a frame of no camera's shape is refused")
  func crop() throws {
    var question = try hall().question
    question.frame = (1920, 800)
    #expect(refusal(question) == .cropped)
    var known = try hall().question
    known.isCropped = true
    #expect(refusal(known) == .cropped)
  }

  @Test("a crop off the middle that keeps the frame's shape leaves the seat in the region")
  func hiddenCrop() {
    var options = SimulatedHall.Options()
    (options.crop, options.isWhole) = (0.1, false)
    let (covered, placed) = coverage(options, seed: 1, count: 120)
    #expect(placed > 60)
    #expect(covered > 0.9, "\(covered)")
    // Who says that the frame is whole when it is not gets a wrong answer: it must be known.
    options.isWhole = true
    #expect(coverage(options, seed: 1, count: 120).covered < covered)
  }

  @Test("a frame that cuts off much more on one side is refused, unless it is known to be whole")
  func unevenCut() throws {
    var question = try hall().question
    question.isWholeFrame = false
    // A fifth of the frame's width off its left side.
    question.homographies = question.homographies.map { h in
      var h = h
      for k in 0..<3 { h[k] = 1.6 * h[k] - 0.6 * h[6 + k] }
      return h
    }
    question.frame.width /= 1.6
    question.frame.height = question.frame.width * 9 / 16
    #expect(refusal(question) == .cropped)
  }

  @Test("a straightened picture is refused")
  func straightened() throws {
    var question = try hall().question
    question.homographies = []
    for number in 0..<12 {
      let shift = 0.05 + Double(number) * 1e-4
      question.homographies.append([0.9, 0, shift, 0, 0.95, 0.02, 0, 0, 1])
    }
    #expect(refusal(question) != nil)
    question.focalLength = 1800
    #expect(refusal(question) == .deskewed)
  }

  @Test("nothing to start from is said so")
  func nothing() throws {
    var question = try hall().question
    question.homographies = []
    #expect(refusal(question) == .noGeometry)
    question.homographies = [[1, 0, 0, 0, 1, 0, 0, 0, .nan], [0, 0, 0, 0, 0, 0, 0, 0, 0]]
    #expect(refusal(question) == .noGeometry)
  }

  @Test("more moments make the ellipse smaller")
  func moments() throws {
    func major(_ count: Int) throws -> Double {
      let hall = try hall {
        $0.moments = count
        $0.knowsFocal = true
      }
      guard case .place(let estimate) = SeatEstimator.answer(hall.question) else {
        return .infinity
      }
      return estimate.ellipse.major / hall.question.screen.width
    }
    #expect(try major(24) < major(2))
  }
}

@Suite("Seat maps and plans")
struct SeatMapTests {
  private let map = """
    row,seat,x_m,y_m,z_m
    5,1,-0.5,9.0,-2
    5,2,0.1,9.0,-2
    6,1,-0.5,10.0,
    7,1,-0.5,14.0,-1.5
    """

  private func placed() -> SeatEstimate? {
    var options = SimulatedHall.Options()
    options.knowsFocal = true
    var random = SeededRandom(seed: 3)
    guard let hall = SimulatedHall(options, &random),
      case .place(let estimate) = SeatEstimator.answer(hall.question)
    else { return nil }
    return estimate
  }

  @Test("a map is read with any of the usual separators", arguments: [",", ";", "\t"])
  func separators(_ separator: String) throws {
    let read = try SeatMap(csv: map.replacing(",", with: separator))
    #expect(read.seats.count == 4)
    #expect(read.seats[1] == SeatMap.Seat(row: "5", number: "2", x: 0.1, y: 9, z: -2))
    #expect(read.seats[2].z == nil)
  }

  @Test("what is wrong is named with its line")
  func flaws() {
    func flaw(_ text: String) -> SeatMap.Flaw? {
      do {
        _ = try SeatMap(csv: text)
        return nil
      } catch { return error }
    }
    #expect(flaw("")?.line == 1)
    #expect(flaw("row,seat,x_m\n1,2,3")?.message == "the seat map has no column y_m")
    #expect(flaw("row,seat,x_m,y_m\n1,2,3,4\n1,2,x,4")?.line == 3)
    #expect(flaw("row,seat,x_m,y_m\n1,2,3,1e9")?.line == 2)
    #expect(flaw("row,seat,x_m,y_m\n,2,3,4")?.message == "a seat needs a row and a number")
    #expect(flaw("row,seat,x_m,y_m\n")?.message == "the seat map has no seats")
  }

  @Test("seats inside of the ellipse are named, by row and from left to right")
  func range() throws {
    let estimate = try #require(placed())
    let (x, z) = (estimate.ellipse.center.x, estimate.ellipse.center.y)
    let map = SeatMap([
      .init(row: "B", number: "2", x: x + 0.3, y: z + 0.1),
      .init(row: "B", number: "1", x: x - 0.3, y: z + 0.1),
      .init(row: "A", number: "9", x: x, y: z - 0.2),
      .init(row: "Z", number: "1", x: x + 40, y: z),
    ])
    let range = try #require(SeatRange(estimate, in: map))
    #expect(range.rows.map(\.row) == ["A", "B"])
    #expect(range.rows[1].seats == ["1", "2"])
    #expect(abs(range.rows.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    let far = SeatMap([.init(row: "Z", number: "1", x: x + 40, y: z)])
    #expect(SeatRange(estimate, in: far) == nil)
  }

  @Test("the plan has screen, ellipse and seats, and no text as markup")
  func plan() throws {
    let estimate = try #require(placed())
    let screen = try #require(
      AuditoriumScreen(width: 12, height: 5, sag: 0.3, throwDistance: 20)
    )
    let map = SeatMap([.init(row: "<1>", number: "&", x: 0, y: 10)])
    let drawing = SeatPlan.svg(.place(estimate), screen: screen, map: map, caption: "a<b")
    #expect(drawing.hasPrefix("<svg "))
    #expect(drawing.contains("<ellipse "))
    #expect(drawing.contains("<polyline "))
    #expect(drawing.contains("row &lt;1&gt;, seat &amp;"))
    #expect(drawing.contains("a&lt;b"))
    let refused = SeatPlan.svg(.refused(.cropped), screen: screen)
    #expect(!refused.contains("<ellipse "))
  }

  @Test("screens of other than cinemas' measures are refused")
  func screens() {
    #expect(AuditoriumScreen(width: 12, height: 5) != nil)
    #expect(AuditoriumScreen(width: 0, height: 5) == nil)
    #expect(AuditoriumScreen(width: 12, height: 5, sag: 7) == nil)
    #expect(AuditoriumScreen(width: 12, height: .nan) == nil)
    #expect(AuditoriumScreen(width: 12, height: 5, throwDistance: 1000) == nil)
  }
}
