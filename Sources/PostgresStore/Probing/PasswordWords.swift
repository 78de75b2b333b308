import BankCore
import BankService
import ConnectionString

extension PasswordSource {
  var finding: LayerFinding {
    switch place {
    case .address: .pass("the password stands in the address")
    case .variable, .file: .pass("the password comes from \(words ?? "")")
    case .ignoredFile(let path):
      .warn(.passwordFileIgnored, "\(shown(path)) can be read by others and is ignored")
    case .unreadableFile(let path):
      .warn(
        .passwordFileIgnored, "the password file \(shown(path)) cannot be read",
        remedy: Self.ownerRemedy(shown(path)))
    case .fileWithoutEntry(let path):
      .pass("\(shown(path)) has no line for this connection")
    case .missingFile(let path, let named):
      .warn(
        .passwordFileMissing,
        "the password file \(shown(path)), which \(named) names, is not there")
    case .none: .pass("no password is configured")
    }
  }

  /// The server asks for a password that is not there.
  func missing(at server: String) -> StoreFault {
    let asks = "\(server) asks for a password"
    switch place {
    case .ignoredFile(let path):
      let path = shown(path)
      return StoreFault(
        .passwordFileIgnored, "\(asks), and \(path) can be read by others, so it is ignored",
        remedy: "chmod 600 \(path)")
    case .unreadableFile(let path):
      return StoreFault(
        .passwordFileIgnored,
        "\(asks), and the password file \(shown(path)) cannot be read",
        remedy: Self.ownerRemedy(shown(path)))
    case .fileWithoutEntry(let path):
      return StoreFault(
        .passwordFileHasNoEntry,
        "\(asks), and \(shown(path)) has no line for this host, port, database and user")
    case .missingFile(let path, let named):
      let hint = path.hasPrefix("~") ? " The ~ stands for no directory there: write it out." : ""
      return StoreFault(
        .passwordFileMissing,
        "\(asks), and the password file \(shown(path)), which \(named) names, is not there",
        remedy: "Correct \(named), or unset it and use ~/.pgpass." + hint)
    case .address, .variable, .file, .none:
      return StoreFault(.passwordMissing, "\(asks), and none is configured")
    }
  }

  private static func ownerRemedy(_ path: String) -> String {
    "Run ls -l \(path). The file must belong to the user that runs daybook, with mode 600."
  }

  private func shown(_ path: String) -> String { Disclosure.shown(path, of: "passfile") }
}
