import BankCore
import BankService
import Files

/// The files that libpq and OpenSSL read by themselves while they connect. They wait for ever for a
/// named pipe that stands in the place of one.
enum NamedFiles {
  private static let standard = [
    ("sslcert", "postgresql.crt"), ("sslcrl", "root.crl"), ("sslkey", "postgresql.key"),
    ("sslrootcert", "root.crt"),
  ]

  /// What is not there, or may not be read, libpq names itself.
  static func check(
    _ values: ConnectionValues, _ surroundings: ConnectionSurroundings
  ) throws(StoreFault) {
    for (keyword, name) in standard {
      let named = values[keyword] ?? ""
      let path = named.isEmpty ? "\(surroundings.home)/.postgresql/\(name)" : named
      do throws(FileObjection) {
        try OrdinaryFile.check(path, atMost: 1 << 20)
      } catch {
        throw StoreFault(.valueMissing, "\(Disclosure.shown(path, of: keyword)) \(error.text)")
      }
    }
  }
}
