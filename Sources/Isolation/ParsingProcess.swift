import CSandbox
import Glibc
public import MediaIO
import SystemPackage
import TextEngine
import VideoCore

/// The whole life of a process that parses hostile bytes for another.
public enum ParsingProcess {
  /// Serves the process that started this one until that goes away.
  ///
  /// The arguments are those of ``WorkerProcess``. What is opened before the process is confined is
  /// the lab's own: libraries, and data of languages.
  public static func run(_ arguments: [String]) -> Never {
    guard arguments.count >= 5, let role = WorkerProcess.Role(rawValue: arguments[1]),
      let parent = Int32(arguments[2]), let memory = UInt64(arguments[3]),
      let seconds = UInt64(arguments[4]), csandbox_end_with(parent) == 1
    else { exit(64) }
    var limits = IsolationPolicy.Limits()
    (limits.memoryBytes, limits.processorSeconds) = (memory, seconds)
    let channel = Channel(Int32(CSANDBOX_CHANNEL))
    do {
      switch role {
      case .probe:
        try greet(channel, limits)
        _ = try channel.receive()
      case .trial:
        try greet(channel, limits)
        let number = arguments.count > 5 ? unsafe csandbox_try(arguments[5]) : EINVAL
        var message = WireWriter(.failure)
        message.put(MediaError(.ioError, "refused", errno: number))
        if number != 0 { try channel.sender.send(message.finished()) }
      case .media:
        // Its size is asked for now: no file can be examined later.
        let input = try MediaInput.opened(FileDescriptor(rawValue: Int32(CSANDBOX_INPUT)))
        // No library can be loaded later either. Whoever asks for a film is told where one is missing.
        try? FFmpegLibrary.load()
        try greet(channel, limits)
        try MediaService.serve(input, over: channel)
      case .text:
        let folder = arguments.count > 5 && !arguments[5].isEmpty ? arguments[5] : nil
        let lists = arguments.dropFirst(6).map { $0.split(separator: "+").map(String.init) }
        let engines = Result {
          try lists.map { try TesseractEngine(languages: $0, dataFolder: folder) }
        }
        try greet(channel, limits)
        try serve(try report(engines, channel), over: channel)
      }
    } catch {
      // The parent has gone, or makes no sense; it knows.
      exit(1)
    }
    exit(0)
  }

  private static func greet(_ channel: Channel, _ limits: IsolationPolicy.Limits) throws {
    let landlock = Confinement.landlockVersion
    let held = Confinement.confineThisProcess(limits)
    var message = WireWriter(.hello)
    message.put(Wire.version)
    message.put(held.rawValue)
    message.put(UInt32(landlock))
    try channel.sender.send(message.finished())
  }

  private static func report(
    _ engines: Result<[TesseractEngine], any Error>,
    _ channel: Channel
  ) throws -> [TesseractEngine] {
    var message = WireWriter(.textOpened)
    do {
      let opened = try engines.get()
      message.put(Int32(0))
      message.put("")
      try channel.sender.send(message.finished())
      return opened
    } catch let failure as TesseractEngine.Failure {
      message.put(failure.status)
      message.put(failure.language)
      try channel.sender.send(message.finished())
      throw failure
    }
  }

  private static func serve(_ engines: [TesseractEngine], over channel: Channel) throws {
    while true {
      var (kind, question) = try channel.receive()
      guard kind == .readText else { throw WireError() }
      let engine = Int(try question.integer(UInt32.self))
      let mode = try question.integer(Int32.self)
      let size = try question.size(most: 1 << 15)
      let plane = LumaPlane(size: size, pixels: Array(try question.raw(size.area)))
      try question.finish()
      guard engines.indices.contains(engine) else { throw WireError() }
      let symbols = engines[engine].read(plane, mode: mode)
      var message = WireWriter(.symbols)
      message.put(optional: symbols) { writer, symbols in
        writer.put(UInt32(symbols.count))
        for symbol in symbols { writer.put(symbol) }
      }
      try channel.sender.send(message.finished())
    }
  }
}

extension Confinement {
  /// Has confined processes try what they must not be able to do: whether each deed was refused.
  ///
  /// - Throws: ``MediaError/Code/notIsolated`` where no process can be started.
  public static func trials(
    _ policy: IsolationPolicy = IsolationPolicy()
  ) throws(MediaError) -> [String: Bool] {
    var refused: [String: Bool] = [:]
    for deed in [
      "read_file", "write_file", "list_folder", "connect", "start_process", "run_memory", "signal",
    ] {
      let process = try WorkerProcess(.trial, extra: [deed], policy: policy) { false }
      do throws(MediaError) {
        _ = try process.receive()
        refused[deed] = false
      } catch {
        // Refused with an error, or ended for the attempt; one that succeeds says nothing and ends.
        refused[deed] = error.errno != nil || error.code == .forbiddenCall
      }
    }
    return refused
  }

  /// What would hold a parsing process on this machine, and the version of the kernel's Landlock.
  ///
  /// - Throws: ``MediaError/Code/notIsolated`` where none can be started.
  public static func probe(
    _ policy: IsolationPolicy = IsolationPolicy()
  ) throws(MediaError) -> (held: Confinement, landlockVersion: Int) {
    let process = try WorkerProcess(.probe, policy: policy) { false }
    return (process.confinement, process.landlockVersion)
  }
}

extension IsolationPolicy {
  /// Starts a parsing process to see whether it can be had, confined as the policy asks for.
  ///
  /// - Throws: ``MediaError/Code/notIsolated``.
  public func check() throws(MediaError) { _ = try Confinement.probe(self) }
}
