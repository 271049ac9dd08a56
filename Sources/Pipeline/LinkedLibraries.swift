import Glibc

/// Versions of C libraries that this process is linked with, which need not be those that it was built
/// against: asked of the libraries themselves.
enum LinkedLibraries {
  /// SQLite's version; nil where it is not loaded.
  static var sqlite: String? {
    typealias Function = @convention(c) () -> UnsafePointer<CChar>?
    guard let address = unsafe dlsym(nil, "sqlite3_libversion") else { return nil }
    return unsafe unsafeBitCast(address, to: Function.self)().map { unsafe String(cString: $0) }
  }
}
