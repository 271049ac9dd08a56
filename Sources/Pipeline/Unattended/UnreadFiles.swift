import Casebook
import Intake
import SystemPackage

/// Files and folders that could not be read, for as long as that is so.
struct UnreadFiles {
  private let state: ServiceState

  init(_ state: ServiceState) { self.state = state }

  /// Forgets those that are gone, folders that can be read again, and links that are files now.
  ///
  /// Files that can be read are forgotten as soon as they are.
  func forgetOld() {
    for unread in (try? state.casebook.unreadFiles()) ?? [] where isOld(unread) {
      try? state.casebook.forget(unread: unread.path)
    }
  }

  private func isOld(_ unread: UnreadFile) -> Bool {
    let path = SafeText.path(of: unread.path)
    do throws(Errno) {
      switch try FileStamp(of: path).kind {
      case .folder:
        _ = try FolderWatch.isEmpty(path)
        return true
      case .link: return false
      default: return unread.failure.code == "refused_link"
      }
    } catch {
      return [.noSuchFileOrDirectory, .notDirectory].contains(error)
    }
  }
}
