import BankCore
import BankService

/// The first words with whatever listens at a port: PostgreSQL answers the question for encryption
/// with one letter, everything else gives itself away.
struct ServerGreeting {
  let place: String

  /// `SSLRequest` of the protocol, "SSL Session Encryption".
  static let question: [UInt8] = [0, 0, 0, 8, 4, 210, 22, 47]

  /// - Parameter answer: the first bytes; none where the other side has hung up.
  /// - Returns: `S` for encryption, `N` for none, or `E` for a server that only complains.
  func understand(_ answer: ArraySlice<UInt8>) throws(StoreFault) -> Character {
    guard !answer.isEmpty else { throw closed }
    let letter = Character(UnicodeScalar(answer.first ?? 0))
    if answer.count == 1, letter == "S" || letter == "N" { return letter }
    // A server without memory or processes left answers with an error of its own.
    if letter == "E", !answer.starts(with: "ERR".utf8) { return letter }
    throw StoreFault(.otherService, "\(place) does not speak PostgreSQL: \(Self.name(answer))")
  }

  /// What it is instead. Nothing of what it said is repeated.
  private static func name(_ answer: ArraySlice<UInt8>) -> String {
    func begins(_ text: String) -> Bool { answer.starts(with: text.utf8) }
    let bytes = Array(answer)
    if begins("HTTP/") || begins("<") { return "it is a web server" }
    if begins("SSH-") { return "it is an SSH server" }
    if begins("-") || begins("+") || begins("*") { return "it answers like Redis" }
    if begins("220") { return "it is a mail or file server" }
    if bytes.count > 4, bytes[3] == 0, bytes[4] == 10 || bytes[4] == 255 {
      return "it is a MySQL or MariaDB server"
    }
    if bytes.count > 1, bytes[0] == 21 || bytes[0] == 22, bytes[1] == 3 {
      return "it speaks TLS at once, as HTTPS does"
    }
    return "it is another service"
  }

  var closed: StoreFault {
    StoreFault(
      .closedAtOnce, "\(place) closed the connection at once: server going down, or another service"
    )
  }
}
