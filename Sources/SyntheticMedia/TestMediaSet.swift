import VideoCore

/// The default set: which films and leaks stand in `testmedia/rendered`.
public struct TestMediaSet: Sendable {
  /// One leak of the set before it is drawn.
  public struct Leak: Sendable {
    /// Name of the leak.
    public let identifier: String
    /// The film's ``FilmScript/identifier``.
    public let film: String
    /// How bad the recording is.
    public let preset: CamcorderPreset
    /// Decides the rest.
    public let seed: UInt64
    /// What is fixed.
    public let wishes: LeakRecipe.Wishes
  }

  private static func leak(
    _ identifier: String,
    _ film: String,
    _ preset: CamcorderPreset,
    _ seed: UInt64,
    _ wishes: LeakRecipe.Wishes = LeakRecipe.Wishes()
  ) -> Leak {
    Leak(identifier: identifier, film: film, preset: preset, seed: seed, wishes: wishes)
  }

  /// The leaks: four mild, four typical, three harsh, two of films that no library holds.
  public static var leaks: [Leak] {
    typealias Wishes = LeakRecipe.Wishes
    return [
      leak("mild-1", "salt-road", .mild, 9001, Wishes(advertising: false)),
      leak(
        "mild-2",
        "brick-yard",
        .mild,
        9002,
        Wishes(frameRate: Rational(25, 1), container: "mkv", advertising: true)
      ),
      leak("mild-3", "paper-forest", .mild, 9003, Wishes(codec: .hevc, advertising: true)),
      leak(
        "mild-4",
        "two-rooms",
        .mild,
        9004,
        Wishes(frameRate: Rational(25, 1), speed: 25.0 / 24)
      ),
      leak("typical-1", "night-shift", .typical, 9011, Wishes(advertising: true)),
      leak(
        "typical-2",
        "far-shore",
        .typical,
        9012,
        Wishes(frameRate: Rational(24, 1), speed: 0.96, container: "mkv", advertising: false)
      ),
      leak(
        "typical-3",
        "salt-road",
        .typical,
        9013,
        Wishes(codec: .mpeg4, container: "avi", advertising: true)
      ),
      leak(
        "typical-4",
        "paper-forest",
        .typical,
        9014,
        Wishes(frameRate: Rational(30000, 1001), pixelAspect: Rational(4, 3))
      ),
      leak("harsh-1", "brick-yard", .harsh, 9021, Wishes(advertising: true)),
      leak("harsh-2", "far-shore", .harsh, 9022, Wishes(flip: true, container: "mkv")),
      leak(
        "harsh-3",
        "two-rooms",
        .harsh,
        9023,
        Wishes(frameRate: Rational(30, 1), flip: false, container: "mkv", advertising: true)
      ),
      leak("other-1", "last-tram", .typical, 9031, Wishes(advertising: true)),
      leak("other-2", "snow-pass", .mild, 9032, Wishes(container: "mkv")),
    ]
  }

  /// The manifest of those of `films` that belong to the library: a line of heads, a line a film.
  public static func referencesCSV(films: [FilmScript]) -> String {
    var text = "file,title,version,source\n"
    for script in films where FilmScript.isReference(script) {
      text += "\(filmFile(script)),\(script.title),,testmedia seed \(script.seed)\n"
    }
    return text
  }

  /// Where a film of the set is, relative to the set's folder.
  public static func filmFile(_ script: FilmScript) -> String {
    (FilmScript.isReference(script) ? "references/" : "other/") + script.identifier + ".mp4"
  }
}
