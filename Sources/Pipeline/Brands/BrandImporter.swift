public import Casebook
import MediaIO
public import SystemPackage

/// A brand with the files that it brings.
public struct BrandDraft: Sendable {
  /// The brand.
  public var brand: Brand
  /// Its logos and fingerprints.
  public var files: [BrandFile]

  /// Creates a draft.
  public init(brand: Brand, files: [BrandFile]) { (self.brand, self.files) = (brand, files) }
}

/// Brings logos and clips of brands into the form in which the casebook keeps them.
public struct BrandImporter: Sendable {
  /// Stops the work.
  let flag: CancellationFlag

  /// Smallest side of a logo in pixels: less tells nothing.
  static let leastLogoSide = 8

  /// Creates an importer.
  public init(flag: CancellationFlag) { self.flag = flag }

  /// The brand with these logos and clips added.
  ///
  /// - Throws: ``PipelineError`` that names the file that cannot be used.
  public func draft(
    _ brand: Brand,
    logos: [FilePath],
    creatives: [FilePath]
  ) throws(PipelineError) -> BrandDraft {
    var draft = BrandDraft(brand: brand, files: [])
    for path in logos {
      let name = Self.freeName(path, id: brand.id, taken: draft.brand.logos.map(\.name))
      let (logo, file) = try Self.logo(path, name: name)
      draft.brand.logos.append(logo)
      draft.files.append(file)
    }
    for path in creatives {
      let (creative, file) = try namedCreative(path)
      draft.brand.creatives.append(creative)
      draft.files.append(file)
    }
    return draft
  }

  /// A logo of a PNG file; what goes wrong names the file.
  static func logo(
    _ path: FilePath,
    name: String
  ) throws(PipelineError) -> (Brand.Logo, BrandFile) {
    do {
      return try logo(InputFile.read(path, limit: PNGPicture.mostBytes), name: name)
    } catch {
      throw error.naming(path)
    }
  }

  /// A creative of a clip; what goes wrong names the file.
  func namedCreative(_ path: FilePath) throws(PipelineError) -> (Brand.Creative, BrandFile) {
    do {
      return try creative(path)
    } catch {
      throw error.naming(path)
    }
  }

  /// A logo of the bytes of a PNG file.
  static func logo(
    _ bytes: [UInt8],
    name: String
  ) throws(PipelineError) -> (Brand.Logo, BrandFile) {
    let picture: PNGPicture
    do {
      picture = try PNGPicture(bytes)
    } catch {
      throw PipelineError(error)
    }
    guard min(picture.width, picture.height) >= leastLogoSide else {
      throw PipelineError(
        .input,
        code: "logo_too_small",
        "a logo of \(picture.width)x\(picture.height) pixels is too small to be told"
      )
    }
    let file = BrandFile(bytes)
    return (
      Brand.Logo(
        name: name,
        digest: file.digest,
        width: picture.width,
        height: picture.height
      ), file
    )
  }

  /// `id/name.png`, with a number where that is taken.
  private static func freeName(_ path: FilePath, id: String, taken: [String]) -> String {
    let stem = SafeText.of(FilePath(path.lastComponent?.stem ?? "logo"))
    let letters = stem.unicodeScalars.map {
      $0.properties.isAlphabetic || $0.properties.numericType == .decimal
        || "-_".contains(String($0))
        ? String($0) : "_"
    }
    let base = "\(id)/" + (letters.isEmpty ? "logo" : letters.prefix(60).joined())
    var name = base + ".png"
    var number = 2
    while taken.contains(name) {
      name = "\(base)-\(number).png"
      number += 1
    }
    return name
  }
}

extension PipelineError {
  /// The same failure, its message with the file's name before it.
  func naming(_ path: FilePath) -> PipelineError {
    PipelineError(kind, code: code, "\(SafeText.of(path)): \(message)")
  }
}
