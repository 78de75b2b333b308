import BankCore
import BankService
import CLibPQ
import Glibc

/// Why no connection came about, by SQLSTATE where the server gave one, and else by what libpq
/// saw. Its text is only looked at, never shown: it can hold a part of the password.
enum ConnectFaults {
  static func silence(
    _ host: ServerAddress.Host, hasReached: Bool, milliseconds: Int
  ) -> StoreFault {
    let text =
      hasReached
      ? "\(host.display) accepts connections and does not answer: server frozen, or another service"
      : "no answer from \(host.display) in \(seconds(milliseconds)): firewall, or the machine is off"
    return StoreFault(.connect, text, missedDeadline: true)
  }

  static func fault(
    _ handle: OpaquePointer, _ host: ServerAddress.Host, hasReached: Bool
  ) -> StoreFault {
    let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    let states = SQLState.all(in: message)
    // With sslmode=prefer libpq tries again without encryption, and its last error may be about
    // that. A refused login was the real answer; else the first error is.
    if let state = states.first(where: { $0 == "28P01" }) ?? states.first {
      return fault(state, message, host)
    }
    if PQconnectionNeedsPassword(handle) == 1 {
      return StoreFault(.secretMissing, "\(host.display) asks for a password and none was given")
    }
    return faultWithoutState(message, host, hasReached: hasReached)
  }

  private static func fault(
    _ state: String, _ message: String, _ host: ServerAddress.Host
  ) -> StoreFault {
    let place = host.display
    func fault(_ cause: CauseCode, _ text: String) -> StoreFault {
      StoreFault(cause, text, sqlState: state)
    }
    if isFromPooler(message) {
      return fault(.pooler, "the pooler at \(place) answers, the database behind it does not")
    }
    switch state {
    case "28P01":
      return fault(.login, "\(place) refuses the login: wrong password, unknown or expired role")
    case "28000" where message.contains("pg_hba.conf"):
      return fault(
        .accessRule,
        "\(place) has no access rule for this role, database, address and encryption")
    case "28000":
      return fault(.login, "\(place) refuses the login: this role may not log in that way")
    case "3D000":
      return fault(.noSuchDatabase, "\(place) has no database of that name")
    case "42501":
      return fault(.noSuchDatabase, "\(place) does not let this role into that database")
    case "42704", "22023":
      return fault(.startOptions, "\(place) does not know a setting that is asked for at the start")
    default:
      return StatementFaults.fault(state, "", layer: .connect, place: place)
    }
  }

  /// PgBouncer has no codes of its own for these (its objects.c and client.c).
  private static func isFromPooler(_ message: String) -> Bool {
    ["pgbouncer", "server login has been failing", "server_login_retry", "no such database"]
      .contains(where: message.contains)
  }

  private static func faultWithoutState(
    _ message: String, _ host: ServerAddress.Host, hasReached: Bool
  ) -> StoreFault {
    let place = host.display
    if let fault = systemFault(message, host) { return fault }
    if message.contains("hot standby") || message.contains("session is read-only")
      || message.contains("session is not read-only")
    {
      return StoreFault(.readOnly, "\(place) is not the kind of server that the address asks for")
    }
    if isAnotherService(message) {
      return StoreFault(.notThisService, "\(place) does not speak PostgreSQL: another service")
    }
    if message.contains("SSL") || message.contains("certificate") || message.contains("GSSAPI") {
      return StoreFault(.encryption, "\(encryptionText(message)) (\(place))")
    }
    if hasReached {
      return StoreFault(
        .connect, "\(place) closed the connection at once: server going down, or another service")
    }
    return StoreFault(.connect, "no connection to \(place)")
  }

  /// What the system said, in the words of its own `strerror`, whatever the language.
  private static func systemFault(
    _ message: String, _ host: ServerAddress.Host
  ) -> StoreFault? {
    let place = host.display
    func said(_ code: Int32) -> Bool {
      strerror(code).map { message.contains(String(cString: $0)) } ?? false
    }
    if said(ECONNREFUSED) {
      return StoreFault(
        .connect, "nothing listens at \(place): server stopped or wrong port")
    }
    if host.isSocket, said(ENOENT) {
      return StoreFault(
        .connect, "nothing listens at \(place): server stopped or wrong directory")
    }
    if said(EHOSTUNREACH) {
      return StoreFault(.connect, "no route to \(place): the machine or the network is off")
    }
    if said(ENETUNREACH) {
      return StoreFault(.connect, "no network leads to \(place): VPN or cable")
    }
    if !message.contains("SSL"), said(EACCES) || said(EPERM) {
      return StoreFault(.connect, "this machine does not allow connections to \(place)")
    }
    return said(ETIMEDOUT)
      ? StoreFault(
        .connect, "no answer from \(place): firewall, or the machine is off", missedDeadline: true)
      : nil
  }

  /// HTTP, MySQL, Redis and SSH answer our greeting with something else (measured; SSH's first
  /// letter reads as a yes to encryption).
  private static func isAnotherService(_ message: String) -> Bool {
    [
      "invalid response to SSL negotiation", "expected authentication request",
      "SSL SYSCALL error", "wrong version number", "invalid SSL record", "packet length too long",
    ].contains(where: message.contains)
  }

  private static func encryptionText(_ message: String) -> String {
    if message.contains("does not support SSL") {
      return "the server has no encryption, and the address demands it"
    }
    if message.contains("root certificate") {
      return "the file with the certificate authority is missing or cannot be read"
    }
    if message.contains("does not match host name") {
      return "the server's certificate is for another name"
    }
    if message.contains("certificate verify failed") {
      return "the server's certificate is not trusted, or has expired"
    }
    return "no encrypted connection came about"
  }
}
