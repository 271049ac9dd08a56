import Glibc
public import SystemPackage

/// Where leaks go that are done, if somebody asked for that: the only way an original is touched.
public struct DoneFolder: Sendable, Hashable {
  /// The folder.
  public let path: FilePath

  /// Names a folder, which is created where it is missing.
  public init(_ path: FilePath) { self.path = path }

  private static let mostNames = 10_000

  /// Moves a file to its place below the folder: the one it had below `root`.
  ///
  /// Nothing is replaced: where the name is taken the file gets a number. The file is linked under
  /// its new name before the old one goes, so that a kill leaves it under at least one of them.
  ///
  /// - Returns: Where it is now.
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/output``; the file is where it was.
  public func take(_ file: FilePath, below root: FilePath) throws(PipelineError) -> FilePath {
    var target = path
    var relative = file
    if relative.removePrefix(root), !relative.isEmpty {
      target.append(relative.components)
    } else if let name = file.lastComponent {
      target.append(name)
    }
    try OutputFile.makeDirectories(target.removingLastComponent())
    for number in 0..<Self.mostNames {
      let place = number == 0 ? target : Self.numbered(target, number)
      switch Self.link(file, place) {
      case 0:
        guard Self.unlink(file) == 0 else { throw Self.failure(file, errno) }
        OutputFile.synchroniseDirectory(place.removingLastComponent())
        return place
      case EEXIST:
        // It was linked before somebody pulled the plug.
        if Self.isSame(file, place) {
          guard Self.unlink(file) == 0 else { throw Self.failure(file, errno) }
          return place
        }
      case let number: throw Self.failure(file, number)
      }
    }
    throw Self.failure(file, EEXIST)
  }

  private static func numbered(_ path: FilePath, _ number: Int) -> FilePath {
    let bytes = SafeText.bytes(of: path)
    let ending = path.extension.map { $0.utf8.count + 1 } ?? 0
    let stem = bytes.dropLast(min(ending, bytes.count))
    return SafeText.path(of: stem + Array(" (\(number))".utf8) + bytes.suffix(ending))
  }

  private static func link(_ file: FilePath, _ place: FilePath) -> Int32 {
    let status = unsafe file.withPlatformString { old in
      unsafe place.withPlatformString { unsafe Glibc.link(old, $0) }
    }
    return status == 0 ? 0 : errno
  }

  private static func unlink(_ file: FilePath) -> Int32 {
    unsafe file.withPlatformString { unsafe Glibc.unlink($0) }
  }

  private static func isSame(_ one: FilePath, _ other: FilePath) -> Bool {
    var (first, second) = (stat(), stat())
    let status = unsafe one.withPlatformString { unsafe lstat($0, &first) }
    let otherStatus = unsafe other.withPlatformString { unsafe lstat($0, &second) }
    return status == 0 && otherStatus == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }

  private static func failure(_ file: FilePath, _ number: Int32) -> PipelineError {
    let cause = Errno(rawValue: number)
    let hint =
      number == EXDEV ? "; the folder for what is done must be on the same file system" : ""
    return PipelineError(
      .output,
      code: "not_moved",
      "\(SafeText.of(file)): cannot move it (\(cause))\(hint)"
    )
  }
}
