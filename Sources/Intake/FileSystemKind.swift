import SystemPackage

/// Which file systems tell of all changes, and which only of those made on this machine.
package enum FileSystemKind {
  /// Kinds whose files change on other machines, or inside of a program, without an event here.
  private static let blind: Set<String> = [
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "gpfs", "lustre",
    "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs",
    "vmhgfs",
  ]

  /// The kinds of the file systems that are mounted, by the number of their device.
  ///
  /// Subvolumes that have a number of their own are missing; the file systems that have such tell of
  /// all changes.
  package static func mounted() -> [UInt64: String] {
    guard let file = try? FileDescriptor.open(FilePath("/proc/self/mountinfo"), .readOnly) else {
      return [:]
    }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    while true {
      let part = try? unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
        count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard let part, !part.isEmpty else { break }
      bytes += part
    }
    return kinds(in: String(decoding: bytes, as: UTF8.self))
  }

  /// Reads the kernel's list of mounts.
  ///
  /// - Source: proc_pid_mountinfo(5): number, parent, major:minor, …, a hyphen, the kind.
  package static func kinds(in text: String) -> [UInt64: String] {
    var kinds: [UInt64: String] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 4, let hyphen = fields.firstIndex(of: "-"), hyphen + 1 < fields.count
      else { continue }
      let numbers = fields[2].split(separator: ":").compactMap { UInt64($0) }
      guard numbers.count == 2 else { continue }
      kinds[device(major: numbers[0], minor: numbers[1])] = String(fields[hyphen + 1])
    }
    return kinds
  }

  /// The number that `stat` gives, as the C library puts it together.
  private static func device(major: UInt64, minor: UInt64) -> UInt64 {
    (major & 0xFFF) << 8 | (major & ~0xFFF) << 32 | (minor & 0xFF) | (minor & ~0xFF) << 12
  }

  /// Whether the events of a kind of file system are not to be relied on.
  package static func isBlind(_ kind: String) -> Bool {
    // `fuse.sshfs` and its like; a disk that a program reads for the kernel is `fuseblk`.
    blind.contains(kind) || kind == "fuse" || kind.hasPrefix("fuse.")
  }
}
