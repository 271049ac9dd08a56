import Foundation
import SystemPackage

/// A file's name as it stands in JSON, where only UTF-8 can stand.
struct PathText {
  /// The name; bytes that are not UTF-8 stand as U+FFFD.
  let text: String
  /// The exact bytes, where ``text`` is not exact.
  let base64: String?

  init(_ path: FilePath) { self.init(SafeText.bytes(of: path)) }

  init(_ bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) {
      self.text = text
      base64 = nil
    } else {
      text = String(decoding: bytes, as: UTF8.self)
      base64 = Data(bytes).base64EncodedString()
    }
  }
}
