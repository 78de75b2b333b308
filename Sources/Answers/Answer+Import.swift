import BankCore
import Branch
import Interchange
import Screen

extension Answer {
  /// What went in, and each line that did not.
  public static func imported(
    _ result: ImportRun.Result, skipsBad: Bool, isDryRun: Bool
  ) -> Answer {
    Answer(ImportAnswer(result: result, skipsBad: skipsBad, isDryRun: isDryRun))
  }
}

private struct ImportAnswer: AnswerParts {
  let result: ImportRun.Result
  let skipsBad: Bool
  let isDryRun: Bool

  var ending: CommandStatus { CommandStatus(result, skipsBad: skipsBad, isDryRun: isDryRun) }

  var json: JSON {
    [
      "read": JSON(result.read), "imported": JSON(result.imported),
      "already_present": JSON(result.alreadyPresent),
      "bad": JSON(
        result.bad.map { bad -> JSON in
          [
            "line": JSON(bad.line), "why": .text(bad.why), "file": JSON(bad.file),
            "twin_of": bad.twinOf.map { JSON($0) } ?? .null,
          ]
        }),
      "pending": JSON(isDryRun ? result.pending : 0), "dry_run": .bool(isDryRun),
    ]
  }

  var text: String {
    var lines = [
      "read \(result.read), imported \(result.imported), "
        + "already present \(result.alreadyPresent), bad \(result.bad.count)"
    ]
    if isDryRun { lines.append("nothing was changed; \(result.pending) would be imported") }
    let twins = result.bad.filter { $0.twinOf != nil }
    lines += result.bad.filter { $0.twinOf == nil }.map(\.description)
    if !twins.isEmpty {
      lines.append(
        "SAME IDENTITY: "
          + (twins.count == 1
            ? "1 line has the identity of an earlier line, and is left out."
            : "\(twins.count) lines have the identity of an earlier line, and are left out.")
          + " If they are real, the books lack them: use \"id\" to tell them apart.")
      lines += twins.map(\.description)
    }
    if !result.bad.isEmpty, result.imported == 0, !isDryRun {
      lines.append(
        "nothing was imported" + (skipsBad ? "" : "; use --skip-bad to leave bad lines out"))
    }
    return harmless(lines.joined(separator: "\n"))
  }
}
