import Files
import Foundation
import Screen

/// A standard stream of the process.
struct Standard {
  static let output = Standard(descriptor: STDOUT_FILENO)
  static let error = Standard(descriptor: STDERR_FILENO)

  private let descriptor: Int32

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Makes sure that the three standard streams are open. Where one is closed, the next file that is
  /// opened takes its number, and answers would be written into it: into the manual ledger even.
  /// What stands in takes no writing, so that a closed stream is still noticed.
  static func holdPlaces() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is this one: those below it are open by now.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  enum Delivery: Equatable {
    case complete
    /// The reader went away, such as `head`: nobody is there to be told.
    case unwanted
    /// Such as a full disk behind a redirection.
    case failed(String)
  }

  /// Says to people what may be a mistake, and goes on.
  static func warn(_ warning: String) {
    error.write(sanitized("daybook: warning: \(warning)") + "\n")
  }

  /// Writes all of it.
  @discardableResult
  func write(_ text: String) -> Delivery {
    var text = text
    return text.withUTF8 { bytes in
      switch writeAll(UnsafeRawBufferPointer(bytes), to: descriptor) {
      case nil: .complete
      case EPIPE: .unwanted
      case let code?: .failed(String(cString: strerror(code)))
      }
    }
  }
}
