import Captures
import Casebook

extension MatchReport {
  /// What the sensor's noise says of the camera.
  public struct Camera: Sendable, Codable, Hashable {
    /// Whether something can be said.
    public enum Answer: String, Sendable, Codable {
      /// The leak shows its camera's pattern.
      case measured
      /// It does not.
      case notEnough = "not_enough"
    }

    /// Another leak by the same camera.
    public struct Link: Sendable, Codable, Hashable {
      /// SHA-256 of the other leak.
      public var other: String
      /// Where it was seen last.
      public var path: String
      /// How far the peak of the patterns' correlation stands out (PCE).
      public var peakEnergy: Double
      /// Whether one of them is mirrored.
      public var mirrored: Bool

      private enum CodingKeys: String, CodingKey {
        case other, path, mirrored
        case peakEnergy = "peak_energy"
      }
    }

    /// Whether something can be said.
    public var answer: Answer
    /// Why not: `resolution`, `bit_rate`, `frames` or `no_pattern`.
    public var reason: String?
    /// How well the two halves of the leak agree, as the energy of a peak.
    public var agreement: Double?
    /// Leaks by the same camera, the surest first.
    public var links: [Link] = []
  }
}

extension CaptureLinker {
  /// From this energy on two patterns are of one camera: 60 gave one false link in 40,000 pairs of
  /// pictures (Goljan, Fridrich, Filler 2009); a history has more pairs, and two sides.
  static let linkedPeakEnergy = 100.0

  /// What the sensor's noise says of a leak, against all others with patterns of the size.
  func camera(
    of sha256: String,
    _ answer: SensorPatternMeter.Answer
  ) throws(CasebookError) -> MatchReport.Camera {
    switch answer {
    case .notEnough(let reason):
      return MatchReport.Camera(answer: .notEnough, reason: reason.rawValue)
    case .pattern(let pattern, let agreement):
      var camera = MatchReport.Camera(answer: .measured)
      camera.agreement = ReportNumber.significant(agreement)
      let mirrored = pattern.mirrored
      let others = try casebook.cameraPatterns(
        width: pattern.width,
        height: pattern.height,
        except: sha256
      )
      for other in others {
        let stored = SensorPattern(
          width: pattern.width,
          height: pattern.height,
          values: other.pattern.map { Int8(bitPattern: $0) }
        )
        guard let stored else { continue }
        let energies = (pattern.peakEnergy(with: stored), mirrored.peakEnergy(with: stored))
        let best = max(energies.0, energies.1)
        guard best >= Self.linkedPeakEnergy else { continue }
        camera.links.append(
          MatchReport.Camera.Link(
            other: other.leakSHA256,
            path: PathText(other.path).text,
            peakEnergy: ReportNumber.significant(best),
            mirrored: energies.1 > energies.0
          )
        )
      }
      camera.links.sort { $0.peakEnergy > $1.peakEnergy }
      return camera
    }
  }
}
