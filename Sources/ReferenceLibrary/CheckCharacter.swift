/// The check characters of EIDR and ISAN.
enum CheckCharacter {
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

  /// The check character of `digits`, which are `0–9` and `A–Z`; nil where another byte occurs.
  ///
  /// - Source: ISO/IEC 7064:2003, hybrid system MOD 37,36 (recursive method), as named by
  ///   ISO 15706-1 (ISAN) and by the EIDR identifier syntax.
  static func mod37_36(_ digits: some Sequence<UInt8>) -> UInt8? {
    var product = 36
    for digit in digits {
      guard let value = alphabet.firstIndex(of: digit) else { return nil }
      let sum = (product + value) % 36
      product = (sum == 0 ? 36 : sum) * 2 % 37
    }
    return alphabet[(37 - product) % 36]
  }
}
