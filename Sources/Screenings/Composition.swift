/// A version of a film as cinema servers know it: a composition playlist (SMPTE ST 429-7).
public struct Composition: Sendable, Hashable {
  /// UUID, in small letters, without `urn:uuid:`.
  public var id: String
  /// Title, as servers show it.
  public var title: String
  /// What its makers add to that.
  public var annotation: String?
  /// When it was issued, as it is written.
  public var issueDate: String?
  /// Kind of content: `feature`, `trailer` and others.
  public var kind: String?
  /// Edit units a second: numerator and denominator; nil where no reel says.
  public var editRate: EditRate?
  /// Number of reels.
  public var reels: Int
  /// Length of all pictures in edit units, as their files have them.
  public var intrinsicDuration: Int64?
  /// Length of what is shown of them, in edit units.
  public var duration: Int64?

  /// A number of edit units a second, as a fraction.
  public struct EditRate: Sendable, Hashable {
    /// Above the line.
    public var numerator: Int64
    /// Below the line, at least 1.
    public var denominator: Int64

    /// Creates a rate.
    public init(numerator: Int64, denominator: Int64) {
      (self.numerator, self.denominator) = (numerator, denominator)
    }
  }

  /// Creates a composition of which little is known.
  public init(id: String, title: String, reels: Int) {
    (self.id, self.title, self.reels) = (id, title, reels)
  }

  /// How long it runs, in seconds; nil where its reels do not say.
  public var durationSeconds: Double? {
    guard let duration, let editRate, editRate.numerator > 0 else { return nil }
    return Double(duration) * Double(editRate.denominator) / Double(editRate.numerator)
  }
}

extension Composition {
  static func isNamespace(_ namespace: String) -> Bool {
    // SMPTE's of 2006 and later, and the one of Interop.
    namespace.contains("smpte-ra.org/") && namespace.contains("/429-7/")
      || namespace.hasPrefix("http://www.digicine.com/PROTO-ASDCP-CPL-")
  }

  /// Most reels of a composition.
  private static let mostReels = 10_000
  /// Most edit units of one reel: a year at 1000 a second.
  private static let mostUnits: Int64 = 1000 * 86_400 * 366

  init(_ root: XMLTree) throws(ScreeningsError) {
    let id = try root.required("Id")
    do { self.id = try TextRules.uuid(id, "Id") } catch {
      throw ScreeningsError(.badValue, line: root.first("Id")?.line ?? root.line, error.message)
    }
    title = try root.required("ContentTitleText")
    annotation = try root.value("AnnotationText")
    issueDate = try root.value("IssueDate")
    kind = try root.value("ContentKind")?.lowercased()
    let list = root.first("ReelList")?.all("Reel") ?? []
    guard !list.isEmpty, list.count <= Self.mostReels else {
      throw ScreeningsError(
        .badValue,
        line: root.line,
        list.isEmpty ? "the composition has no reels" : "the composition has too many reels"
      )
    }
    reels = list.count
    for reel in list { try addReel(reel) }
  }

  private mutating func addReel(_ reel: XMLTree) throws(ScreeningsError) {
    guard
      let picture = reel.first("AssetList")?.first("MainPicture", "MainStereoscopicPicture")
    else { return }
    let intrinsic = try Self.units("IntrinsicDuration", picture)
    let entry = try Self.units("EntryPoint", picture) ?? 0
    let shown = try Self.units("Duration", picture)
    if let intrinsic, entry + (shown ?? 0) > intrinsic {
      throw ScreeningsError(
        .badValue,
        line: picture.line,
        "a reel shows \(shown ?? 0) edit units from \(entry) on, but its picture has \(intrinsic)"
      )
    }
    if let rate = try Self.rate(picture) {
      guard editRate == nil || editRate == rate else {
        throw ScreeningsError(.badValue, line: picture.line, "reels have different edit rates")
      }
      editRate = rate
    }
    // Bounded numbers of bounded values: no overflow.
    if let intrinsic { intrinsicDuration = (intrinsicDuration ?? 0) + intrinsic }
    if let length = shown ?? intrinsic.map({ $0 - entry }) { duration = (duration ?? 0) + length }
  }

  private static func units(_ name: String, _ tree: XMLTree) throws(ScreeningsError) -> Int64? {
    guard let text = try tree.value(name) else { return nil }
    guard let number = Int64(text), (0...mostUnits).contains(number) else {
      throw ScreeningsError(
        .badValue,
        line: tree.first(name)?.line,
        "the \(name) \"\(TextRules.excerpt(text))\" is not a number of edit units"
      )
    }
    return number
  }

  private static func rate(_ tree: XMLTree) throws(ScreeningsError) -> EditRate? {
    guard let text = try tree.value("EditRate") else { return nil }
    let parts = text.split(separator: " ").map { Int64($0) }
    guard parts.count == 2, let numerator = parts[0], let denominator = parts[1],
      (1...1_000_000).contains(numerator), (1...1_000_000).contains(denominator)
    else {
      throw ScreeningsError(
        .badValue,
        line: tree.first("EditRate")?.line,
        "the EditRate \"\(TextRules.excerpt(text))\" is not one such as \"24 1\""
      )
    }
    return EditRate(numerator: numerator, denominator: denominator)
  }
}
