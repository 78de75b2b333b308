import BankCore
import BankService

/// Why a server, or a pooler in its place, lets nobody in: by its code, and where one code stands
/// for several reasons by its words. In another language these stay unnoticed, and the most common
/// reason of the code is named.
struct ServerRefusals {
  let complaint: Complaint
  let place: String
  /// What must not be repeated of its words.
  let hidden: [String]

  private var words: String { complaint.words }

  func fault(_ state: String) -> StoreFault {
    // A pooler's code is always the same.
    if let fault = PoolerFaults.fault(words, place, isCoded: state == "08P01") {
      return StoreFault(
        fault.kind ?? .poolerWithoutServer, fault.text, remedy: fault.remedy, sqlState: state)
    }
    if complaint.isAboutSettings || ["42704", "22023"].contains(state) {
      let name = setting.map { ": '\($0)'" } ?? ""
      return refused(
        .unknownSetting, "\(place) refuses a setting that is asked for at the start\(name)", state)
    }
    if complaint.isFromFunction {
      return refused(
        .loginTrigger,
        "something that the database at \(place) does at each login raises an error: "
          + Disclosure.words(words, hiding: hidden), state)
    }
    switch state {
    case "28P01":
      return refused(
        .loginRefused, "\(place) refuses the login: wrong password, unknown or expired role", state)
    case "28000": return notAuthorized(state)
    case "3D000": return refused(.databaseMissing, "\(place) has no database of that name", state)
    case "42501":
      return refused(
        .databaseForbidden, "\(place) does not let this role into that database", state)
    case "55000":
      return refused(
        .databaseClosed, "\(place) accepts no connection to that database",
        remedy: words.contains("invalid database")
          ? "Dropping the database was interrupted. Run DROP DATABASE name, then restore the bank's backup."
          : nil,
        state)
    case "53300" where ["for role ", "for database "].contains(where: words.contains):
      return refused(
        .roleLimit, "\(place) allows this role or database no further connection", state)
    case "08000"..."08ZZZ":
      return StoreFault(
        .connect,
        "\(place) answered with error \(state): \(Disclosure.words(words, hiding: hidden))",
        sqlState: state)
    default:
      return StatementFaults.fault(
        state, Disclosure.words(words, hiding: hidden), layer: .connect, place: place)
    }
  }

  /// The name of the setting that it speaks of; never its value.
  private var setting: String? {
    let quoted = words.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().first
    return quoted.flatMap { name in
      let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "_") }
      return isName && words.contains("parameter") ? String(name) : nil
    }
  }

  private func refused(
    _ kind: FaultKind, _ text: String, remedy: String? = nil, _ state: String
  ) -> StoreFault {
    StoreFault(kind, text, remedy: remedy, sqlState: state)
  }

  /// One code for rules, certificates, roles and ways to log in.
  private func notAuthorized(_ state: String) -> StoreFault {
    if words.contains("pg_hba.conf") {
      return refused(
        .noAccessRule,
        "\(place) has no access rule for this role, database, address and encryption", state)
    }
    if words.contains("client certificate") || words.contains("certificate authentication failed") {
      return refused(
        .clientCertificateDemanded, "\(place) demands a certificate of this client", state)
    }
    if words.contains("does not exist") {
      return refused(
        .loginRefused, "\(place) knows no role of that name",
        remedy: "Correct the user in the address, or have the role made: CREATE ROLE name LOGIN.",
        state)
    }
    return refused(
      .loginNotAllowed, "\(place) refuses the login: this role may not log in that way", state)
  }
}
