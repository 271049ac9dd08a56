/// Something in a text that leads to who placed an ad.
public struct Indicator: Sendable, Hashable {
  /// What it is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A web address or a bare domain; the value is the host in lower case and the path, if any.
    case url
    /// A promotion code in capitals.
    case promoCode = "promo_code"
    /// An amount of money; the value is the number and the currency, such as `9000000 RUB`.
    case amount
    /// A telephone number; the value is the digits, with a plus sign where it had one.
    case phone
    /// An account of a messenger; the value begins with `@` or with the messenger's host.
    case handle
  }

  /// What it is.
  public var kind: Kind
  /// The normalised form.
  public var value: String
  /// The text as it was read.
  public var text: String
  /// The mean confidence of its characters, 0...1.
  public var meanConfidence: Float
  /// The least confidence of its characters, 0...1.
  public var leastConfidence: Float
  /// Where it is, in characters of the line.
  public var range: Range<Int>

  /// The host of an address: the value up to the first slash.
  public var host: String {
    String(value.prefix { $0 != "/" })
  }

  /// The host in the letters of the domain name system: labels of other scripts as punycode.
  public var asciiHost: String? { kind == .url ? Punycode.ascii(host: host) : nil }

  /// `similarity`, 0...1, is how far the value is what was read; the confidences fall with it.
  package init(
    kind: Kind,
    value: String,
    characters: ArraySlice<RecognizedCharacter>,
    similarity: Float = 1
  ) {
    self.kind = kind
    self.value = value
    self.text = String(characters.map(\.character))
    let sum = characters.reduce(0) { $0 + $1.confidence }
    self.meanConfidence = characters.isEmpty ? 0 : similarity * sum / Float(characters.count)
    self.leastConfidence = similarity * (characters.map(\.confidence).min() ?? 0)
    self.range = characters.startIndex..<characters.endIndex
  }
}
