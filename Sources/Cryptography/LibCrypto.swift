internal import CLibCrypto

/// Why a key or a signature could not be made.
public enum CryptographyFault: Error, Hashable, Sendable {
  /// Of what, and how many bytes it was given.
  case length(String, Int)
  /// What it was for, and what libcrypto says about it.
  case library(String, String)
}

/// libcrypto as this process uses it.
public enum LibCrypto {
  private static let isLeftStanding = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

  /// Keeps libcrypto from taking its tables away in `exit`, while a thread may still be inside it
  /// or inside libpq: the process would end with a signal instead of its exit status. Memory goes
  /// with the process.
  ///
  /// It has to come before whatever else sets the library up, such as the first encrypted
  /// connection. Further calls do nothing.
  public static func leaveStandingAtExit() {
    _ = isLeftStanding
  }

  /// A part of the library of our own. What openssl.cnf switches on or off is for connections; a
  /// signature that was right stays right.
  nonisolated(unsafe) private static let context: OpaquePointer? = {
    leaveStandingAtExit()
    return OSSL_LIB_CTX_new()
  }()

  /// Makes something of libcrypto's, which the caller has to free.
  static func make(
    _ purpose: String, _ work: (OpaquePointer) -> OpaquePointer?
  ) throws(CryptographyFault) -> OpaquePointer {
    var made: OpaquePointer?
    try require(purpose) { context in
      made = work(context)
      return made == nil ? 0 : 1
    }
    guard let made else { throw .library(purpose, "") }
    return made
  }

  /// Throws unless the work returns 1, which is libcrypto's yes.
  static func require(
    _ purpose: String, _ work: (OpaquePointer) -> Int32
  ) throws(CryptographyFault) {
    guard let context else { throw .library(purpose, "there is no memory for libcrypto") }
    var words = ""
    let result = answer {
      let result = work(context)
      if result != 1, let text = ERR_reason_error_string(ERR_peek_last_error()) {
        words = String(cString: text)
      }
      return result
    }
    guard result == 1 else { throw .library(purpose, words) }
  }

  /// Leaves the thread's list of errors as it was: libpq reads the same list.
  static func answer(_ work: () -> Int32) -> Int32 {
    ERR_set_mark()
    defer { ERR_pop_to_mark() }
    return work()
  }
}
