import BankCore
import Files

/// The files that libpq and OpenSSL read by themselves while they connect. They wait for ever for a
/// named pipe that stands in the place of one.
enum NamedFiles {
  private static let standard = [
    ("sslcert", "postgresql.crt"), ("sslcrl", "root.crl"), ("sslkey", "postgresql.key"),
    ("sslrootcert", "root.crt"),
  ]

  /// What stands in the place of a file that a variable names, and that would be read for this address.
  private static func checkVariables(_ values: ConnectionValues) throws(ConnectionMistake) {
    let names = (values["host"] ?? "").split(separator: ",")
    let isRead = [
      "SSL_CERT_FILE": values["sslrootcert"] == "system",
      // Only names without a dot are looked for there.
      "HOSTALIASES": names.contains { !$0.contains(".") && !$0.hasPrefix("/") },
    ]
    for file in LibraryFile.taken where isRead[file.variable] ?? true {
      throw ConnectionMistake(
        .valueUnusable,
        "\(file.variable) names \(Disclosure.shown(file.objection.path, of: "sslcert")), which "
          + "\(file.objection.text)",
        remedy: "Correct \(file.variable), or unset it.")
    }
  }

  /// What is not there, or may not be read, libpq names itself.
  static func check(
    _ values: ConnectionValues, _ surroundings: ConnectionSurroundings
  ) throws(ConnectionMistake) {
    try checkVariables(values)
    for (keyword, name) in standard {
      let named = values[keyword] ?? ""
      let path = named.isEmpty ? "\(surroundings.home)/.postgresql/\(name)" : named
      do throws(FileObjection) {
        try OrdinaryFile.check(path, atMost: 1 << 20)
      } catch {
        let shown = Disclosure.shown(path, of: keyword)
        let reason =
          named.isEmpty
          ? "libpq looks there for \(keyword)"
          : "\(keyword) comes from \(values.source(keyword).words)"
        throw ConnectionMistake(
          .valueUnusable, "\(shown) \(error.text); \(reason)",
          remedy: "Put the file itself in place of \(shown), or name another with "
            + "\(keyword)=FILE.")
      }
    }
  }
}
