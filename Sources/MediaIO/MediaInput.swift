public import SystemPackage

/// Where the bytes of a media file come from.
public enum MediaInput: Sendable, Hashable {
  /// A file by its name, opened anew by each reader.
  case path(FilePath)
  /// A regular file that is open already, of this many bytes; it is only ever read, at places of the
  /// reader's own, and not closed.
  case opened(FileDescriptor, sizeBytes: Int64)
}

extension MediaInput {
  /// Opens a file for others to read from.
  ///
  /// - Throws: ``MediaError`` for what is not a regular file with bytes in it.
  public static func open(_ path: FilePath) throws(MediaError) -> FileDescriptor {
    FileDescriptor(rawValue: try FileInput.open(path).descriptor)
  }

  /// What is open, with its size in bytes.
  ///
  /// - Throws: ``MediaError`` for what is not a regular file with bytes in it.
  public static func opened(_ file: FileDescriptor) throws(MediaError) -> MediaInput {
    .opened(file, sizeBytes: try FileInput.checkedSize(file.rawValue))
  }
}
