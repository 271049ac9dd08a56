import FrameKernels
import Isolation
import MediaIO
import Registration
import TextReading
public import SystemPackage

/// The document of `leaktrace doctor --json`: what this installation is and whether it works.
public struct DoctorReport: Sendable, Codable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.doctor/1"
  /// Version of this program.
  public var leaktrace: String
  /// Version of the Swift language that it was compiled for.
  public var swift: String
  /// Version of FFmpeg.
  public var ffmpeg: String?
  /// Versions of FFmpeg's libraries.
  public var ffmpegLibraries: [String: String]
  /// Version of SQLite.
  public var sqlite: String?
  /// Version of OpenCV.
  public var opencv: String?
  /// Version of Tesseract, which reads ads; missing where it is not installed.
  public var tesseract: String?
  /// Languages that Tesseract has no data for.
  public var missingLanguages: [String]
  /// Set of processor instructions in use.
  public var simd: String
  /// Sets of processor instructions that this machine has.
  public var simdAvailable: [String]
  /// The decoders that films need, and whether they are there.
  public var decoders: [String: Bool]
  /// What holds the processes that parse and decode leaks.
  public var isolation: IsolationHealth
  /// State of the library.
  public var library: LibraryHealth

  private enum CodingKeys: String, CodingKey {
    case schema, leaktrace, swift, ffmpeg, sqlite, opencv, tesseract, simd, decoders, isolation,
      library
    case missingLanguages = "tesseract_missing_languages"
    case ffmpegLibraries = "ffmpeg_libraries"
    case simdAvailable = "simd_available"
  }

  /// What holds the processes that parse and decode leaks on this machine.
  public struct IsolationHealth: Sendable, Codable {
    /// The parts of the confinement, and whether each holds.
    public var parts: [String: Bool]
    /// Version of the kernel's Landlock; 0 where it has none.
    public var landlockVersion: Int
    /// What such a process was seen to be refused when it tried; false for what it could do.
    public var refused: [String: Bool]
    /// Why none can be started.
    public var error: MatchReport.Failure?

    private enum CodingKeys: String, CodingKey {
      case parts, refused, error
      case landlockVersion = "landlock_version"
    }
  }

  /// State of a library.
  public struct LibraryHealth: Sendable, Codable {
    /// What can be said in one word.
    public enum Status: String, Sendable, Codable {
      /// It can be read.
      case ok
      /// There is none yet.
      case missing
      /// It cannot be used.
      case unusable
    }

    /// The folder.
    public var path: String
    /// What can be said in one word.
    public var status: Status
    /// Number of releases.
    public var releases: Int?
    /// Why it cannot be used.
    public var error: MatchReport.Failure?
  }
}

/// Looks at the installation and at the library, without changing anything.
public enum Doctor {
  /// Version of LeakTrace.
  public static let version = "0.1.0"

  private static let decoders = [
    "h264", "hevc", "mpeg4", "mpeg2video", "mpeg1video", "vp8", "vp9", "av1", "libdav1d", "wmv3",
    "vc1", "flv", "prores", "mjpeg",
  ]

  /// Examines the installation and the library in a folder.
  ///
  /// - Returns: The report, and the failure of the library where there is one.
  public static func examine(library path: FilePath) -> (DoctorReport, PipelineError?) {
    let (health, failure) = health(of: path)
    let text = TextReader.availability()
    let report = DoctorReport(
      leaktrace: version,
      swift: swiftVersion,
      ffmpeg: FFmpegLibrary.version,
      ffmpegLibraries: FFmpegLibrary.parts,
      sqlite: LinkedLibraries.sqlite,
      opencv: RegistrationLibrary.version,
      tesseract: text.version,
      missingLanguages: text.version == nil ? [] : text.missingLanguages,
      simd: SIMDLevel.detected.description,
      simdAvailable: SIMDLevel.available.map(\.description),
      decoders: Dictionary(
        uniqueKeysWithValues: decoders.map { ($0, FFmpegLibrary.hasDecoder($0)) }
      ),
      isolation: isolation(),
      library: health
    )
    return (report, failure)
  }

  private static func health(
    of path: FilePath
  ) -> (DoctorReport.LibraryHealth, PipelineError?) {
    let text = PathText(path).text
    do throws(PipelineError) {
      let store = try ReferenceStore(at: path, forWriting: false)
      let count = try store.records().count
      // Opens every fingerprint; `reference verify` reads them.
      try LibraryReferences(store.library, flag: CancellationFlag()).openAll()
      return (.init(path: text, status: .ok, releases: count), nil)
    } catch {
      if error.code == "library_not_found" {
        return (.init(path: text, status: .missing), nil)
      }
      let failure = MatchReport.Failure(error)
      return (.init(path: text, status: .unusable, error: failure), error)
    }
  }

  /// Starts parsing processes, and has them try what they must not be able to do.
  private static func isolation() -> DoctorReport.IsolationHealth {
    do throws(MediaError) {
      let (held, landlock) = try Confinement.probe()
      let parts = Confinement.parts.map { ($0.name, held.contains($0.part)) }
      return DoctorReport.IsolationHealth(
        parts: Dictionary(uniqueKeysWithValues: parts),
        landlockVersion: landlock,
        refused: try Confinement.trials()
      )
    } catch {
      let failure = MatchReport.Failure(PipelineError(error))
      return .init(parts: [:], landlockVersion: 0, refused: [:], error: failure)
    }
  }

  private static var swiftVersion: String {
    #if compiler(>=6.4)
    "6.4 or later"
    #elseif compiler(>=6.3)
    "6.3"
    #else
    "6.2"
    #endif
  }
}
