import BankCore

/// Why the manual ledger could not do what it was asked. Every case says what was recorded.
public enum LedgerFault: Error, Hashable, Sendable {
  /// Nothing was recorded: the directory could not be read or written.
  case volume(VolumeFault)
  /// Nothing was recorded: the disk is full.
  case diskFull(VolumeFault)
  /// The disk failed while recording, and so did the attempt to record elsewhere: the records may
  /// or may not come to light later. No cash, and do not enter them again.
  case inDoubt(VolumeFault)
  /// The writer has stopped after an earlier fault; nothing was recorded.
  case stopped
  /// The files belong to another bank or another terminal.
  case foreign(found: LedgerOwner, expected: LedgerOwner)
  /// Written by a newer Daybook.
  case unknownFormat(Int64, file: String)
  /// Nothing was recorded: a record would not fit a line.
  case recordTooLong
  /// Nothing was recorded: the entry's id is in the ledger already.
  case alreadyRecorded(EntryID)
  /// Nothing was recorded: entries are numbered without a gap.
  case wrongNumber(expected: Int64, found: Int64)
  /// Nothing was recorded: the record speaks of an entry that the ledger does not hold.
  case unknownEntry(EntryID)
  /// Nothing was recorded: no till may write such a line.
  case forbidden(String)
  /// Nothing was recorded: the writer alone writes these records.
  case reserved

  /// Whether it lies in what the records say: the same disk would take others.
  var isOfTheRecords: Bool {
    switch self {
    case .recordTooLong, .alreadyRecorded, .wrongNumber, .unknownEntry, .forbidden, .reserved: true
    case .volume, .diskFull, .inDoubt, .stopped, .foreign, .unknownFormat: false
    }
  }

  /// What happened and what was not recorded, in a sentence or two.
  public var text: String {
    switch self {
    case .volume(let fault):
      "The manual ledger cannot be used: \(fault.text). Nothing was recorded."
    case .diskFull(let fault):
      "The disk of the manual ledger is full: \(fault.text). Nothing was recorded."
    case .inDoubt(let fault):
      "In doubt: the disk failed while recording (\(fault.text)). Pay nothing and do not enter it "
        + "again; what reached the disk is shown at the next start."
    case .stopped: "The manual ledger has stopped after a disk fault. Nothing was recorded."
    case .foreign(let found, let expected):
      found.bank != expected.bank
        ? "The manual ledger of \(expected.terminal.name) belongs to another bank (\(found.bank))."
        : "The manual ledger of \(expected.terminal.name) belongs to another terminal "
          + "(\(found.terminal.id))."
    case .unknownFormat(let format, let file):
      "\(file) is written in format \(format); this version reads format "
        + "\(LedgerRecord.format). Use a newer Daybook."
    case .recordTooLong: "The entry's texts are too long for one line. Nothing was recorded."
    case .alreadyRecorded(let id): "Entry \(id) is in the manual ledger already."
    case .wrongNumber(let expected, let found):
      "The next entry number is \(expected), not \(found). Nothing was recorded."
    case .unknownEntry(let id): "The manual ledger holds no entry \(id). Nothing was recorded."
    case .forbidden(let problem): "The line is not allowed: \(problem). Nothing was recorded."
    case .reserved: "Segments are opened, sealed and recovered by the writer alone."
    }
  }
}
