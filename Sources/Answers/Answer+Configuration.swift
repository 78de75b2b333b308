import BankCore
import Branch
import Screen
import Settings

extension AppliedState {
  var word: String {
    switch self {
    case .waiting: "waiting"
    case .confirmed: "confirmed"
    case .reverted: "reverted"
    }
  }
}

extension Answer {
  /// Everything that is wrong with a configuration file; a usage error.
  public static func mistakes(in file: String, _ problems: [SettingsFault.Problem]) -> Answer {
    Answer(
      json: [
        "ok": false, "problems": JSON(problems.map(JSON.init(_:))), "changes": [],
        "database": .null,
      ],
      text: problems.map { sanitized($0.description) }.joined(separator: "\n"),
      status: .usage)
  }

  /// What a candidate would change, and what its database says.
  public static func checked(
    _ file: String, _ candidate: Candidate, _ report: ConnectionReport
  ) -> Answer {
    Answer(CandidateAnswer(file: file, candidate: candidate, report: report))
  }

  /// A candidate that was put in force, and what has become of it.
  public static func applied(
    _ changed: ConfigurationChange.Changed, _ state: AppliedState
  ) -> Answer {
    Answer(AppliedAnswer(changed: changed, state: state))
  }

  /// A change that stays, and the commit that proves it.
  public static func confirmed(_ changed: ConfigurationChange.Changed) -> Answer {
    Answer(
      json: JSON(changed).adding(["state": "confirmed"]),
      text: sanitized("Generation \(changed.generation) of \(changed.file) is confirmed.")
        + (changed.examined.map { "\n" + $0.line } ?? ""))
  }

  /// What is in force again, and whether its database works.
  public static func rolledBack(_ changed: ConfigurationChange.Changed) -> Answer {
    Answer(
      json: JSON(changed).adding(["state": "rolled_back"]),
      text: sanitized("Generation \(changed.generation) of \(changed.file) is in force.") + "\n"
        + sanitized(ConfigurationKeeper.sentence(changed.examined)),
      status: CommandStatus(rolledBack: changed))
  }

  /// All generations, and what waits to be confirmed at that moment.
  public static func history(_ history: ConfigurationHistory, at moment: ChangeMoment) -> Answer {
    Answer(HistoryAnswer(history: history, moment: moment))
  }
}

/// A file that may come into force.
private struct CandidateAnswer: AnswerParts {
  let file: String
  let candidate: Candidate
  let report: ConnectionReport

  private var examined: CandidateFinding { CandidateFinding(report) }

  var ending: CommandStatus { CommandStatus(examined, objection: candidate.objection) }

  var json: JSON {
    [
      "ok": .bool(ending == .done), "problems": [],
      "changes": JSON(candidate.changes.map(JSON.init)),
      "objection": JSON(candidate.objection?.text), "database": JSON(examined),
      "doctor": Answer.diagnosis(report).json,
    ]
  }

  var text: String {
    [
      sanitized("\(file): \(mistakes)"), ChangesTable(changes: candidate.changes).text,
      candidate.objection.map { "\(sanitized($0.text))\n\(sanitized($0.fix))" } ?? "",
      "\n" + Answer.diagnosis(report).text + "\n", examined.line,
    ].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var mistakes: String {
    examined.code == Layer.unparsable.code
      ? "no mistakes found but in the database address" : "no mistakes found"
  }
}

/// A file that came into force, for good or for a while.
private struct AppliedAnswer: AnswerParts {
  let changed: ConfigurationChange.Changed
  let state: AppliedState

  var ending: CommandStatus { CommandStatus(state) }

  var json: JSON {
    JSON(changed).adding([
      "state": .text(state.word), "changes": JSON(changed.changes.map(JSON.init)),
      "doctor": changed.report.map { Answer.diagnosis($0).json } ?? .null,
    ])
  }

  var text: String {
    var lines = [ChangesTable(changes: changed.changes).text]
    if let report = changed.report { lines.append("\n" + Answer.diagnosis(report).text + "\n") }
    if let examined = changed.examined { lines.append(examined.line) }
    return (lines + [outcome]).joined(separator: "\n")
  }

  private var outcome: String {
    let place = "Generation \(changed.generation) of \(changed.file)"
    switch state {
    case .waiting:
      return sanitized("\(place) is in force, and not confirmed.") + "\n"
        + sanitized(
          "Run daybook config confirm to keep it. Otherwise generation \(changed.previous) "
            + "is put back in \(changed.pending?.withinSeconds ?? 0) s.")
    case .confirmed: return sanitized("\(place) is confirmed.")
    case .reverted(let record):
      let (back, verified) = (record?.occurrences[.reverted], record?.occurrences[.verified])
      return sanitized(
        "\(place) was taken back, generation \(changed.previous) is in force: "
          + "\(back?.text ?? "") \(verified?.text ?? "")")
    }
  }
}

/// What differs between two configurations.
private struct ChangesTable {
  let changes: [SettingChange]

  var text: String {
    var table = PrintedTable(
      ("Setting", .leading), ("Now", .leading), ("Then", .leading), ("From", .leading))
    for change in changes {
      table.add(
        change.key.rawValue, change.shownOld ?? "not set", change.shownNew ?? "not set",
        change.new?.origin.description ?? "")
      if let stronger = change.overriddenBy {
        table.add("", "", "stays \(stronger.shown(change.key))", stronger.origin.description)
      }
      for loser in change.overrides {
        table.add("", "", "instead of \(loser.shown(change.key))", loser.origin.description)
      }
    }
    return table.text(orElse: "It changes nothing.")
  }
}

extension CandidateFinding {
  /// What a database said, on one line.
  fileprivate var line: String {
    let code = code.map { "\($0) " } ?? ""
    return sanitized("Database: \(code)\(text) (\(milliseconds) ms)")
  }
}

private struct HistoryAnswer: AnswerParts {
  let history: ConfigurationHistory
  let moment: ChangeMoment

  var json: JSON {
    [
      "generations": JSON(history.records.map { JSON($0, history) }),
      "pending": history.pending.map { pending -> JSON in
        [
          "generation": JSON(pending.generation), "previous": JSON(pending.previous),
          "deadline": JSON(pending.deadline),
          "seconds_left": .number(pending.secondsLeft(at: moment)),
        ]
      } ?? .null,
      "unreadable": JSON(history.unreadable.map(JSON.text)),
    ]
  }

  var text: String {
    var table = PrintedTable(
      ("No.", .trailing), ("Hash", .leading), ("When", .leading), ("By", .leading),
      ("How", .leading),
      ("State", .leading), ("Doctor", .leading), ("Healthy", .trailing), ("Reason", .leading))
    for record in history.records {
      table.add(
        String(record.number), String((record.generation.hash ?? "").prefix(8)),
        record.generation.recordedAt.description, record.generation.author,
        record.generation.kind.rawValue, state(record),
        record.generation.examined.map(doctorsResult) ?? "",
        record.health.map { "\($0.longestSeconds) s" } ?? "",
        reasons(record))
    }
    let waiting = history.pending.map {
      "\nGeneration \($0.generation) waits to be confirmed: \($0.secondsLeft(at: moment)) s left."
    }
    return table.text(orElse: "no history yet: no configuration file has led to a bank")
      + (waiting ?? "")
  }

  /// Why it was made, and why it was taken back.
  private func reasons(_ record: ConfigurationHistory.Record) -> String {
    let taken = record.occurrences[.reverted].map { "taken back: \($0.text)" }
    return [record.generation.reason, taken ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// `healthy`, `C05`, `C14 older copy`
  private func doctorsResult(_ examined: CandidateFinding) -> String {
    switch examined.result {
    case .pass: "healthy"
    case .fail: examined.code ?? "failed"
    case .anotherBank: "\(examined.code ?? "") another bank"
    case .olderDatabase: "\(examined.code ?? "") older copy"
    }
  }

  private func state(_ record: ConfigurationHistory.Record) -> String {
    let file = record.generation.file
    var words: [String] = []
    if history.inForce(file)?.number == record.number { words.append("in force") }
    if history.lastKnownGood(file)?.number == record.number { words.append("last known good") }
    if record.isReverted {
      words.append("taken back")
    } else if !record.isConfirmed {
      words.append("not confirmed")
    }
    return words.joined(separator: ", ")
  }
}

extension Setting.Finding {
  fileprivate func shown(_ key: SettingKey) -> String {
    Setting.shown(key, self)
  }
}

extension JSON {
  fileprivate init(_ problem: SettingsFault.Problem) {
    self = [
      "file": .text(problem.place), "line": problem.line.map { JSON($0) } ?? .null,
      "text": .text(problem.text),
    ]
  }

  fileprivate init(_ change: SettingChange) {
    self = [
      "key": .text(change.key.rawValue), "old": JSON(change.shownOld), "new": JSON(change.shownNew),
      "old_origin": change.old.map { JSON($0.origin) } ?? .null,
      "new_origin": change.new.map { JSON($0.origin) } ?? .null,
      "overridden_by": change.overriddenBy.map { JSON($0.origin) } ?? .null,
      "overrides": JSON(
        change.overrides.map { loser -> JSON in
          ["value": .text(loser.shown(change.key)), "origin": JSON(loser.origin)]
        }),
    ]
  }

  fileprivate init(_ examined: CandidateFinding) {
    self = [
      "result": .text(examined.result.rawValue), "code": JSON(examined.code),
      "text": .text(examined.text), "milliseconds": .number(examined.milliseconds),
      "bank": examined.bankName.map { name -> JSON in
        ["name": .text(name), "id": JSON(examined.bankID)]
      } ?? .null,
      "layers": examined.layers.map { layers -> JSON in
        JSON(
          layers.map { layer -> JSON in
            [
              "code": .text(layer.code), "result": .text(layer.result),
              "milliseconds": .number(layer.milliseconds),
            ]
          })
      } ?? .null,
    ]
  }

  fileprivate init(_ changed: ConfigurationChange.Changed) {
    self = [
      "generation": JSON(changed.generation), "previous": JSON(changed.previous),
      "file": .text(changed.file), "deadline": JSON(changed.pending?.deadline),
      "database": changed.examined.map { JSON($0) } ?? .null,
    ]
  }

  fileprivate init(_ record: ConfigurationHistory.Record, _ history: ConfigurationHistory) {
    let generation = record.generation
    let moments = record.occurrences
    let standing: [String: JSON] = [
      "in_force": .bool(history.inForce(generation.file)?.number == record.number),
      "last_known_good": .bool(history.lastKnownGood(generation.file)?.number == record.number),
      "activated_at": JSON(moments[.activated]?.at), "confirmed_at": JSON(moments[.confirmed]?.at),
      "reverted_at": JSON(moments[.reverted]?.at),
      "reverted_because": JSON(moments[.reverted]?.text),
      "verified": JSON(moments[.verified]?.text),
      "healthy_seconds": .number(record.health?.longestSeconds ?? 0),
      "committed_at": JSON(record.health?.committedAt),
    ]
    self = JSON.object([
      "number": JSON(record.number), "file": .text(generation.file),
      "hash": JSON(generation.hash), "author": .text(generation.author),
      "reason": .text(generation.reason), "kind": .text(generation.kind.rawValue),
      "recorded_at": JSON(generation.recordedAt), "edited_at": JSON(generation.editedAt),
      "previous": generation.previous.map { JSON($0) } ?? .null,
      "restores": generation.restores.map { JSON($0) } ?? .null,
      "database": generation.examined.map { JSON($0) } ?? .null,
    ]).adding(standing)
  }
}
