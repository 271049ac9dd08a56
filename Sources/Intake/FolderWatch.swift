import Glibc
public import SystemPackage

/// A complete file that was found, and what tells whether it stays as it is.
public struct FoundFile: Sendable, Hashable {
  /// The file; a symbolic link stands under its own name.
  public var path: FilePath
  /// The folder that it was found in or below; the file itself where it was named.
  public var root: FilePath
  /// What it looked like, the link's target for a link.
  public var stamp: FileStamp

  /// Creates a find.
  public init(path: FilePath, root: FilePath, stamp: FileStamp) {
    (self.path, self.root, self.stamp) = (path, root, stamp)
  }
}

/// What a look at the folders gave.
public enum IntakeFinding: Sendable, Hashable {
  /// A file is complete.
  case complete(FoundFile)
  /// A file or folder cannot be looked at.
  case unreadable(FilePath, Errno)
  /// A symbolic link leads out of the watched folders, or to no file; it is not followed.
  case refusedLink(FilePath)
  /// What was named is a pipe, a device or a socket.
  case notFile(FilePath)
  /// A folder is not there, or cannot be listed: what is in it is unknown, not gone.
  case lostRoot(FilePath, Errno)
  /// It is there again.
  case foundRoot(FilePath)
  /// A folder is looked through again and again, for the reason given.
  case polled(FilePath, String)
}

/// Finds complete files in folders, by the kernel's news and by looking at everything now and then.
///
/// Belongs to one thread. News make it fast; that nothing is missed rests on the looks, which also
/// cover floods of news, and file systems that tell none.
public final class FolderWatch {
  /// How folders are watched.
  public struct Options: Sendable, Hashable {
    /// How long a file must be left alone, in seconds.
    public var quietSeconds = 10.0
    /// Time between two looks at everything, in seconds.
    public var rescanSeconds = 300.0
    /// The same where the kernel tells no news.
    public var pollSeconds = 30.0
    /// Whether files that are empty or unfinished wait for ever, as they do where more may come.
    public var waitsForContents = true
    /// Whether news are not asked for at all.
    public var alwaysPolls = false
    /// Which names are those of leaks.
    public var names: LeakNames
    /// Folders that are passed over.
    public var excluded: [FilePath] = []

    /// Creates options.
    public init(names: LeakNames) { self.names = names }
  }

  private struct Root {
    let path: FilePath
    /// As it is without links; nil as long as it is not there.
    var realPath: FilePath?
    var isFile = false
    /// Whether its file system does not tell of all changes.
    var isBlind = false
    var isPolled = false
    var isLost = false
    var nextLook = 0.0
  }

  /// Deeper folders are not looked through; no file system of a person's has them.
  private static let mostDepth = 64
  /// How often a folder that is gone is looked for.
  private static let lostSeconds = 5.0

  private let options: Options
  private let events: FolderEvents?
  private var roots: [Root]
  private var quiet: QuietFiles
  /// Whose folder a waiting file was found in.
  private var homes: [FilePath: Int] = [:]
  /// What was reported; a look at everything passes over it.
  private var taken: [FilePath: FileStamp] = [:]
  private var refused: Set<FilePath> = []
  private var findings: [IntakeFinding] = []
  /// Kinds of file systems by device, as of the last look at everything.
  private var kinds: [UInt64: String] = [:]

  /// Starts to watch folders, and takes files that are named by themselves whatever their names.
  public init(_ paths: [FilePath], _ options: Options) {
    self.options = options
    events = options.alwaysPolls ? nil : try? FolderEvents()
    quiet = QuietFiles(
      quietSeconds: options.quietSeconds,
      waitsForContents: options.waitsForContents
    )
    roots = paths.map { Root(path: $0) }
  }

  /// Whether every folder was looked at and no file waits to be complete.
  public var isSettled: Bool {
    quiet.count == 0 && roots.allSatisfy { $0.nextLook > 0 } && findings.isEmpty
  }

  /// Lets a file be reported once more.
  public func reconsider(_ path: FilePath) {
    taken[path] = nil
    if let root = root(of: path), stamp(of: path) != nil { notice(path, root) }
  }

  /// Waits until something is found, at most for `seconds`, and reports it.
  public func next(within seconds: Double) -> [IntakeFinding] {
    let deadline = Self.now + seconds
    repeat {
      lookWhereDue()
      judgeDue()
      if !findings.isEmpty { break }
      let moments = [deadline, quiet.nextDue ?? deadline] + roots.map(\.nextLook)
      wait(until: moments.min() ?? deadline)
      handleEvents()
    } while findings.isEmpty && Self.now < deadline
    defer { findings = [] }
    return findings
  }

  // MARK: Clock

  /// Seconds of a clock that nobody sets.
  private static var now: Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// For how long a file has been left alone by the wall clock; nothing where its time lies ahead.
  private static func age(_ stamp: FileStamp) -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    let now = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    return max(0, now - Double(stamp.changedNanoseconds) / 1e9)
  }

  // MARK: News

  private func wait(until moment: Double) {
    let milliseconds = Int32(min(max(0, (moment - Self.now) * 1000), 60_000).rounded(.up))
    guard let events else {
      usleep(UInt32(milliseconds) * 1000)
      return
    }
    var request = pollfd(fd: events.descriptor, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&request, 1, milliseconds)
  }

  private func handleEvents() {
    for event in events?.read() ?? [] {
      switch event {
      case .overflow:
        for index in roots.indices { roots[index].nextLook = Self.now }
      case .lost(let folder):
        events?.forget(under: folder)
        for index in roots.indices where roots[index].path == folder {
          roots[index].nextLook = Self.now
        }
      case .removed(let folder, let name, let isFolder):
        let path = folder.appending(name)
        if isFolder {
          events?.forget(under: path)
          quiet.drop { $0.starts(with: path) }
        } else {
          quiet.drop(path)
        }
        taken[path] = nil
      case .changed(let folder, let name, let isFolder):
        guard let root = root(of: folder) else { continue }
        let path = folder.appending(name)
        if isFolder {
          guard !LeakNames.isHidden(name), !options.excluded.contains(path) else { continue }
          look(at: path, root, depth: 1)
        } else if options.names.mayBeLeak(name) {
          // Rights may have changed, or contents without a change of size and time.
          taken[path] = nil
          notice(path, root)
          quiet.touch(path, now: Self.now)
        }
      }
    }
  }

  /// The folder that a path belongs to: of those that lie in one another, the innermost.
  private func root(of path: FilePath) -> Int? {
    roots.indices.filter { path.starts(with: roots[$0].path) }.max {
      roots[$0].path.components.count < roots[$1].path.components.count
    }
  }

  // MARK: Looks

  private func lookWhereDue() {
    let due = roots.indices.filter { Self.now >= roots[$0].nextLook }
    if !due.isEmpty { kinds = FileSystemKind.mounted() }
    for index in due {
      let path = roots[index].path
      do throws(Errno) {
        let stamp = try FileStamp(of: path, followingLinks: true)
        roots[index].isFile = stamp.kind != .folder
        if roots[index].isFile { checkKind(stamp.device, index) }
        if stamp.kind == .other { findings.append(.notFile(path)) }
        let real = try Self.realPath(path)
        roots[index].realPath = real
        if stamp.kind == .folder { _ = try FolderListing.names(in: path) }
      } catch {
        if !roots[index].isLost { findings.append(.lostRoot(path, error)) }
        roots[index].isLost = true
        roots[index].nextLook = Self.now + Self.lostSeconds
        continue
      }
      if roots[index].isLost { findings.append(.foundRoot(path)) }
      roots[index].isLost = false
      if roots[index].isFile {
        notice(path, index)
      } else {
        choosePolling(index)
        var seen: Set<FilePath> = []
        look(at: path, index, depth: 0, &seen)
        forgetUnseen(seen, in: index)
      }
      let pause = roots[index].isPolled ? options.pollSeconds : options.rescanSeconds
      roots[index].nextLook = Self.now + pause
    }
  }

  private func choosePolling(_ index: Int) {
    guard !roots[index].isPolled else { return }
    if options.alwaysPolls {
      usePolling(index, because: "it was asked for")
    } else if events == nil {
      usePolling(index, because: "the kernel allows no more inotify instances")
    }
  }

  private func usePolling(_ index: Int, because reason: String) {
    guard !roots[index].isPolled else { return }
    roots[index].isPolled = true
    findings.append(.polled(roots[index].path, reason))
  }

  /// Looks at the file system of a folder, which need not be that of the folder above.
  private func checkKind(_ device: UInt64, _ root: Int) {
    guard let kind = kinds[device], FileSystemKind.isBlind(kind) else { return }
    roots[root].isBlind = true
    usePolling(root, because: "\(kind) does not tell of changes elsewhere")
  }

  /// What is no longer there is forgotten, so that it is news if it comes again.
  private func forgetUnseen(_ seen: Set<FilePath>, in index: Int) {
    let root = roots[index].path
    quiet.drop { !seen.contains($0) && self.root(of: $0) == index }
    for path in taken.keys where !seen.contains(path) && self.root(of: path) == index {
      taken[path] = nil
    }
    homes = homes.filter { quiet.contains($0.key) }
    refused = refused.filter { !$0.starts(with: root) || seen.contains($0) }
  }

  private func look(at folder: FilePath, _ root: Int, depth: Int) {
    var seen: Set<FilePath> = []
    look(at: folder, root, depth: depth, &seen)
  }

  private func look(at folder: FilePath, _ root: Int, depth: Int, _ seen: inout Set<FilePath>) {
    guard depth < Self.mostDepth, !options.excluded.contains(folder) else { return }
    // A folder that was named itself is looked through by itself.
    guard depth == 0 || !roots.contains(where: { $0.path == folder }) else { return }
    if let stamp = try? FileStamp(of: folder, followingLinks: true) {
      checkKind(stamp.device, root)
    }
    if !roots[root].isPolled, let events {
      // First the watch, then the look: nothing comes between them.
      do throws(Errno) {
        try events.watch(folder)
      } catch {
        // Out of watches, most likely: what is in the folder is then found by looking.
        if [.noSpace, .noMemory].contains(error) {
          usePolling(root, because: "the kernel watches no more folders")
        }
      }
    }
    let names: [FilePath.Component]
    do throws(Errno) {
      names = try FolderListing.names(in: folder)
    } catch {
      // Unknown, not empty: what was seen in it before stays as it was.
      for path in taken.keys where path.starts(with: folder) { seen.insert(path) }
      if error != .noSuchFileOrDirectory { findings.append(.unreadable(folder, error)) }
      return
    }
    for name in names where !LeakNames.isHidden(name) {
      let path = folder.appending(name)
      do throws(Errno) {
        let kind = try FileStamp(of: path).kind
        if kind == .folder {
          look(at: path, root, depth: depth + 1, &seen)
        } else if kind != .other, options.names.mayBeLeak(name) {
          seen.insert(path)
          notice(path, root)
        }
      } catch {
        if error != .noSuchFileOrDirectory { findings.append(.unreadable(path, error)) }
      }
    }
  }

  // MARK: Files

  private func notice(_ path: FilePath, _ root: Int) {
    guard let stamp = stamp(of: path), taken[path] != stamp else { return }
    // A file server's clock may be off, so that its times say nothing about ours.
    let age = roots[root].isBlind || quiet.contains(path) ? 0 : Self.age(stamp)
    homes[path] = root
    quiet.notice(path, stamp, now: Self.now, quietBefore: min(age, options.quietSeconds))
  }

  /// What a path leads to; nil where that is no file, or lies outside of the watched folders.
  private func stamp(of path: FilePath) -> FileStamp? {
    do throws(Errno) {
      var stamp = try FileStamp(of: path)
      if stamp.kind == .link {
        let target = try Self.realPath(path)
        stamp = try FileStamp(of: target)
        guard stamp.kind == .file,
          roots.contains(where: { root in root.realPath.map { target.starts(with: $0) } ?? false })
        else {
          if refused.insert(path).inserted { findings.append(.refusedLink(path)) }
          return nil
        }
      }
      return stamp.kind == .file ? stamp : nil
    } catch {
      // A link to nothing may be one to something later.
      if error != .noSuchFileOrDirectory { findings.append(.unreadable(path, error)) }
      return nil
    }
  }

  private func judgeDue() {
    for path in quiet.due(now: Self.now) {
      guard let root = homes[path], let stamp = stamp(of: path) else {
        quiet.drop(path)
        continue
      }
      let verdict = quiet.judge(
        path,
        stamp,
        isOpen: OpenWriters.areThere(path),
        isUnfinished: LeakNames.hasCompanion(path),
        now: Self.now
      )
      guard case .complete = verdict else { continue }
      taken[path] = stamp
      homes[path] = nil
      findings.append(.complete(FoundFile(path: path, root: roots[root].path, stamp: stamp)))
    }
  }

  /// A path without links in it.
  public static func realPath(_ path: FilePath) throws(Errno) -> FilePath {
    let resolved: FilePath? = unsafe path.withPlatformString { text in
      guard let real = unsafe realpath(text, nil) else { return nil }
      defer { unsafe free(real) }
      return unsafe FilePath(platformString: real)
    }
    guard let resolved else { throw Errno(rawValue: errno) }
    return resolved
  }
}
