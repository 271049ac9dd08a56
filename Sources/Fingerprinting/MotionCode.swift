/// Sixteen bits of a motion hash: on which side the eight most reliable components lie, and how far.
///
/// A sample's own key finds it in the index; what moves a second or two before and after is evidence
/// of its own, since motions a second apart have nothing in common. So a sample in the index has the
/// codes of four neighbours beside it, its *signature*, and a stretch of film is a row of codes that
/// can be compared in some nanoseconds.
///
/// Measured on camcorder leaks: of samples whose key hits, signatures of the true moment differ from
/// the leak's in 14 (typical) and 15 (harsh) of 64 bits, those of other moments in 28. The fewer
/// components the better: with all 64 of them a harsh leak loses half as many again.
public enum MotionCode {
  /// Samples of a row on either side of the one in the middle, 5 s; the middle is in the later half.
  public static let reach = 20
  /// Samples of a row.
  public static let rowCount = 2 * reach
  /// Where the neighbours in a signature stand, in samples.
  public static let neighbours = [-8, -4, 4, 8]
  /// Bits of a code.
  public static let bits = 16

  /// The code of a hash: the lower byte says which components have a level above 1, the upper one
  /// which have a level above 2.
  public static func code(of hash: FrameHash) -> UInt16 {
    UInt16(truncatingIfNeeded: hash.words[1] & 0xFF | (hash.words[2] & 0xFF) << 8)
  }

  /// Components of a code, or of several codes in one number, that lie in the middle: they are near
  /// to everything.
  public static func middles(_ codes: UInt64) -> Int {
    (codes & ~(codes >> 8) & 0x00FF_00FF_00FF_00FF).nonzeroBitCount
  }

  /// Writes the codes of a film's samples to `codes`, from `first` on.
  ///
  /// - Shape: `words` has four words a sample; there must be room for all of them.
  public static func write(
    _ words: Span<UInt64>,
    to codes: inout MutableSpan<UInt16>,
    at first: Int
  ) {
    for sample in 0..<words.count / 4 {
      let code = words[4 * sample + 1] & 0xFF | (words[4 * sample + 2] & 0xFF) << 8
      codes[first + sample] = UInt16(truncatingIfNeeded: code)
    }
  }

  /// The signature of the sample at `place` of `codes`, which has neighbours on both sides.
  public static func signature(at place: Int, in codes: Span<UInt16>) -> UInt64 {
    var signature: UInt64 = 0
    for (number, offset) in neighbours.enumerated() {
      signature |= UInt64(codes[place + offset]) << UInt64(bits * number)
    }
    return signature
  }
}
