import Crypto

extension Screening {
  /// The identifier of a screening whose list gives none: the same for the same facility,
  /// auditorium and start, whatever the order of rows and whoever imports them.
  ///
  /// A server plays several compositions one after the other, perhaps within one second; for these
  /// `cplID` counts as well.
  public static func identifier(
    of place: ScreeningPlace,
    start: ZonedTime,
    cplID: String? = nil
  ) -> String {
    var parts = [place.facilityKey, TextKey.of(place.auditorium), String(start.seconds)]
    if let cplID { parts.append(cplID) }
    var hasher = SHA256()
    hasher.update(data: Array(parts.joined(separator: "\u{1F}").utf8))
    var text: [UInt8] = Array("s-".utf8)
    let digits = Array("0123456789abcdef".utf8)
    for byte in hasher.finalize().prefix(8) {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension ScreeningPlace {
  /// What facilities are told apart by: the identifier, else name and city.
  public var facilityKey: String {
    if let facilityID { return facilityID }
    return TextKey.of(facility ?? "") + "\u{1F}" + TextKey.of(city ?? "")
  }
}
