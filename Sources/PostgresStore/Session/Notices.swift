import CLibPQ

/// Collects what the server says without being asked. libpq would write it to standard error, in
/// the middle of the screen.
final class Notices {
  /// Whether the server gave up waiting for a standby since the last errand began. Told by the
  /// function that warns: a trigger of somebody's own may warn of anything with the same code.
  private(set) var hasUnconfirmedCommit = false

  /// The words with which the server, or a pooler in its place, ended the session by itself.
  private(set) var goodbye: ServerError?

  func clear() {
    hasUnconfirmedCommit = false
    goodbye = nil
  }

  /// Receives the notices of a connection, which must not outlive this object.
  func listen(to handle: OpaquePointer) {
    PQsetNoticeReceiver(
      handle,
      { context, result in
        guard let context, let result else { return }
        let notices = Unmanaged<Notices>.fromOpaque(context).takeUnretainedValue()
        let answer = ServerError(result)
        if answer.endsSession { notices.goodbye = answer }
        if answer.routine == "SyncRepWaitForLSN" { notices.hasUnconfirmedCommit = true }
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}

/// The parts of an error or a notice that are used.
struct ServerError {
  let sqlState: String?
  let message: String
  /// The function of the server that says it; its name is the same in every language.
  let routine: String
  /// What the server names: its object and the part of it, where it names one.
  let table: String?
  let column: String?
  let constraint: String?
  /// FATAL and PANIC: the server closes the session after it.
  let endsSession: Bool

  init(_ result: OpaquePointer) {
    func field(_ code: Character) -> String? {
      PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
    }
    // The field codes of the protocol, "Error and Notice Message Fields"; libpq's names for them
    // are macros that Swift does not see.
    sqlState = field("C")
    message = field("M") ?? ""
    routine = field("R") ?? ""
    table = field("t").map { "\(field("s") ?? "").\($0)" }
    column = field("c")
    constraint = field("n")
    // A pooler says its severity only in the field that a server translates.
    endsSession = ["FATAL", "PANIC"].contains(field("V") ?? field("S"))
  }
}
