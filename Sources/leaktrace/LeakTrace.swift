import ArgumentParser
import Foundation
import Glibc
import Pipeline

/// The program.
@main
struct LeakTrace: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaktrace",
    abstract: "Trace film leaks to the film they copy.",
    discussion: """
      Keep your releases in a reference library, then ask which of them a camcorder copy shows, \
      which stretches of it, how sure that is, and which gambling ads were burned into it.

      EXAMPLES
        leaktrace reference add --title "The Film" film.mov
        leaktrace reference add --manifest releases.csv
        leaktrace match leak.mp4
        leaktrace match --json incoming/ > results.jsonl
        leaktrace ads unknown.mp4
        leaktrace brand import brands.json
        leaktrace links
        leaktrace screening import screenings.csv
        leaktrace mark detect --key lab.key --asset FILM leak.mp4
        leaktrace watch --reports reports/ incoming/
        leaktrace status
        leaktrace doctor

      \(ExitStatus.help)
      """,
    version: Doctor.version,
    subcommands: [
      ReferenceCommand.self, MatchCommand.self, AdsCommand.self, BrandCommand.self,
      LinksCommand.self, CaptureCommand.self, ScreeningCommand.self, SeatCommand.self,
      MarkCommand.self, VendorCommand.self, WatchCommand.self, BatchCommand.self,
      QueueCommand.self, StatusCommand.self, BackupCommand.self,
      DoctorCommand.self,
    ]
  )

  static func main() {
    Console.occupyStandardStreams()
    var command: any ParsableCommand
    do {
      command = try parseAsRoot(RawArguments.ofProcess())
    } catch {
      end(error)
    }
    guard let command = command as? any LeakTraceCommand else {
      // Help and version, and the names of groups of commands, which print their help.
      do { try command.run() } catch { end(error) }
      exit(.success)
    }
    let interruption = Interruption()
    do {
      let status = try command.run(interruption)
      exit(interruption.flag.isCancelled ? .cancelled : status)
    } catch {
      let cause = PipelineError(error)
      if cause.kind != .cancelled { Console.shared.complain(cause.message) }
      exit(interruption.flag.isCancelled ? .cancelled : ExitStatus(cause.kind))
    }
  }

  /// Ends the process; results that could not be written make a success a failure.
  private static func exit(_ status: ExitStatus) -> Never {
    guard let failure = Console.shared.outputFailure else { Glibc.exit(status.rawValue) }
    Console.shared.complain("cannot write the results (\(failure))")
    let isGraver = [.libraryDamaged, .libraryLocked, .cancelled].contains(status)
    Glibc.exit(isGraver ? status.rawValue : ExitStatus.outputLost.rawValue)
  }

  /// Prints what ArgumentParser has to say and ends; its own code for wrong usage, 64, is none of
  /// ours.
  private static func end(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    let text = fullMessage(for: error)
    if code.isSuccess {
      if !text.isEmpty { Console.shared.print(text) }
    } else {
      // Arguments are quoted in it; only line ends are meant to reach the terminal.
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        Console.shared.note(SafeText.of(String(line)))
      }
    }
    exit(code.isSuccess ? .success : .usage)
  }
}
