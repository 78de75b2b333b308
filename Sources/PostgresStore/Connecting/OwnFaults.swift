import BankCore
import BankService
import Foundation

/// What libpq says about its own side: files of this machine, and demands of the address that no
/// server has refused (fe-secure-openssl.c, fe-auth.c and fe-connect.c of its source).
enum OwnFaults {
  /// - Returns: nil for what is not about this side.
  static func fault(_ message: String, _ place: String) -> StoreFault? {
    func says(_ words: String) -> Bool { message.contains(words) }
    if says("channel binding") {
      return StoreFault(
        .channelBindingImpossible, "channel binding is demanded, and the login at \(place) has none"
      )
    }
    if says("requirepeer specifies") {
      let user = message.range(of: "name is \"").map { range in
        String(message[range.upperBound...].prefix { $0 != "\"" })
      }
      return StoreFault(
        .valueUnusable,
        "requirepeer demands another user than \(Disclosure.shown(user ?? "", of: "user")), who runs "
          + "the server at \(place)")
    }
    if says("root certificate file") || says("locate root certificate") {
      return authority(message, place)
    }
    return clientCertificate(message)
  }

  private static func authority(_ message: String, _ place: String) -> StoreFault {
    let file = file(in: message).map { " \($0)" } ?? ""
    return StoreFault(
      .authorityFileMissing,
      "the file\(file) with the certificate authority is missing or cannot be read (\(place))")
  }

  private static func clientCertificate(_ message: String) -> StoreFault? {
    func says(_ words: String) -> Bool { message.contains(words) }
    let file = file(in: message) ?? "FILE"
    func fault(_ what: String, _ remedy: String) -> StoreFault {
      StoreFault(.clientCertificateUnusable, what, remedy: remedy)
    }
    if says("group or world access") {
      return fault("the key \(file) can be read by others, so it is not used", "chmod 600 \(file)")
    }
    if says("does not match private key") || says("values mismatch") {
      return fault(
        "the key \(file) is not that of the client's certificate",
        "Put the key of that certificate into \(file), or name it with sslkey=FILE.")
    }
    if says("could not load private key file") {
      return fault(
        "the key \(file) cannot be read: it is locked or no key",
        "Write it unlocked, with openssl pkey -in \(file) -out NEW, or give sslpassword=.")
    }
    if says("private key file") {
      return fault(
        "the client's certificate has no key \(file) beside it",
        "Put the key of the certificate into \(file), or name it with sslkey=FILE.")
    }
    if says("certificate file \""), says("could not open") || says("could not read") {
      return fault(
        "the client's certificate \(file) cannot be read",
        "Correct or remove \(file), or name another with sslcert=FILE.")
    }
    return nil
  }

  /// The file that stands in quotation marks behind the word `file`.
  private static func file(in message: String) -> String? {
    guard let start = message.range(of: "file \"")?.upperBound else { return nil }
    return Disclosure.shown(String(message[start...].prefix { $0 != "\"" }), of: "sslcert")
  }
}
