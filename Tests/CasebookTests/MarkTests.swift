import Casebook
import Screenings
import TestSupport
import Testing

@Suite("Marks in the casebook")
struct CasebookMarkTests {
  private static let leak = Fixture.digest("leak")
  private static let source = RecordedVendorResult.Source(
    digest: Fixture.digest("report"),
    name: [0x72, 0xFF],
    importedAt: 1_700_000_000
  )

  private static func result() -> VendorResult {
    var result = VendorResult(leakSHA256: leak, vendor: "'; DROP TABLE leak", verdict: .found)
    (result.algorithm, result.detectorVersion) = ("urn:x", "4")
    (result.start, result.end, result.channel) = (1, 2.5, .audio)
    (result.payload, result.fieldWidths) = ("4D2", [19, 16])
    (result.markID, result.markTime) = (1234, 99)
    result.moment = ZonedTime(seconds: 1_700_000_000, offset: 10_800)
    (result.score, result.threshold, result.falsePositiveRate) = (12.5, 6, 1e-9)
    return result
  }

  @Test("vendors' results come back as they were, once each, and can be removed")
  func vendors() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    let other = VendorResult(leakSHA256: Fixture.digest("2"), vendor: "V", verdict: .notFound)
    #expect(try casebook.add([Self.result(), other], from: Self.source) == 2)
    let contents = try fixture.contents()
    #expect(try casebook.add([other, Self.result()], from: Self.source) == 0)
    #expect(try fixture.contents() == contents)

    let found = try casebook.vendorResults(ofLeak: Self.leak)
    #expect(found == [RecordedVendorResult(Self.result(), source: Self.source)])
    #expect(try casebook.vendorResults().count == 2)
    #expect(try casebook.vendorResults(ids: [other.id]).map(\.result) == [other])

    let error = #expect(throws: CasebookError.self) {
      try casebook.removeVendorResults([other.id, "v-0"])
    }
    #expect(error?.code == .noSuchVendorResult)
    #expect(try casebook.vendorResults().count == 2)
    try casebook.removeVendorResults([other.id])
    #expect(try casebook.vendorResults().map(\.result) == [Self.result()])
  }

  @Test("claims are replaced by later ones of the same key and asset, and taken back")
  func claims() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    var claim = MarkClaim(
      leakSHA256: Self.leak,
      keyID: "k-1",
      asset: "film",
      location: 7,
      time: 8,
      log10Bound: -9
    )
    try casebook.record(claim, at: 1)
    claim.location = 9
    try casebook.record(claim, at: 2)
    #expect(try casebook.markClaims(ofLeak: Self.leak) == [claim])
    #expect(try casebook.markClaims(ofLeak: Fixture.digest("2")) == [])
    try casebook.removeMarkClaim(ofLeak: Self.leak, keyID: "k-1", asset: "film")
    #expect(try casebook.markClaims(ofLeak: Self.leak) == [])
  }
}
