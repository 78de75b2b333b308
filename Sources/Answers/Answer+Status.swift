import BankCore
import Branch
import Files

extension Answer {
  /// - Parameters:
  ///   - log: where this terminal's processes write what they do.
  ///   - level: what they write at least.
  public static func status(
    _ status: ServiceStatus, at now: Instant, _ wording: Wording, log: LogFile, level: String
  ) -> Answer {
    Answer(StatusAnswer(status: status, now: now, wording: wording, log: log, level: level))
  }
}

/// How things stand, and the one thing to do next.
private struct StatusAnswer: AnswerParts {
  let status: ServiceStatus
  let now: Instant
  let wording: Wording
  let log: LogFile
  let level: String

  /// At least; a clock that was set back makes nothing younger.
  private func age(_ asOf: Instant) -> Int64 {
    max(0, max(now, status.latestSeen ?? now).milliseconds(since: asOf) / 1000)
  }

  /// The one thing to do next; nil when nothing is left to do.
  private var fix: String? {
    if let cause = status.cause { return cause.remedy }
    if status.clock != nil { return "Set this machine's clock: timedatectl set-ntp true." }
    if !status.notices.isEmpty { return "Run daybook notice list, then daybook notice done ID." }
    if status.blocked > 0 {
      return "Run daybook exceptions list. A person decides what is blocked."
    }
    if status.untold > 0 { return "Run daybook ledger list. Keep or void what was never told." }
    return status.waiting > 0 ? "Run daybook reconcile." : nil
  }

  var json: JSON {
    [
      "mode": .text(status.mode.rawValue),
      "cause": status.cause.map { cause -> JSON in
        [
          "code": .text(cause.code.description), "text": .text(cause.text),
          "since": JSON(cause.since),
        ]
      } ?? .null,
      "hold": status.hold.map { JSON($0) } ?? .null,
      "bank": status.bank.map { JSON($0) } ?? .null,
      "terminal": .text(status.terminal),
      "operator": .text(status.operatorName),
      "endpoint": .text(status.endpoint),
      "clock": status.clock.map { clock -> JSON in
        [
          "ahead_seconds": .number(-Int64(clock.aheadMilliseconds / 1000)),
          "text": .text(clock.sentence),
        ]
      } ?? .null,
      "snapshot": status.snapshotAsOf.map { asOf -> JSON in
        ["as_of": JSON(asOf), "age_seconds": .number(age(asOf))]
      } ?? .null,
      "ledger": [
        "waiting": JSON(status.waiting), "unknown": JSON(status.unknown),
        "pending": .number(0), "blocked": JSON(status.blocked),
        "oldest": JSON(status.oldestWaiting),
        "head": JSON(status.ledgerHead), "untold": JSON(status.untold),
        "notice": JSON(status.ledgerNotice),
        "missing_entries": JSON(status.missing.map { JSON($0) }),
      ],
      "offline_terms": offlineTerms,
      "exceptions": status.knowsExceptions ? JSON(status.exceptions) : .null,
      "exceptions_known": .bool(status.knowsExceptions),
      "notices": JSON(status.notices.count), "fix": JSON(fix),
      "control": JSON(status.control.map { JSON($0) }),
      "log": [
        "file": .text(log.path), "level": .text(level), "objection": JSON(log.objection?.text),
      ],
    ]
  }

  /// What is taken now, as `offline` says it in words; null while the bank decides, and before that is
  /// known.
  private var offlineTerms: JSON {
    guard !status.mode.isLive, status.mode != .starting else { return .null }
    let terms = status.offlineTerms(at: now)
    return [
      "kinds": JSON(terms.kinds.map(\.rawValue).sorted().map { JSON.text($0) }),
      "reason": JSON(terms.objection?.code),
      "text": .text(terms.opening()),
      "caps": JSON(
        (terms.payments == nil ? [] : status.caps).map { caps -> JSON in
          [
            "currency": .text(caps.left.currency.code),
            "per_entry": .text(caps.perEntry.decimalString), "left": .text(caps.left.decimalString),
          ]
        }),
    ]
  }

  /// What is taken now, in the words of the banner, and what the caps leave in each currency.
  private var offline: [String] {
    let terms = status.offlineTerms(at: now)
    guard let payments = terms.payments else { return [terms.opening()] }
    return [terms.opening()]
      + status.caps.map {
        "\(payments) to \(wording.money($0.perEntry)) each, \(wording.money($0.left)) left"
      }
  }

  var text: String {
    var facts = Facts()
    facts.add("Mode", status.banner)
    facts.add("Cause", status.cause.map { "\($0.code) \($0.text)" })
    facts.add("Since", status.cause.map { wording.moment($0.since) })
    facts.add(
      status.isDrill ? "Drill" : "Held",
      status.hold.map { hold in
        let until = hold.until.map { ", until \(wording.moment($0))" } ?? ""
        return "since \(wording.moment(hold.since)), by \(hold.by)\(until)"
      })
    facts.add("Bank", status.bank.map { "\($0.name)  \($0.id)" } ?? "not known yet")
    facts.add("Database", status.endpoint)
    facts.add("Clock", status.clock?.sentence)
    facts.add("Terminal", "\(status.terminal), operator \(status.operatorName)")
    facts.add(
      "Snapshot",
      status.snapshotAsOf.map {
        let age =
          switch SnapshotAge(asOf: $0, latestSeen: status.latestSeen, at: now) {
          case .seconds(let seconds): "\(Wording.age(seconds: seconds)) old"
          case .missing, .notKnown: "the clock is earlier than the snapshot"
          }
        return "\(wording.moment($0)), \(age)"
      }
        ?? (status.mode == .online
          ? "none yet (a very large bank takes several commands)" : "none yet"))
    let oldest = status.oldestWaiting.map { ", oldest \(wording.moment($0))" } ?? ""
    facts.add("Undecided", status.waiting == 0 ? "none" : "\(status.open.text())\(oldest)")
    facts.add(
      "Unknown", status.unknown == 0 ? nil : "\(status.unknown): pay nothing for these")
    facts.add(
      "Blocked",
      status.blocked == 0 ? nil : "\(status.blocked): run daybook exceptions list")
    facts.add("Untold", status.untold == 0 ? nil : "\(status.untold) to keep or to void")
    facts.add(
      "Exceptions",
      status.knowsExceptions ? "\(status.exceptions)" : "not known now")
    for notice in status.notices { facts.add("Notice", notice.text(wording)) }
    if !status.notices.isEmpty { facts.add("", "when it is done, run daybook notice done ID") }
    facts.add("Ledger", status.ledgerNotice)
    facts.add("Log", log.objection?.sentence ?? "\(log.path) (\(level))")
    facts.add(
      "Missing",
      status.missing.isEmpty
        ? nil
        : status.missing.map(\.label).joined(separator: ", ") + ": run daybook exceptions list")
    facts.add("Next", fix)
    if status.mode != .online { facts.add("Offline", lines: offline) }
    return facts.text
  }
}

extension JSON {
  init(_ bank: BankIdentity) {
    self = [
      "id": JSON(bank.id), "name": .text(bank.name), "environment": .text(bank.environment),
      "currency": .text(bank.currency.code), "time_zone": .text(bank.timeZone),
      "epoch": .number(bank.epoch), "schema": JSON(bank.schema),
    ]
  }
}
