import RealParts

/// Compares what every command has told with what the books hold.
struct ChaosJudgement {
  let record: ChaosRecord
  let books: ChaosBooks
  /// The entries of every till, as its ledger says at last, by their memos.
  let ledgers: [String: [String: JSONValue]]
  private let notices: [String: Set<String>]
  private let bookingsByID: [String: ChaosBooks.Booking]

  init(_ record: ChaosRecord, _ books: ChaosBooks, _ ledgers: [String: [String: JSONValue]]) {
    self.record = record
    self.books = books
    self.ledgers = ledgers
    var notices: [String: Set<String>] = [:]
    for notice in record.notices {
      notices["\(notice.till)|\(notice.entry)", default: []].insert(notice.outcome)
    }
    self.notices = notices
    bookingsByID = Dictionary(
      (books.bookings + books.settlements).map { ($0.id, $0) }, uniquingKeysWith: { $1 })
  }

  func faults() -> [ChaosFault] {
    var faults: [ChaosFault] = []
    for tale in record.tales { faults += self.faults(of: tale) }
    for (memo, bookings) in books.byMemo where record.tale(memo) == nil {
      faults.append(
        ChaosFault(text: "\(memo) is booked, and nobody wished it: \(bookings)", names: [memo]))
    }
    return faults + settlementFaults()
  }

  // MARK: Entries

  private func faults(of tale: ChaosTale) -> [ChaosFault] {
    let bookings = books.byMemo[tale.wish.memo] ?? []
    let names = [tale.wish.memo + "\"", tale.id ?? ""]
    func fault(_ text: String) -> ChaosFault {
      let told = tale.acts.map { "\($0.number) \($0.till) \($0.telling)" }
      return ChaosFault(
        text:
          "\(text)\nwish: \(tale.wish)\ntold: \(told.joined(separator: "; "))\nbooked: \(bookings)",
        names: names)
    }
    var faults: [ChaosFault] = []
    if bookings.count > 1 { faults.append(fault("booked more than once")) }
    for booking in bookings where !isAsTold(booking, tale) {
      faults.append(fault("booked, but not as it was told"))
    }
    let isNowhere = tale.acts.allSatisfy { act in
      switch act.telling {
      case .notRecorded, .differs: true
      default: false
      }
    }
    if isNowhere, !bookings.isEmpty { faults.append(fault("told as not recorded, and booked")) }
    for till in tale.tills.sorted() {
      if let text = complaint(aboutLedgerOf: till, tale, bookings) { faults.append(fault(text)) }
      if let text = complaint(about: tale, at: till, bookings) { faults.append(fault(text)) }
    }
    return faults
  }

  /// Whether it is the content that was wished, at a till that was asked.
  private func isAsTold(_ booking: ChaosBooks.Booking, _ tale: ChaosTale) -> Bool {
    let wish = tale.wish
    guard booking.kind == wish.kind.rawValue, tale.tills.contains(booking.terminal),
      tale.id == nil || [booking.id, booking.replaces].contains(tale.id)
    else { return false }
    func isSide(_ side: String, _ account: String) -> Bool {
      side == account || (booking.outcome == "suspense" && side == "BANK-SUSPENSE-\(wish.currency)")
    }
    switch wish.kind {
    case .reversal:
      guard let target = bookingsByID[wish.target ?? ""] else { return false }
      return booking.reverses == wish.target && booking.amount == target.amount
        && booking.debit == target.credit && booking.credit == target.debit
    case .deposit:
      return booking.amount == wish.minorUnits && booking.currency == wish.currency
        && isSide(booking.credit, wish.account) && booking.debit.hasPrefix("BANK-")
    case .withdrawal:
      return booking.amount == wish.minorUnits && booking.currency == wish.currency
        && isSide(booking.debit, wish.account) && booking.credit.hasPrefix("BANK-")
    case .transfer:
      return booking.amount == wish.minorUnits && booking.currency == wish.currency
        && booking.debit == wish.account && booking.credit == wish.counterAccount
    }
  }

  /// What the till's ledger and the books disagree about; nil where they agree.
  private func complaint(
    aboutLedgerOf till: String, _ tale: ChaosTale, _ bookings: [ChaosBooks.Booking]
  ) -> String? {
    guard let state = ledgers[till]?[tale.wish.memo]?["state"].text else { return nil }
    let isBooked =
      switch state {
      case "posted", "suspense", "settled": true
      default: false
      }
    // The same entry of two tills is booked for the one that came first.
    let isInBooks = bookings.contains { $0.terminal == till || isBooked }
    return isBooked == isInBooks ? nil : "the ledger of \(till) says \(state), and the books do not"
  }

  /// What the till's word and the books disagree about; nil where they agree.
  private func complaint(
    about tale: ChaosTale, at till: String, _ bookings: [ChaosBooks.Booking]
  ) -> String? {
    // A till away from its bank may take another entry under an id that only the bank knows, and
    // void that one: its own ledger tells whose void it was.
    let isInLedger = ledgers[till]?[tale.wish.memo] != nil
    let isVoided = isInLedger && tale.id.map { record.wasVoided($0, at: till) } ?? false
    let told = tale.acts.filter { $0.till == till }.map(\.telling)
    let receipts = told.compactMap { telling -> String? in
      if case .receipt(let state, _) = telling { state } else { nil }
    }
    if let text = contradiction(among: receipts, tale.wish) { return "at \(till): \(text)" }
    if isVoided || told.contains(.voided) {
      if receipts.contains(where: { ["posted", "suspense", "settled"].contains($0) }) {
        return "at \(till): told as booked, and as voided"
      }
      return bookings.contains { $0.terminal == till } ? "voided at \(till), and booked" : nil
    }
    switch receipts.last {
    case "posted", "settled", "suspense":
      return bookings.isEmpty ? "told as booked at \(till), and not booked" : nil
    case "recorded":
      if !bookings.isEmpty { return nil }
      if let id = tale.id, record.mayBeVoided(id, at: till) {
        let state = ledgers[till]?[tale.wish.memo]?["state"].text
        if state == "voided" { return nil }
      }
      guard tale.wish.isRequest else { return "recorded at \(till), and not booked" }
      return wasRefusedInTheEnd(tale) ? nil : "taken at \(till), and neither booked nor refused"
    case "refused":
      return bookings.contains { $0.terminal == till } ? "refused at \(till), and booked" : nil
    case "unknown":
      return silence(about: tale, at: till, told, bookings)
    default: return nil
    }
  }

  /// What was told once must not be untold.
  private func contradiction(among receipts: [String], _ wish: ChaosWish) -> String? {
    var last = ""
    for state in receipts {
      let isAllowed =
        switch (last, state) {
        case ("posted", let next): next == "posted" || next == "settled"
        case ("suspense", let next), ("settled", let next):
          ["suspense", "settled", "posted"].contains(next)
        case ("refused", let next): next == "refused"
        case ("recorded", "unknown"): false
        case ("recorded", "refused"): wish.isRequest
        default: true
        }
      guard isAllowed else { return "\(last) was told, and then \(state)" }
      last = state
    }
    return nil
  }

  /// A taken request that the bank refused is an exception, and somebody has seen to it.
  private func wasRefusedInTheEnd(_ tale: ChaosTale) -> Bool {
    guard let id = tale.id, let exception = books.exceptions[id] else { return false }
    return exception.outcome == "refused" && exception.resolution == "refuse"
  }

  /// An unknown outcome has an end, and somebody is told of it.
  private func silence(
    about tale: ChaosTale, at till: String, _ told: [ChaosTelling],
    _ bookings: [ChaosBooks.Booking]
  ) -> String? {
    guard let id = tale.id else { return "unknown at \(till) without an id" }
    let outcomes = notices["\(till)|\(id)"] ?? []
    guard let outcome = outcomes.first, outcomes.count == 1 else {
      return "unknown at \(till), and \(outcomes.isEmpty ? "no notice" : "notices \(outcomes)")"
    }
    let isBooked = bookings.contains { $0.terminal == till || tale.wish.isTheSameEverywhere }
    return isBooked == (outcome != "refused")
      ? nil : "the notice at \(till) says \(outcome), and the books do not"
  }

  // MARK: Settlements

  private func settlementFaults() -> [ChaosFault] {
    var faults: [ChaosFault] = []
    let byException = Dictionary(grouping: books.settlements, by: \.replaces)
    for (id, settlements) in byException where settlements.count > 1 {
      faults.append(
        ChaosFault(text: "money moved more than once for \(id): \(settlements)", names: [id]))
    }
    for exception in books.exceptions.values where exception.resolution.isEmpty {
      faults.append(ChaosFault(text: "an exception is open: \(exception)", names: [exception.id]))
    }
    let asked = Dictionary(grouping: record.settlements, by: \.exception)
    for (id, acts) in asked {
      let names = [id]
      let told = Set(acts.compactMap(\.told))
      if told.count > 1 {
        faults.append(ChaosFault(text: "\(id) was told as settled by \(told)", names: names))
      }
      guard let exception = books.exceptions[id] else { continue }
      if let one = told.first, one != exception.resolution {
        faults.append(
          ChaosFault(
            text: "\(id) was told as settled by \(one), on record: \(exception)", names: names))
      }
      let possible = Set(acts.filter { !$0.wasRefused }.map(\.resolution))
      if !exception.resolution.isEmpty, !possible.contains(exception.resolution) {
        faults.append(ChaosFault(text: "nobody settled it so: \(exception)", names: names))
      }
    }
    return faults
  }
}
