import Intake
package import SystemPackage

/// Lists of paths.
package enum PathList {
  private static let mostBytes = 256 << 20

  /// The paths that an argument stands for: itself, where it is a folder or has the name of a video.
  package static func expand(_ path: FilePath) throws(PipelineError) -> [FilePath] {
    if path == "-" { return paths(in: try standardInput()) }
    let kind = try? FileStamp(of: path, followingLinks: true).kind
    let isVideo = InputCollector.videoExtensions.contains(path.extension?.lowercased() ?? "")
    guard kind == .file, !isVideo else { return [path] }
    do {
      return paths(in: try InputFile.read(path, limit: mostBytes))
    } catch {
      throw PipelineError(error.kind, code: error.code, "\(SafeText.of(path)): \(error.message)")
    }
  }

  /// The paths in a list: between zeros where there are any, which names cannot hold, else lines.
  package static func paths(in bytes: [UInt8]) -> [FilePath] {
    let separator: UInt8 = bytes.contains(0) ? 0 : UInt8(ascii: "\n")
    return bytes.split(separator: separator).map { SafeText.path(of: Array($0)) }
  }

  private static func standardInput() throws(PipelineError) -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      while true {
        let part = try unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
          count = try unsafe FileDescriptor.standardInput.read(
            into: UnsafeMutableRawBufferPointer(buffer)
          )
        }
        if part.isEmpty { return bytes }
        bytes += part
        guard bytes.count <= mostBytes else {
          throw PipelineError(.input, code: "too_large", "the list is too large")
        }
      }
    } catch {
      throw PipelineError(error)
    }
  }
}
