import Glibc
package import SystemPackage

/// Names as the file system has them: any bytes but zero and the slash.
package enum PathBytes {
  /// The bytes of a name.
  package static func of(_ name: FilePath.Component) -> [UInt8] {
    unsafe name.withPlatformString { start in
      unsafe (0..<strlen(start)).map { UInt8(bitPattern: unsafe start[$0]) }
    }
  }

  /// The component of these bytes; nil where they are none.
  static func component(_ bytes: [UInt8]) -> FilePath.Component? {
    guard !bytes.isEmpty, !bytes.contains(0), !bytes.contains(UInt8(ascii: "/")) else { return nil }
    let text = bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe text.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return nil }
      return unsafe FilePath.Component(platformString: start)
    }
  }
}
