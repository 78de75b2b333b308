import BankCore
import BankService
import ConnectionString

/// Adds to a fault of a connection what the address knows about it: where the password or the
/// demand came from, and which value it was.
struct LoginWords {
  private let address: ServerAddress
  private let host: ServerAddress.Host

  init(_ address: ServerAddress, _ host: ServerAddress.Host) {
    (self.address, self.host) = (address, host)
  }

  func explained(_ fault: StoreFault) -> StoreFault {
    switch fault.kind {
    case .passwordMissing?: address.password(for: host).missing(at: host.place)
    case .loginRefused?: refused(fault)
    case .databaseMissing?: database(fault)
    case .noEncryption?: demanded(fault, "sslmode")
    case .authorityFileMissing?: authority(fault)
    case .channelBindingImpossible?: demanded(fault, "channel_binding")
    case .unknownSetting?: setting(fault)
    case .clientCertificateUnusable?: certificate(fault)
    case .valueUnusable?: demanded(fault, "requirepeer")
    default: fault
    }
  }

  private func with(_ fault: StoreFault, _ text: String, remedy: String? = nil) -> StoreFault {
    guard let kind = fault.kind else { return fault }
    return StoreFault(
      kind, text, remedy: remedy ?? fault.remedy, sqlState: fault.sqlState,
      missedDeadline: fault.missedDeadline)
  }

  /// A password that nobody typed may be an old one, and one of an odd form is seldom meant so.
  private func refused(_ fault: StoreFault) -> StoreFault {
    let source = address.password(for: host)
    var text = fault.text
    if let words = source.words { text += "; the password came from \(words)" }
    guard let oddity = source.oddity else { return with(fault, text) }
    return with(
      fault, "\(text); \(oddity.words)",
      remedy: "Correct the password in \(source.words ?? "the address"): \(oddity.words). Do not "
        + "try often: it may lock the role.")
  }

  /// As the name was read: what stands behind it is often taken for a part of it.
  private func database(_ fault: StoreFault) -> StoreFault {
    let name = address.database
    guard Disclosure.allows(name, of: "dbname") else { return fault }
    let shown = name.unicodeScalars.map { scalar -> String in
      scalar.isHidden
        ? "<U+\(String(scalar.value, radix: 16, uppercase: true))>" : String(scalar)
    }.joined()
    // A pooler has words and a remedy of its own.
    guard fault.remedy == nil else { return with(fault, "\(fault.text): '\(shown)'") }
    let text = "\(host.place) has no database named '\(shown)'"
    if name.contains("&") || name.contains("=") {
      return with(
        fault, text, remedy: "Write ? before the first setting of the address, & before the others."
      )
    }
    if shown != name {
      return with(fault, text, remedy: "Remove the invisible character from the database's name.")
    }
    if let last = name.last, !last.isLetter, !last.isNumber {
      return with(fault, text, remedy: "Remove the sign at the end of the database's name.")
    }
    if name.lowercased() != name {
      return with(
        fault, text + "; capital letters count",
        remedy: "Correct the database in the address: its capital letters count.")
    }
    return with(fault, text)
  }

  /// Who demands what cannot be had.
  private func demanded(_ fault: StoreFault, _ keyword: String) -> StoreFault {
    guard let value = address.values[keyword] else { return fault }
    let source = address.values.source(keyword)
    let shown = Disclosure.allows(value, of: keyword) ? "\(keyword)=\(value)" : keyword
    let text = "\(fault.text); \(shown) comes from \(source.words)"
    switch (source, fault.kind) {
    case (.variable(let name), .noEncryption?):
      return with(
        fault, text,
        remedy: "Turn ssl on at the server, or unset \(name) where the network is yours.")
    case (.variable, _), (.file, _):
      let away = if case .file = source { "remove that line" } else { "unset it" }
      return with(fault, text, remedy: "Correct \(source.words), or \(away).")
    case (.address, .valueUnusable?):
      return with(
        fault, text, remedy: "Take requirepeer out of the address, or name who runs the server.")
    default: return with(fault, text)
    }
  }

  /// Beside options= libpq sends a few settings that variables of their own give.
  private func setting(_ fault: StoreFault) -> StoreFault {
    let variables = ["TimeZone": "PGTZ", "DateStyle": "PGDATESTYLE", "geqo": "PGGEQO"]
    for (setting, variable) in variables.sorted(by: { $0.key < $1.key })
    where fault.text.contains("'\(setting)'") && address.hasVariable(variable) {
      return with(
        fault, "\(fault.text); it comes from \(variable)",
        remedy: "Correct \(variable), or unset it.")
    }
    return demanded(fault, fault.text.contains("'client_encoding'") ? "client_encoding" : "options")
  }

  /// What is wrong with the file itself has a remedy of its own by now.
  private func certificate(_ fault: StoreFault) -> StoreFault {
    guard fault.remedy == nil else { return fault }
    let file = Disclosure.shown(
      address.values["sslcert"] ?? "~/.postgresql/postgresql.crt", of: "sslcert")
    return with(
      fault, "\(fault.text); it is \(file)",
      remedy: "Name one that an authority of the server (its ssl_ca_file) has signed: sslcert=FILE "
        + "sslkey=FILE. If the server demands none, remove \(file).")
  }

  private func authority(_ fault: StoreFault) -> StoreFault {
    guard let file = address.values["sslrootcert"] else { return fault }
    let source = address.values.source("sslrootcert").words
    let shown = Disclosure.shown(file, of: "sslrootcert")
    if file == "system" {
      return with(
        fault,
        "\(fault.text): sslrootcert=system is for libpq 16 and later, this is "
          + "\(LibraryWords.version)",
        remedy: "Name the file of the system's authorities: "
          + "sslrootcert=/etc/ssl/certs/ca-certificates.crt.")
    }
    return with(
      fault, "\(fault.text); sslrootcert comes from \(source)",
      remedy: "Put the authority's certificate into \(shown), or name another file: sslrootcert "
        + "comes from \(source).")
  }
}
