import CNcurses
import Glibc

/// Keeps what is written to standard error off the screen, and hands it over afterwards.
///
/// Standard error that is not the terminal is left alone.
struct StandardErrorDiversion {
  /// The terminal's own standard error, to be put back; -1 where nothing is diverted.
  private(set) var saved: Int32 = -1
  /// What is written meanwhile, if it is to be replayed; else -1.
  private(set) var memory: Int32 = -1

  /// Begins to divert, into a descriptor of the caller's or into memory.
  init(to descriptor: Int32?) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    let target: Int32
    if let descriptor {
      target = descriptor
    } else {
      memory = terminal_memory_file()
      target = memory
    }
    guard target >= 0 else { return }
    saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    guard saved >= 0 else { return }
    dup2(target, STDERR_FILENO)
  }

  /// Puts standard error back, for good or for a while, and writes what was kept to it.
  func replay() {
    guard saved >= 0 else { return }
    dup2(saved, STDERR_FILENO)
    guard memory >= 0 else { return }
    var offset: off_t = 0
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = pread(memory, &bytes, bytes.count, offset)
      guard count > 0 else { break }
      _ = Glibc.write(STDERR_FILENO, bytes, count)
      offset += off_t(count)
    }
    ftruncate(memory, 0)
    lseek(memory, 0, SEEK_SET)
  }

  /// Diverts again after ``replay()``.
  func resume(to descriptor: Int32?) {
    guard saved >= 0 else { return }
    dup2(descriptor ?? memory, STDERR_FILENO)
  }

  /// Ends the diversion.
  mutating func end() {
    replay()
    if memory >= 0 { _ = Glibc.close(memory) }
    if saved >= 0 { _ = Glibc.close(saved) }
    (saved, memory) = (-1, -1)
  }
}
