import BankCore
import BankService
import CLibPQ
import ConnectionString
import Glibc

/// Why no connection came about, by SQLSTATE where the server gave one, and else by what libpq
/// saw. Its text is only looked at, never shown: it can hold a part of the password.
enum ConnectFaults {
  static func silence(
    _ host: ServerAddress.Host, hasReached: Bool, milliseconds: Int
  ) -> StoreFault {
    guard hasReached else {
      return StoreFault(
        .noAnswer,
        "no answer from \(host.place) in \(seconds(milliseconds)): firewall, or the machine is off",
        missedDeadline: true)
    }
    return StoreFault(
      .silentService,
      "\(host.place) accepts connections and says nothing: server frozen, or another service",
      missedDeadline: true)
  }

  /// It has said something, and does not go on.
  static func unfinished(
    _ handle: OpaquePointer, _ host: ServerAddress.Host, milliseconds: Int
  ) -> StoreFault {
    // Any word that begins with S reads as a yes to encryption, that of an SSH server too.
    guard PQstatus(handle) != CONNECTION_SSL_STARTUP else {
      return StoreFault(
        .silentService, "\(host.place) says one word and no more: another service, or frozen",
        missedDeadline: true)
    }
    return loginUnanswered(host.place, milliseconds: milliseconds)
  }

  static func loginUnanswered(_ place: String, milliseconds: Int) -> StoreFault {
    StoreFault(
      .loginUnanswered,
      "\(place) speaks PostgreSQL and did not finish the login in \(seconds(milliseconds))",
      missedDeadline: true)
  }

  /// - Parameter hidden: what must not be repeated of a server's words, such as the password.
  static func fault(
    _ handle: OpaquePointer, _ host: ServerAddress.Host, hasReached: Bool, hiding hidden: [String]
  ) -> StoreFault {
    let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    let complaint = Complaint.decisive(in: message)
    if let state = complaint.state {
      return ServerRefusals(complaint: complaint, place: host.place, hidden: hidden).fault(state)
    }
    if PQconnectionNeedsPassword(handle) == 1 {
      return StoreFault(.passwordMissing, "\(host.place) asks for a password and none was given")
    }
    return faultWithoutState(complaint.text, host, hasReached: hasReached)
  }

  private static func faultWithoutState(
    _ message: String, _ host: ServerAddress.Host, hasReached: Bool
  ) -> StoreFault {
    let place = host.place
    // What libpq says of its own files and demands is no word of the server.
    if let fault = OwnFaults.fault(message, place) { return fault }
    if let fault = systemFault(message, host) { return fault }
    if message.contains("hot standby") || message.contains("session is read-only")
      || message.contains("session is not read-only")
    {
      return StoreFault(
        .wrongKindOfServer, "\(place) is not the kind of server that the address asks for")
    }
    if isAnotherService(message) {
      return StoreFault(.otherService, "\(place) does not speak PostgreSQL: another service")
    }
    if message.contains("SSL") || message.contains("certificate") || message.contains("GSSAPI") {
      let (kind, text) = encryptionFault(message)
      return StoreFault(kind, "\(text) (\(place))")
    }
    if hasReached, message.contains("server closed the connection unexpectedly") {
      return StoreFault(
        .closedAtOnce,
        "\(place) closed the connection at once: server going down, or another service")
    }
    if hasReached {
      return StoreFault(.connect, "\(place) and libpq could not agree on a connection")
    }
    return StoreFault(.connect, "no connection to \(place)")
  }

  /// What the system said, in the words of its own `strerror`, whatever the language.
  private static func systemFault(
    _ message: String, _ host: ServerAddress.Host
  ) -> StoreFault? {
    let speaksOfEncryption = message.contains("SSL")
    for code in [ECONNREFUSED, ENOENT, EHOSTUNREACH, ENETUNREACH, EACCES, EPERM, ETIMEDOUT] {
      // The files of keys and certificates have rights of their own.
      if speaksOfEncryption, [EACCES, EPERM, ENOENT].contains(code) { continue }
      if strerror(code).map({ message.contains(String(cString: $0)) }) ?? false,
        let fault = systemFault(code, host)
      {
        return fault
      }
    }
    return nil
  }

  /// What an error of the system means while connecting; nil for one that says nothing to people.
  static func systemFault(_ code: Int32, _ host: ServerAddress.Host) -> StoreFault? {
    let place = host.place
    switch code {
    case ECONNREFUSED:
      return StoreFault(
        .nothingListens, "nothing listens at \(place): server stopped or wrong port")
    case ENOENT where host.isSocket:
      return StoreFault(
        .socketMissing, "nothing listens at \(place): server stopped or wrong directory")
    case EHOSTUNREACH:
      return StoreFault(.noRoute, "no route to \(place): the machine or the network is off")
    case ENETUNREACH:
      return StoreFault(.noNetwork, "no network leads to \(place): VPN or cable")
    case EACCES, EPERM:
      return StoreFault(.forbiddenHere, "this machine does not allow connections to \(place)")
    case ETIMEDOUT:
      return StoreFault(
        .noAnswer, "no answer from \(place): firewall, or the machine is off",
        missedDeadline: true)
    default: return nil
    }
  }

  /// HTTP, MySQL, Redis and SSH answer our greeting with something else (measured; SSH's first
  /// letter reads as a yes to encryption).
  private static func isAnotherService(_ message: String) -> Bool {
    [
      "invalid response to SSL negotiation", "expected authentication request",
      "SSL SYSCALL error", "wrong version number", "invalid SSL record", "packet length too long",
    ].contains(where: message.contains)
  }

  /// What the other side says of our certificate (RFC 8446, 6.2), in OpenSSL's words. Of its own
  /// certificate this side complains, and calls it no alert.
  private static func clientCertificateAlert(in message: String) -> String? {
    [
      "unknown ca", "bad certificate", "certificate expired", "certificate revoked",
      "certificate unknown", "unsupported certificate",
      // Signed by another authority of the same name.
      "decrypt error",
    ].first { message.contains("alert \($0)") }.map { "alert \($0)" }
  }

  private static func encryptionFault(_ message: String) -> (FaultKind, String) {
    if let alert = clientCertificateAlert(in: message) {
      return (
        .clientCertificateUnusable, "the server does not take this client's certificate: \(alert)"
      )
    }
    if message.contains("does not support SSL") {
      return (.noEncryption, "the server has no encryption, and it is demanded here")
    }
    if message.contains("does not match host name") {
      return (.certificateForOtherName, "the server's certificate is for another name")
    }
    if message.contains("certificate verify failed") {
      return (
        .certificateNotTrusted, "the authority that signed the server's certificate is not trusted"
      )
    }
    return (.encryptionFailed, "no encrypted connection came about")
  }
}
