import BankCore
import BankService

/// Looks for the same instruction from elsewhere: of the same account, kind, amount, currency and
/// value date, from another terminal or an import. The oldest one counts.
///
/// The books are asked for what their index knows; what came back, mostly nothing, is compared here.
struct DuplicateSearch {
  /// What the index knows of an instruction.
  private struct Key: Hashable {
    let day: BusinessDay
    let customer: AccountNumber
    let minorUnits: Int64
  }

  /// Released entries with the same key are looked for once.
  private var entries: [[Entry]] = []
  private var keys: [Key] = []

  init(_ batch: PostingBatch) {
    var places: [Key: Int] = [:]
    for submission in batch.submissions where submission.wasReleased {
      let entry = submission.entry
      guard let customer = entry.firstCustomer else { continue }
      let key = Key(
        day: entry.valueDate, customer: customer, minorUnits: entry.amount.minorUnits)
      if let place = places[key] {
        entries[place].append(entry)
      } else {
        places[key] = keys.count
        keys.append(key)
        entries.append([entry])
      }
    }
  }

  /// Nil when there is nothing to look for.
  var call: Call? {
    guard !keys.isEmpty else { return nil }
    return Call(
      Self.statement,
      [
        .integers(keys.indices.map(Int64.init)), .days(keys.map(\.day)),
        .texts(keys.map(\.customer.text)), .integers(keys.map(\.minorUnits)),
        .text(onlyTerminal),
      ])
  }

  /// Where all entries are of one terminal, the books leave its own out.
  private var onlyTerminal: String? {
    guard let first = entries.first?.first?.terminal else { return nil }
    return entries.allSatisfy { $0.allSatisfy { $0.terminal == first } } ? first.text : nil
  }

  /// Of many that are the same in everything that is compared, only the oldest is wanted.
  private static let statement = """
    SELECT DISTINCT ON (wanted.place, booking.kind, booking.debit, booking.credit,
        booking.currency, booking.terminal)
      wanted.place, booking.entry_id, booking.position, booking.kind, booking.debit,
      booking.credit, booking.currency, booking.terminal
    FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::bigint[])
      AS wanted (place, day, customer, amount)
    JOIN daybook.booking ON booking.value_date = wanted.day
      AND (CASE WHEN booking.debit LIKE 'BANK-%' THEN booking.credit ELSE booking.debit END)
        = wanted.customer
      AND booking.amount = wanted.amount
    WHERE $5::text IS NULL OR booking.terminal <> $5::text
    ORDER BY wanted.place, booking.kind, booking.debit, booking.credit, booking.currency,
      booking.terminal, booking.position
    """

  private struct Candidate {
    let id: EntryID
    let position: Int64
    let kind: EntryKind
    let debit: AccountNumber
    let credit: AccountNumber
    let currency: Currency
    let terminal: String

    init(_ cells: inout Cells) throws(StoreFault) {
      id = try cells.identifier()
      position = try cells.integer()
      kind = try cells.kind()
      debit = try cells.accountNumber()
      credit = try cells.accountNumber()
      currency = try cells.currency()
      terminal = try cells.text()
    }

    /// The bank's own sides may differ: another till has another drawer.
    func isSame(as entry: Entry) -> Bool {
      kind == entry.kind && currency == entry.amount.currency && terminal != entry.terminal.text
        && (entry.debit.isOwn || debit == entry.debit)
        && (entry.credit.isOwn || credit == entry.credit)
    }
  }

  /// By the entries of the batch, what they are probable duplicates of.
  func duplicates(_ rows: Rows) throws(StoreFault) -> [EntryID: EntryID] {
    let found = try rows.read { cells throws(StoreFault) in
      (Int(try cells.integer()), try Candidate(&cells))
    }
    var oldest: [EntryID: Candidate] = [:]
    for (place, candidate) in found where entries.indices.contains(place) {
      for entry in entries[place] where candidate.isSame(as: entry) {
        if let known = oldest[entry.id], known.position <= candidate.position { continue }
        oldest[entry.id] = candidate
      }
    }
    return oldest.mapValues(\.id)
  }
}

extension Entry {
  fileprivate var firstCustomer: AccountNumber? {
    if !debit.isOwn { return debit }
    return credit.isOwn ? nil : credit
  }
}
