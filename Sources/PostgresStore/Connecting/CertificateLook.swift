import BankCore
import BankService
import CLibPQ
import ConnectionString
import Glibc

/// Why a certificate was not accepted. libpq says no more than that it was not, and has closed the
/// connection by then; so this opens another, which believes everything, looks at the dates and
/// hangs up before a word about us is said.
struct CertificateLook {
  let host: ServerAddress.Host
  let numeric: String?

  /// - Returns: the fault with the reason where it is the date, else `fault`.
  func explain(_ fault: StoreFault, by deadline: Deadline) -> StoreFault {
    guard fault.kind == .certificateNotTrusted else { return fault }
    switch age(by: deadline) {
    case 1...:
      return StoreFault(
        .certificateExpired, "the certificate of the server at \(host.place) has expired")
    case ..<0:
      return StoreFault(
        .certificateExpired, "the certificate of the server at \(host.place) is not valid yet")
    default: return fault
    }
  }

  /// As `PQcertificateAge` says it.
  private func age(by deadline: Deadline) -> Int32 {
    // No file is there: neither an authority to check with, nor a certificate of ours to show.
    let none = "/dev/null/none"
    let values = [
      "host": host.name, "hostaddr": numeric ?? "", "port": host.port, "sslmode": "require",
      "sslrootcert": none, "sslcert": none, "gssencmode": "disable", "user": "none",
    ].filter { !$0.value.isEmpty }
    guard let handle = beginConnecting(values) else { return 0 }
    defer { PQfinish(handle) }
    var next = PGRES_POLLING_WRITING
    while PQstatus(handle) != CONNECTION_BAD, next != PGRES_POLLING_FAILED {
      // Encrypted, and nothing of the login has been sent.
      if PQsslInUse(handle) == 1, PQstatus(handle) == CONNECTION_MADE {
        return PQcertificateAge(handle)
      }
      let events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT
      var poller = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
      let ready = poll(&poller, 1, deadline.remainingMilliseconds)
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { return 0 }
      next = PQconnectPoll(handle)
    }
    return 0
  }
}
