import BankCore

/// Reads the JSON of lines into records. One decoder serves many lines, so that its buffers are
/// made once.
struct RecordDecoder {
  private var scanner = JSONScanner()
  private var recent = RecentValues()

  init() {}

  /// - Parameter json: one line without its hashes and its newline.
  mutating func record(_ json: UnsafeRawBufferPointer) throws(RecordFault) -> LedgerRecord {
    do {
      try scanner.scan(json)
    } catch {
      throw .json(error)
    }
    var fields = RecordFields(json, scanner.nodes)
    let type = try fields.text("type")
    let record = try record(type, &fields)
    try fields.finish()
    return record
  }

  private mutating func record(
    _ type: String, _ fields: inout RecordFields
  ) throws(RecordFault) -> LedgerRecord {
    switch type {
    case "entry": .entry(try entry(&fields))
    case "released": .released(try release(&fields))
    case "outcome": .outcome(try outcome(&fields))
    case "settled": .settled(try settled(&fields))
    case "void": .void(try void(&fields))
    case "keep": .keep(try keep(&fields))
    case "blocked": .blocked(try blocked(&fields))
    case "sending": .sending(try sending(&fields))
    case "healed": .healed(try healed(&fields))
    case "mode": .mode(try mode(&fields))
    case "note": .note(try note(&fields))
    case "open": .open(try opening(&fields))
    case "recovery": .recovery(try recovery(&fields))
    case "seal": .seal(try seal(&fields))
    default: throw .unknownType(String(type.prefix(40)))
    }
  }

  private mutating func instant(
    _ key: StaticString, _ fields: inout RecordFields
  ) throws(RecordFault) -> Instant {
    try fields.rawValue(key) { recent.instant($0) }
  }

  private mutating func entry(_ fields: inout RecordFields) throws(RecordFault) -> EntryRecord {
    let id = try fields.rawValue("id", RawValues.identifier)
    let number = try fields.count("number")
    let terminal = try fields.rawValue("terminal") { recent.terminal($0) }
    let operatorName = try fields.text("operator")
    let kind = try fields.rawValue("kind", RawValues.kind)
    let debit = try fields.rawValue("debit") { recent.debit($0) }
    let credit = try fields.rawValue("credit") { recent.credit($0) }
    let amount = try fields.integer("amount")
    guard amount > 0 else { throw .badValue("amount") }
    guard debit != credit else { throw .badValue("credit") }
    let currency = try fields.rawValue("currency") { recent.currency($0) }
    let memo = try fields.text("memo")
    let capturedAt = try instant("captured_at", &fields)
    let valueDate = try fields.rawValue("value_date") { recent.day($0) }
    let entry = Entry(
      id: id, number: number, terminal: terminal, operatorName: operatorName, kind: kind,
      debit: debit, credit: credit, amount: Money(minorUnits: amount, currency), memo: memo,
      capturedAt: capturedAt, valueDate: valueDate,
      reverses: try fields.rawValueIfAny("reverses", RawValues.identifier),
      replaces: try fields.rawValueIfAny("replaces", RawValues.identifier),
      approvedBy: try fields.textIfAny("approved_by"),
      statedHolder: try fields.textIfAny("stated_holder"))
    // On the line of any other entry it is a field that does not belong there.
    let resolution = kind == .settlement ? try resolution(&fields) : nil
    return EntryRecord(
      entry, resolution: resolution,
      // Nobody takes over without naming the id that the entry had.
      isAdopted: entry.replaces == nil ? false : try fields.flagIfAny("adopted") ?? false,
      takesBackUnknown: kind == .reversal
        ? try fields.flagIfAny("takes_back_unknown") ?? false : false,
      salvagedHash: try fields.rawValueIfAny("salvaged_hash") { LineHash(digits: $0) })
  }

  private mutating func release(_ fields: inout RecordFields) throws(RecordFault) -> ReleaseRecord {
    ReleaseRecord(
      entry: try fields.rawValue("entry", RawValues.identifier),
      secondID: try fields.rawValue("second_id", RawValues.identifier),
      standing: try fields.value("standing") { Standing(rawValue: $0) },
      isOverLimit: try fields.flag("over_limit"), wasSent: try fields.flag("sent"),
      at: try instant("at", &fields))
  }

  private mutating func outcome(_ fields: inout RecordFields) throws(RecordFault) -> OutcomeRecord {
    let entry = try fields.rawValue("entry", RawValues.identifier)
    let word = try fields.text("outcome")
    let reason = try fields.valueIfAny("reason") { Reason(rawValue: $0) }
    let outcome: Outcome
    switch (word, reason) {
    case ("posted", nil): outcome = .posted
    case ("suspense", let reason?): outcome = .suspense(reason)
    case ("refused", let reason?): outcome = .refused(reason)
    default: throw .badValue("outcome")
    }
    var flags: Set<Flag> = []
    for text in try fields.texts("flags") {
      guard let flag = Flag(rawValue: text), flags.insert(flag).inserted else {
        throw .badValue("flags")
      }
    }
    let recorded = RecordedOutcome(
      outcome: outcome, flags: flags,
      bookedAs: try fields.rawValue("booked_as", RawValues.identifier),
      bookingDate: try fields.rawValueIfAny("booking_date") { recent.day($0) })
    return OutcomeRecord(
      entry: entry, recorded: recorded, acknowledgement: try acknowledgement(&fields),
      needsNotice: try fields.flagIfAny("notice") ?? false,
      sameAs: try fields.textIfAny("same_as"), at: try instant("at", &fields))
  }

  private func resolution(_ fields: inout RecordFields) throws(RecordFault) -> Resolution? {
    let word = try fields.textIfAny("resolution")
    let target = try fields.textIfAny("resolution_target")
    guard let word else {
      guard target == nil else { throw .badValue("resolution_target") }
      return nil
    }
    guard let resolution = Resolution(word: word, target: target) else {
      throw .badValue("resolution")
    }
    return resolution
  }

  private mutating func settled(_ fields: inout RecordFields) throws(RecordFault) -> SettledRecord {
    let exception = try fields.rawValue("entry", RawValues.identifier)
    guard let resolution = try resolution(&fields) else { throw .missing("resolution") }
    let note = try fields.text("note")
    let name = try fields.text("operator")
    let acknowledgement = try acknowledgement(&fields)
    let isTooLate = try fields.flagIfAny("too_late") ?? false
    let isElsewhere = try fields.flagIfAny("elsewhere") ?? false
    let standing: SettledRecord.Standing =
      switch (acknowledgement, isTooLate, isElsewhere) {
      case (nil, false, false): .decided
      case (nil, false, true): .elsewhere
      case (nil, true, _): throw .missing("acknowledged")
      case (let acknowledged?, false, false): .booked(acknowledged)
      case (let acknowledged?, true, false): .tooLate(acknowledged)
      case (_?, _, true): throw .badValue("elsewhere")
      }
    return SettledRecord(
      exception,
      Settlement(resolution: resolution, by: name, note: note, at: try instant("at", &fields)),
      standing)
  }

  private func acknowledgement(
    _ fields: inout RecordFields
  ) throws(RecordFault) -> Acknowledgement? {
    try fields.objectIfAny("acknowledged") { inner throws(RecordFault) in
      Acknowledgement(counter: try inner.count("counter"), epoch: try inner.count("epoch"))
    }
  }

  private mutating func void(_ fields: inout RecordFields) throws(RecordFault) -> VoidRecord {
    VoidRecord(
      entry: try fields.rawValue("entry", RawValues.identifier), note: try fields.text("note"),
      operatorName: try fields.text("operator"), at: try instant("at", &fields))
  }

  private mutating func keep(_ fields: inout RecordFields) throws(RecordFault) -> KeepRecord {
    KeepRecord(
      entry: try fields.rawValue("entry", RawValues.identifier),
      operatorName: try fields.text("operator"), at: try instant("at", &fields))
  }

  private mutating func blocked(_ fields: inout RecordFields) throws(RecordFault) -> BlockedRecord {
    BlockedRecord(
      entry: try fields.rawValue("entry", RawValues.identifier),
      reason: try fields.value("reason") { Reason(rawValue: $0) }, at: try instant("at", &fields))
  }

  private mutating func sending(_ fields: inout RecordFields) throws(RecordFault) -> SendingRecord {
    SendingRecord(through: try fields.count("through"), at: try instant("at", &fields))
  }

  private mutating func healed(_ fields: inout RecordFields) throws(RecordFault) -> HealedRecord {
    guard let acknowledgement = try acknowledgement(&fields) else {
      throw .missing("acknowledged")
    }
    return HealedRecord(
      acknowledgement, isBeginning: try fields.flagIfAny("begins") ?? false,
      operatorName: try fields.textIfAny("operator"),
      at: try instant("at", &fields))
  }

  private mutating func mode(_ fields: inout RecordFields) throws(RecordFault) -> ModeRecord {
    ModeRecord(
      try fields.value("event") { ModeRecord.Event(rawValue: $0) },
      cause: try fields.valueIfAny("cause") { CauseCode($0) },
      text: try fields.text("text"), operatorName: try fields.textIfAny("operator"),
      firstFailureAt: try fields.rawValueIfAny("first_failure_at") { recent.instant($0) },
      at: try instant("at", &fields))
  }

  private mutating func note(_ fields: inout RecordFields) throws(RecordFault) -> NoteRecord {
    NoteRecord(
      try fields.text("text"), entry: try fields.rawValueIfAny("entry", RawValues.identifier),
      decision: try fields.valueIfAny("decision") { NoteRecord.Decision(rawValue: $0) },
      operatorName: try fields.textIfAny("operator"), at: try instant("at", &fields))
  }

  private mutating func seal(_ fields: inout RecordFields) throws(RecordFault) -> SealRecord {
    SealRecord(
      cause: try fields.value("cause") { SealRecord.Cause(rawValue: $0) },
      records: try fields.count("records"), totals: try totals(&fields),
      at: try instant("at", &fields))
  }
}

extension RecordDecoder {
  private mutating func opening(
    _ fields: inout RecordFields
  ) throws(RecordFault) -> SegmentOpening {
    // First of all: a newer format may mean something else by every other field.
    let format = try fields.integer("format")
    guard format == LedgerRecord.format else { throw .unknownFormat(format) }
    let bank = try fields.rawValue("bank", RawValues.identifier)
    let name = try fields.value("terminal") { TerminalName($0) }
    let terminal = TerminalIdentity(
      id: try fields.rawValue("terminal_id", RawValues.identifier), name: name)
    let segment = try fields.count("segment")
    let opened = try instant("at", &fields)
    return SegmentOpening(
      owner: LedgerOwner(bank: bank, terminal: terminal), segment: segment,
      predecessor: try predecessor(&fields), foldFrom: try fields.count("fold_from"),
      nextNumber: try fields.count("next_number"), lastEntry: try lastEntry(&fields),
      acknowledgement: try acknowledgement(&fields),
      lastAcknowledged: try fields.rawValueIfAny("last_acknowledged", RawValues.identifier),
      outages: try fields.count("outages"), totals: try totals(&fields),
      losses: try losses(&fields), missing: try missing(&fields), at: opened)
  }

  private func losses(_ fields: inout RecordFields) throws(RecordFault) -> [SegmentLoss] {
    let losses = try fields.objectsIfAny("losses") { inner throws(RecordFault) in
      SegmentLoss(
        segment: try inner.count("segment"),
        verdict: try inner.value("verdict") { SegmentVerdict(rawValue: $0) },
        records: try inner.count("records"))
    }
    guard losses.allSatisfy({ !$0.verdict.isSound }) else { throw .badValue("losses") }
    return losses
  }

  private func missing(
    _ fields: inout RecordFields
  ) throws(RecordFault) -> [ClosedRange<Int64>] {
    try fields.objectsIfAny("missing") { inner throws(RecordFault) in
      let (first, last) = (try inner.count("first"), try inner.count("last"))
      guard first <= last else { throw .badValue("missing") }
      return first...last
    }
  }

  private func predecessor(_ fields: inout RecordFields) throws(RecordFault) -> Predecessor? {
    try fields.objectIfAny("predecessor") { inner throws(RecordFault) in
      Predecessor(
        segment: try inner.count("segment"),
        ending: try inner.value("ended") { Predecessor.Ending(rawValue: $0) },
        end: SegmentEnd(
          records: try inner.count("records"), bytes: try inner.count("bytes"),
          head: try inner.rawValue("head") { LineHash(digits: $0) }))
    }
  }

  private func lastEntry(
    _ fields: inout RecordFields
  ) throws(RecordFault) -> SegmentOpening.LastEntry? {
    try fields.objectIfAny("last_entry") { inner throws(RecordFault) in
      SegmentOpening.LastEntry(
        number: try inner.count("number"),
        hash: try inner.rawValue("hash") { LineHash(digits: $0) })
    }
  }

  private func totals(
    _ fields: inout RecordFields
  ) throws(RecordFault) -> [Currency: LedgerTotals] {
    let parts = try fields.objects("totals") { inner throws(RecordFault) in
      let currency = try inner.value("currency") { Currency($0) }
      var total = LedgerTotals()
      total.captured = try tally("captured", &inner)
      total.posted = try tally("posted", &inner)
      total.suspense = try tally("suspense", &inner)
      total.refused = try tally("refused", &inner)
      total.voided = try tally("voided", &inner)
      total.waiting = try tally("waiting", &inner)
      return (currency, total)
    }
    var totals: [Currency: LedgerTotals] = [:]
    for (currency, total) in parts {
      guard totals.updateValue(total, forKey: currency) == nil else { throw .badValue("totals") }
    }
    return totals
  }

  private func tally(
    _ key: StaticString, _ fields: inout RecordFields
  ) throws(RecordFault) -> Tally {
    try fields.object(key) { inner throws(RecordFault) in
      Tally(
        count: try inner.count("count"), sum: CheckedSum(try inner.integerIfAny("amount")))
    }
  }

  private mutating func recovery(
    _ fields: inout RecordFields
  ) throws(RecordFault) -> RecoveryRecord {
    let untold = try fields.objectIfAny("untold") { inner throws(RecordFault) in
      RecoveryRecord.UntoldLines(first: try inner.count("first"), last: try inner.count("last"))
    }
    let cut = try fields.objectIfAny("cut") { inner throws(RecordFault) in
      RecoveryRecord.CutTail(
        byteCount: try inner.count("bytes"),
        hash: try inner.rawValue("sha256") { LineHash(digits: $0) },
        copyName: try inner.text("copy"))
    }
    let isMarkDoubtful = try fields.flag("mark_doubtful")
    return RecoveryRecord(
      untold: untold, cut: cut, isMarkDoubtful: isMarkDoubtful,
      isMarkLost: try fields.flagIfAny("mark_lost") ?? false, losses: try losses(&fields),
      rescuedLines: try fields.countIfAny("rescued"),
      nextNumber: try fields.has("next_number") ? try fields.count("next_number") : nil,
      at: try instant("at", &fields))
  }
}
