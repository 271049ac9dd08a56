import Screenings
import Testing

@Suite("Reports of vendors' detectors")
struct VendorTests {
  private static let leak = String(repeating: "ab", count: 32)

  private static func read(
    _ text: String,
    _ options: VendorReport.Options = .init()
  ) throws -> VendorReport {
    try VendorReport.read(Array(text.utf8), options: options)
  }

  private static let table = """
    Vendor;SHA-256;Result;Algorithm;Version;Time range;Channel;Payload;Field widths;Mark ID;\
    Timestamp;Score;Threshold;FPR;Note
    Cine;\(leak.uppercased());Detected;urn:x;4.1;00:10:00-00:15:30.5;Video;0x4D2;19+16;0x4D2;\
    2026-11-01 20:15;12,5;6,5;1e-9;x
    Cine;\(leak);no;;;;;;;;;;;not stated;

    """

  private static func check(_ result: VendorResult) {
    #expect(result.leakSHA256 == leak)
    #expect(result.vendor == "Cine")
    #expect(result.verdict == .found)
    #expect(result.algorithm == "urn:x")
    #expect(result.detectorVersion == "4.1")
    #expect((result.start, result.end) == (600, 930.5))
    #expect(result.channel == .picture)
    #expect(result.payload == "0x4D2")
    #expect(result.fieldWidths == [19, 16])
    #expect(result.markID == 1234)
    #expect(result.markTime == nil)
    #expect(result.moment?.text == "2026-11-01T20:15:00+03:00")
    #expect((result.score, result.threshold) == (12.5, 6.5))
    #expect(result.falsePositiveRate == 1e-9)
  }

  @Test("tables are read, whatever their headers are called")
  func table() throws {
    var options = VendorReport.Options()
    options.zone = "Europe/Moscow"
    let report = try Self.read(Self.table, options)
    #expect(report.refusals == [])
    #expect(report.unusedNames == ["Note"])
    #expect(report.results.count == 2)
    Self.check(report.results[0])
    #expect(report.results[1].verdict == .notFound)
    #expect(report.results[1].falsePositiveRate == nil)
  }

  @Test("JSON says the same, and the same statement has the same identifier")
  func json() throws {
    var options = VendorReport.Options()
    options.zone = "Europe/Moscow"
    let json = """
      {"vendor": "Cine", "input_sha256": "\(Self.leak)", "detector_version": "4.1",
       "algorithm_uri": "urn:x",
       "results": [
        {"verdict": "found", "time_range": {"start": 600, "end": 930.5}, "channel": "picture",
         "raw_payload": "0x4D2", "field_widths": [19, 16], "mark_id": 1234,
         "time_stamp": "2026-11-01T20:15:00+03:00", "vendor_score": 12.5, "threshold": 6.5,
         "false_positive_rate": 1e-9}
       ]}
      """
    let result = try #require(try Self.read(json, options).results.first)
    Self.check(result)
    #expect(result.id == (try Self.read(Self.table, options).results[0].id))
    #expect(result.id != (try Self.read(Self.table, options).results[1].id))
    let single = try Self.read(
      #"{"vendor":"V","sha256":"\#(Self.leak)","verdict":"inconclusive","time_stamp":7}"#
    )
    #expect(single.results.first?.markTime == 7)
    #expect(single.results.first?.verdict == .inconclusive)
  }

  @Test("wrong results are refused by their lines, the others are kept")
  func refusals() throws {
    let report = try Self.read(
      """
      [
       {"vendor": "V", "input_sha256": "\(Self.leak)", "verdict": "found", "mark_id": 5},
       {"vendor": "V", "input_sha256": "\(Self.leak)",
        "verdict": "found"},
       7,
       {"vendor": "V", "note": "}{][\\"", "input_sha256": "12", "verdict": "found", "mark_id": 5},
       {"vendor": "V", "input_sha256": "\(Self.leak)", "verdict": "perhaps"},
       {"vendor": "V", "input_sha256": "\(Self.leak)", "verdict": "found", "mark_id": 5},
       {"vendor": "V", "input_sha256": "\(Self.leak)", "verdict": "no", "false_positive_rate": 0}
      ]
      """
    )
    #expect(report.results.map(\.markID) == [5])
    #expect(report.repeats == 1)
    #expect(report.refusals.map(\.line) == [3, 5, 6, 7, 9])
    #expect(report.refusals[0].message.contains("neither mark_id nor raw_payload"))
    #expect(report.refusals[2].message.contains("is not a SHA-256"))
    #expect(report.refusals[4].message.contains("not a probability"))
  }

  @Test(
    "what is no report is refused as a whole",
    arguments: [
      ("[{\"vendor\": \"V\",\n \"verdict\": ]", 2), ("{\"a\": \"\n\"}", 1), ("a,b\n1,2\n", 1),
      ("vendor,sha256,verdict\n\"V,1\n", 2),
    ]
  )
  func broken(_ text: String, _ line: Int) throws {
    let error = try #require(throws: ScreeningsError.self) { try Self.read(text) }
    #expect(error.line == line)
  }

  @Test("options stand in for what results do not say")
  func options() throws {
    var options = VendorReport.Options()
    (options.vendor, options.leakSHA256) = ("Mine", Self.leak)
    let result = try Self.read("verdict,mark_id\nfound,9\n", options).results.first
    #expect(result?.vendor == "Mine")
    #expect(result?.leakSHA256 == Self.leak)
    options.zone = "MSK"
    #expect(throws: ScreeningsError.self) { try Self.read("verdict\nno\n", options) }
  }
}
