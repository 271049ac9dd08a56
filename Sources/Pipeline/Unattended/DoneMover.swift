import Intake
import Logging
import SystemPackage

/// Moves the files of leaks that are done, where that was asked for.
struct DoneMover {
  private let state: ServiceState

  init(_ state: ServiceState) { self.state = state }

  /// Moves a file that still looks as it did when it was examined; a failure is told and no more.
  func move(
    _ path: FilePath,
    below root: FilePath,
    as stamp: FileStamp,
    into folder: DoneFolder
  ) {
    guard let now = try? FileStamp(of: path, followingLinks: true), now.inode == stamp.inode,
      now.sizeBytes == stamp.sizeBytes, now.changedNanoseconds == stamp.changedNanoseconds
    else { return }
    do throws(PipelineError) {
      let place = try folder.take(path, below: root)
      state.log.info(
        "moved",
        metadata: [
          "path": .string(SafeText.of(path)), "to": .string(SafeText.of(place)),
        ]
      )
    } catch {
      state.log.warning(
        "not_moved",
        metadata: ["path": .string(SafeText.of(path)), "cause": .string(error.message)]
      )
    }
  }
}
