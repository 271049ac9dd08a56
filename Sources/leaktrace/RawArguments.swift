import ArgumentParser
import Pipeline
import SystemPackage

/// The bytes of the command line, which need not be UTF-8, carried through text and back.
///
/// Swift repairs arguments that are not UTF-8, and a repaired name names no file. In such an
/// argument each byte from 0x80 on becomes a private-use character of its own; so does every such
/// byte of an argument that holds these characters already, which makes the way back unambiguous.
enum RawArguments {
  /// The character of byte 0; bytes from 0x80 on are used, all of them in plane 16.
  private static let base: UInt32 = 0x10_F700

  /// The arguments after the program's name.
  static func ofProcess() -> [String] {
    var result: [String] = []
    let count = Int(CommandLine.argc)
    for index in 1..<max(1, count) {
      guard let start = unsafe CommandLine.unsafeArgv[index] else { break }
      var bytes: [UInt8] = []
      var position = 0
      while unsafe start[position] != 0 {
        bytes.append(UInt8(bitPattern: unsafe start[position]))
        position += 1
      }
      result.append(text(of: bytes))
    }
    return result
  }

  /// The bytes as text; plain UTF-8 stays as it is.
  static func text(of bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: { byte(of: $0) != nil })
    {
      return text
    }
    var text = String.UnicodeScalarView()
    for byte in bytes {
      if byte < 0x80 {
        text.append(Unicode.Scalar(byte))
      } else if let scalar = Unicode.Scalar(base + UInt32(byte)) {
        text.append(scalar)
      }
    }
    return String(text)
  }

  /// The bytes that ``text(of:)`` was made from.
  static func bytes(of text: String) -> [UInt8] {
    var result: [UInt8] = []
    for scalar in text.unicodeScalars {
      if let byte = byte(of: scalar) {
        result.append(byte)
      } else {
        result += Array(String(scalar).utf8)
      }
    }
    return result
  }

  private static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    guard scalar.value >= base + 0x80, scalar.value <= base + 0xFF else { return nil }
    return UInt8(scalar.value - base)
  }
}

/// The name of a file or folder on the command line, byte for byte.
struct PathArgument: ExpressibleByArgument {
  let path: FilePath

  init?(argument: String) {
    let bytes = RawArguments.bytes(of: argument)
    guard !bytes.isEmpty, !bytes.contains(0) else { return nil }
    path = SafeText.path(of: bytes)
  }

  static var defaultCompletionKind: CompletionKind { .file() }
}

/// Text on the command line that goes into the library, where only UTF-8 can stand.
struct TextArgument: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    guard let text = String(validating: RawArguments.bytes(of: argument), as: UTF8.self) else {
      return nil
    }
    self.text = text
  }
}
