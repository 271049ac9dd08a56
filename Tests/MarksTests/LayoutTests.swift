import Marks
import Testing

@Suite("Mark layout")
struct LayoutTests {
  @Test("pulses of neighbours add up to one")
  func pulses() {
    for step in 0...40 {
      let phase = Double(step) / 40
      let sum = (-1...1).reduce(0) { $0 + LFM1.pulse(at: phase + Double($1)) }
      #expect(abs(sum - 1) < 1e-12)
    }
    #expect(LFM1.pulse(at: 0.5) == 1)
    #expect(abs(LFM1.pulse(at: 0) - 0.5) < 1e-12)
    #expect(LFM1.pulse(at: 1.3) == 0)
  }

  @Test("the location stays, the time goes on each quarter of an hour and wraps")
  func values() {
    let layout = MarkLayout.usual
    let payload = MarkPayload(location: 7, time: MarkLayout.stepsOfYear - 1)
    #expect(layout.values(of: .location) == 524_288)
    #expect(layout.values(of: .time) == 35_136)
    #expect(layout.value(of: .location, payload: payload, segment: 9) == 7)
    #expect(layout.value(of: .time, payload: payload, segment: 2) == MarkLayout.stepsOfYear - 1)
    #expect(layout.value(of: .time, payload: payload, segment: 3) == 0)
    #expect(!layout.contains(MarkPayload(location: 524_288, time: 0)))
  }
}
