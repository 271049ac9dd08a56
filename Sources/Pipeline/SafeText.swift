public import SystemPackage

/// Text made safe for one line of a terminal, a log or a JSON document.
///
/// Names of files come from strangers: control characters would steer the terminal, and the
/// overrides of bidirectional text make a name look like another one.
public enum SafeText {
  /// `text` with control and format characters and line separators escaped as `\u{…}`.
  public static func of(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        result += scalar.escaped(asASCII: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `path` as text that is safe to print; bytes that are not UTF-8 become `\xNN`.
  public static func of(_ path: FilePath) -> String {
    let bytes = bytes(of: path)
    if let text = String(validating: bytes, as: UTF8.self) { return of(text) }
    var result = ""
    for byte in bytes {
      if byte >= 0x20 && byte < 0x7F {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "\\x" + hexadecimal([byte])
      }
    }
    return result
  }

  /// The name as the file system has it.
  public static func bytes(of path: FilePath) -> [UInt8] {
    unsafe path.withPlatformString { start in
      var bytes: [UInt8] = []
      var index = 0
      while unsafe start[index] != 0 {
        bytes.append(UInt8(bitPattern: unsafe start[index]))
        index += 1
      }
      return bytes
    }
  }

  /// The path of the bytes; none of them may be zero.
  public static func path(of bytes: [UInt8]) -> FilePath {
    let text = bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe text.withUnsafeBufferPointer { buffer in
      // The array ends in a zero, so it has a first element.
      guard let start = buffer.baseAddress else { return FilePath() }
      return unsafe FilePath(platformString: start)
    }
  }

  /// `json` with what ``of(_:)-(String)`` escapes written as `\uXXXX`, which means the same there.
  static func ofJSON(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: { isUnsafe($0) && $0 != "\n" }) else { return json }
    var result = ""
    for scalar in json.unicodeScalars {
      if isUnsafe(scalar), scalar != "\n" {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Lower-case hexadecimal digits, two for each byte.
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var result: [UInt8] = []
    for byte in bytes {
      result.append(digits[Int(byte >> 4)])
      result.append(digits[Int(byte & 15)])
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value >= 0x20 && scalar.value < 0x7F { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
