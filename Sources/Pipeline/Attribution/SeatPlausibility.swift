import Casebook
import Foundation
import ReferenceLibrary
import Screenings
import Seats

/// Whether the camera of a leak can have stood in each of several auditoriums.
///
/// The screen's measures make a place of the leak's geometry; a place that no auditorium has, or that lies
/// behind the projector, speaks against a screening. A possible place speaks for none: nearly all
/// auditoriums have seats where a camera may be.
struct SeatPlausibility {
  private let report: MatchReport
  private let store: ReferenceStore?
  private var answers: [ScreeningPlace.Screen: SeatAnswer] = [:]

  /// log10 of the ratio for an auditorium whose seats cannot be meant.
  static let against = -2.0
  /// Rows may go on beside and behind the projector's window, in metres.
  private static let slack = 2.0

  init(_ report: MatchReport, in store: ReferenceStore?) {
    (self.report, self.store) = (report, store)
  }

  /// The screen of a place, where its measures are known.
  static func screen(_ place: ScreeningPlace) -> AuditoriumScreen? {
    guard let width = place.screen.width, let height = place.screen.height else { return nil }
    return AuditoriumScreen(
      width: width,
      height: height,
      sag: place.screen.sag ?? 0,
      throwDistance: place.screen.throwDistance
    )
  }

  /// What the geometry says of the camera's place before a screen; screens of one kind are asked once.
  mutating func answer(before place: ScreeningPlace) -> SeatAnswer? {
    guard let screen = Self.screen(place) else { return nil }
    if let known = answers[place.screen] { return known }
    let answer = SeatWork.answer(for: report, screen: screen, in: store, focal: nil)
    answers[place.screen] = answer
    return answer
  }

  /// log10 of the ratio for a place; nil where nothing can be said.
  mutating func ratio(_ place: ScreeningPlace) -> Double? {
    switch answer(before: place) {
    case .refused(.impossible): return Self.against
    case .place(let estimate):
      guard let end = place.screen.throwDistance else { return nil }
      let ellipse = estimate.ellipse
      let turn = ellipse.angle * .pi / 180
      // Half of the ellipse's extent away from the screen.
      let reach = hypot(ellipse.major * sin(turn), ellipse.minor * cos(turn))
      return ellipse.center.y - reach > end + Self.slack ? Self.against : nil
    default: return nil
    }
  }
}
