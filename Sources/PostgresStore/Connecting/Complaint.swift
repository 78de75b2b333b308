import Foundation

/// What libpq says of one attempt: it puts those of all attempts, with encryption and without, one
/// behind the other into one message.
struct Complaint {
  let text: String
  /// The server's code; nil for what libpq says itself.
  let state: String?

  init(_ text: String) {
    self.text = text
    state = SQLState.found(in: text)
  }

  /// The server's own words: what stands behind the code, up to the end of its line.
  var words: String {
    guard let state, let code = text.range(of: "  \(state): ") else { return "" }
    return String(text[code.upperBound...].prefix { !$0.isNewline })
  }

  /// Whether it comes from the server's reading of settings, whatever its language: with verbose
  /// errors the server names the file of its source.
  var isAboutSettings: Bool {
    ["guc.c", "guc-file.c", "postgres.c"].contains { text.contains(", \($0):") }
  }

  /// Whether a function of somebody's own has raised it, as a login trigger does: the server names the
  /// function in the context, and for RAISE the file of its source.
  var isFromFunction: Bool {
    guard state != nil else { return false }
    return state?.hasPrefix("P0") == true || text.contains(", pl_exec.c:")
      || text.contains("PL/pgSQL function") || text.contains("SQL function \"")
  }

  /// The one that says why no connection came about. With sslmode=prefer libpq tries again without
  /// encryption, and its last words may be about that alone.
  static func decisive(in message: String) -> Complaint {
    let all = complaints(in: message)
    guard let first = all.first, let last = all.last, all.count > 1 else {
      return all.first ?? Complaint(message)
    }
    // A refused password was the real answer.
    if let refused = all.first(where: { $0.state == "28P01" }) { return refused }
    // That nobody is let in without encryption says nothing about the attempt with it.
    if last.state == "28000" { return first }
    // Whoever was answered by the server got further than the one whose files were wrong.
    return all.first { $0.state != nil } ?? first
  }

  private static func complaints(in message: String) -> [Complaint] {
    var pieces: [Substring] = []
    for line in message.split(separator: "\n", omittingEmptySubsequences: true) {
      if pieces.isEmpty || line.hasPrefix("connection to server ") {
        pieces.append(line)
      } else {
        pieces[pieces.count - 1] += "\n" + line
      }
    }
    return pieces.map { Complaint(String($0)) }
  }
}
