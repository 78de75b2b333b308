import BankCore

extension LedgerRecord {
  /// The JSON of the record's line; the order of the fields is fixed.
  func json() -> [UInt8] {
    var writer = JSONWriter()
    writer.object { fields in
      switch self {
      case .open(let opening): opening.write(to: &fields)
      case .entry(let record): record.write(to: &fields)
      case .released(let release): release.write(to: &fields)
      case .outcome(let outcome): outcome.write(to: &fields)
      case .settled(let settled): settled.write(to: &fields)
      case .void(let void): void.write(to: &fields)
      case .keep(let keep): keep.write(to: &fields)
      case .blocked(let blocked): blocked.write(to: &fields)
      case .sending(let sending): sending.write(to: &fields)
      case .healed(let healed): healed.write(to: &fields)
      case .mode(let mode): mode.write(to: &fields)
      case .note(let note): note.write(to: &fields)
      case .recovery(let recovery): recovery.write(to: &fields)
      case .seal(let seal): seal.write(to: &fields)
      }
    }
    return writer.bytes
  }
}

extension SegmentOpening {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "open")
    fields.field("format", integer: LedgerRecord.format)
    fields.field("bank", owner.bank)
    fields.field("terminal", owner.terminal.name)
    fields.field("terminal_id", owner.terminal.id)
    fields.field("segment", integer: segment)
    fields.field("at", at)
    if let predecessor {
      fields.object("predecessor") {
        $0.field("segment", integer: predecessor.segment)
        $0.field("ended", predecessor.ending.rawValue)
        $0.field("records", integer: predecessor.end.records)
        $0.field("bytes", integer: predecessor.end.bytes)
        $0.field("head", predecessor.end.head)
      }
    }
    fields.field("fold_from", integer: foldFrom)
    fields.field("next_number", integer: nextNumber)
    if let lastEntry {
      fields.object("last_entry") {
        $0.field("number", integer: lastEntry.number)
        $0.field("hash", lastEntry.hash)
      }
    }
    acknowledgement?.write(to: &fields)
    fields.field("last_acknowledged", ifAny: lastAcknowledged)
    fields.field("outages", integer: outages)
    LedgerTotals.write(totals, to: &fields)
    SegmentLoss.write(losses, to: &fields)
    if !missing.isEmpty {
      fields.array("missing") { elements in
        for numbers in missing {
          elements.element()
          elements.object {
            $0.field("first", integer: numbers.lowerBound)
            $0.field("last", integer: numbers.upperBound)
          }
        }
      }
    }
  }
}

extension SegmentLoss {
  fileprivate static func write(_ losses: [SegmentLoss], to fields: inout JSONWriter) {
    guard !losses.isEmpty else { return }
    fields.array("losses") { elements in
      for loss in losses {
        elements.element()
        elements.object {
          $0.field("segment", integer: loss.segment)
          $0.field("verdict", loss.verdict.rawValue)
          $0.field("records", integer: loss.records)
        }
      }
    }
  }
}

extension Acknowledgement {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.object("acknowledged") {
      $0.field("counter", integer: counter)
      $0.field("epoch", integer: epoch)
    }
  }
}

extension LedgerTotals {
  fileprivate static func write(_ totals: [Currency: LedgerTotals], to fields: inout JSONWriter) {
    fields.array("totals") { elements in
      for (currency, total) in totals.sorted(by: { $0.key < $1.key }) {
        elements.element()
        elements.object {
          $0.field("currency", currency)
          total.captured.write("captured", to: &$0)
          total.posted.write("posted", to: &$0)
          total.suspense.write("suspense", to: &$0)
          total.refused.write("refused", to: &$0)
          total.voided.write("voided", to: &$0)
          total.waiting.write("waiting", to: &$0)
        }
      }
    }
  }
}

extension Tally {
  fileprivate func write(_ name: StaticString, to fields: inout JSONWriter) {
    fields.object(name) {
      $0.field("count", integer: count)
      if let amount = sum.minorUnits { $0.field("amount", integer: amount) }
    }
  }
}

extension EntryRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "entry")
    fields.field("id", entry.id)
    fields.field("number", integer: entry.number)
    fields.field("terminal", entry.terminal)
    fields.field("operator", entry.operatorName)
    fields.field("kind", entry.kind.rawValue)
    fields.field("debit", entry.debit)
    fields.field("credit", entry.credit)
    fields.field("amount", integer: entry.amount.minorUnits)
    fields.field("currency", entry.amount.currency)
    fields.field("memo", entry.memo)
    fields.field("captured_at", entry.capturedAt)
    fields.field("value_date", entry.valueDate)
    fields.field("reverses", ifAny: entry.reverses)
    fields.field("replaces", ifAny: entry.replaces)
    fields.field("approved_by", ifAny: entry.approvedBy)
    fields.field("stated_holder", ifAny: entry.statedHolder)
    resolution?.write(to: &fields)
    if isAdopted { fields.field("adopted", flag: true) }
    if takesBackUnknown { fields.field("takes_back_unknown", flag: true) }
    fields.field("salvaged_hash", ifAny: salvagedHash)
  }
}

extension ReleaseRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "released")
    fields.field("entry", entry)
    fields.field("second_id", secondID)
    fields.field("standing", standing.rawValue)
    fields.field("over_limit", flag: isOverLimit)
    fields.field("sent", flag: wasSent)
    fields.field("at", at)
  }
}

extension OutcomeRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "outcome")
    fields.field("entry", entry)
    fields.field("outcome", recorded.outcome.word)
    fields.field("reason", ifAny: recorded.outcome.reason?.code)
    fields.array("flags") {
      for flag in recorded.flags.sorted() {
        $0.element()
        $0.write(flag.rawValue)
      }
    }
    fields.field("booked_as", recorded.bookedAs)
    fields.field("booking_date", ifAny: recorded.bookingDate)
    acknowledgement?.write(to: &fields)
    if needsNotice { fields.field("notice", flag: true) }
    fields.field("same_as", ifAny: sameAs)
    fields.field("at", at)
  }
}

extension Resolution {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("resolution", word)
    fields.field("resolution_target", ifAny: target)
  }
}

extension SettledRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "settled")
    fields.field("entry", exception)
    settlement.resolution.write(to: &fields)
    fields.field("note", settlement.note)
    fields.field("operator", settlement.by)
    standing.acknowledgement?.write(to: &fields)
    if case .tooLate = standing { fields.field("too_late", flag: true) }
    if case .elsewhere = standing { fields.field("elsewhere", flag: true) }
    fields.field("at", settlement.at)
  }
}

extension VoidRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "void")
    fields.field("entry", entry)
    fields.field("note", note)
    fields.field("operator", operatorName)
    fields.field("at", at)
  }
}

extension KeepRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "keep")
    fields.field("entry", entry)
    fields.field("operator", operatorName)
    fields.field("at", at)
  }
}

extension BlockedRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "blocked")
    fields.field("entry", entry)
    fields.field("reason", reason.code)
    fields.field("at", at)
  }
}

extension SendingRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "sending")
    fields.field("through", integer: through)
    fields.field("at", at)
  }
}

extension HealedRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "healed")
    acknowledgement.write(to: &fields)
    if isBeginning { fields.field("begins", flag: true) }
    fields.field("operator", ifAny: operatorName)
    fields.field("at", at)
  }
}

extension ModeRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "mode")
    fields.field("event", event.rawValue)
    fields.field("cause", ifAny: cause?.description)
    fields.field("text", text)
    fields.field("operator", ifAny: operatorName)
    if let firstFailureAt { fields.field("first_failure_at", firstFailureAt) }
    fields.field("at", at)
  }
}

extension NoteRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "note")
    fields.field("text", text)
    fields.field("entry", ifAny: entry)
    fields.field("decision", ifAny: decision?.rawValue)
    fields.field("operator", ifAny: operatorName)
    fields.field("at", at)
  }
}

extension RecoveryRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "recovery")
    if let untold {
      fields.object("untold") {
        $0.field("first", integer: untold.first)
        $0.field("last", integer: untold.last)
      }
    }
    if let cut {
      fields.object("cut") {
        $0.field("bytes", integer: cut.byteCount)
        $0.field("sha256", cut.hash)
        $0.field("copy", cut.copyName)
      }
    }
    fields.field("mark_doubtful", flag: isMarkDoubtful)
    if isMarkLost { fields.field("mark_lost", flag: true) }
    SegmentLoss.write(losses, to: &fields)
    if rescuedLines > 0 { fields.field("rescued", integer: rescuedLines) }
    if let nextNumber { fields.field("next_number", integer: nextNumber) }
    fields.field("at", at)
  }
}

extension SealRecord {
  fileprivate func write(to fields: inout JSONWriter) {
    fields.field("type", "seal")
    fields.field("cause", cause.rawValue)
    fields.field("records", integer: records)
    LedgerTotals.write(totals, to: &fields)
    fields.field("at", at)
  }
}
