import BankCore
import ManualLedger

/// Whether this till's own files can be relied on, and what a person must know of them.
struct LedgerHealth: Sendable {
  private let configuration: DeskConfiguration
  /// The terminal is enrolled: it has a manual ledger that entries can go to.
  private(set) var hasLedger: Bool
  /// What a newer directory of this till has taken over from this one, with the new ids.
  let takenOver: [EntryID: EntryID]
  /// Acknowledged lines were damaged or lost, and no supervisor has accepted that yet.
  private(set) var isDamaged: Bool
  /// What a person must know of this terminal's ledger.
  private var notice: String?
  /// Why the second copy, which may have what is lost, cannot be asked.
  private let missesCopy: String?
  /// Why the last lines could not be written; nil as soon as some were.
  private var writingNotice: String?
  /// What a person must know of the other tills' ledgers.
  private var otherTillsNotice: String?
  /// The day whose first lines have gone to a new segment.
  private var rotatedOn: BusinessDay?

  init(_ configuration: DeskConfiguration, _ contents: LedgerContents) {
    self.configuration = configuration
    hasLedger = contents.bank != nil
    takenOver = contents.takenOver
    isDamaged = contents.isDamaged
    notice = contents.notice
    missesCopy = contents.missesCopy
  }

  /// Why nothing can be entered at this terminal; nil where it can.
  func objectionToWriting(_ link: Link) -> Failure? {
    if configuration.isReading {
      return Failure(
        .fault, code: "reading", text: "This desk was opened for reading only.",
        fix: "Nothing was recorded.")
    }
    guard !hasLedger else { return nil }
    if let cause = link.cause, cause.saysNoBankYet {
      return Failure(
        .fault, code: Failure.noBankCode,
        text: "There is no bank yet, so nothing can be entered.", fix: cause.remedy)
    }
    return Failure(
      .fault, code: "not-enrolled",
      text: "This terminal is not enrolled with its bank, so nothing can be entered"
        + (link.cause.map { ": \($0.sentence)" } ?? "."),
      fix: (link.cause?.remedy ?? "Try again when the bank answers.")
        + (link.isNameTaken ? "" : " The terminal is enrolled by itself on its first contact."))
  }

  /// Writes a line about the link, where there is a ledger to write it to.
  func remark(_ record: ModeRecord) -> [Effect] {
    hasLedger && !configuration.isReading ? [.append(.remark, [.mode(record)])] : []
  }

  /// What was damaged or lost, in words; nil where nothing was, or somebody has accepted it.
  var damage: String? { isDamaged ? notice ?? "The manual ledger is damaged." : nil }

  /// What a person must know now.
  ///
  /// - Parameter countsOthers: the other tills' ledgers count while the bank is away, and only then
  ///   must they be readable.
  func notices(countsOthers: Bool) -> String? {
    let notices = [notice, writingNotice, countsOthers ? otherTillsNotice : nil].compactMap { $0 }
    return notices.isEmpty ? nil : notices.joined(separator: " ")
  }

  /// What a supervisor is asked to accept.
  func damageReport(_ bank: BankIdentity?, _ ledger: LedgerState) -> HealingReport {
    var report = HealingReport(epoch: bank?.epoch ?? 0)
    report.damage = notice
    report.missingEntries = ledger.missing
    return report
  }

  /// On a supervisor's word: the loss is known, and work goes on with what is left. Not while a
  /// second copy may have what is lost.
  func acceptDamage(
    _ ticket: Ticket, _ link: Link, _ ledger: LedgerState, _ moment: Moment
  ) -> [Effect] {
    if let no = objectionToAccepting { return [.reply(ticket, .failed(no))] }
    guard hasLedger else { return [.reply(ticket, .failed(link.refusal))] }
    let record = ModeRecord(
      .quarantineLifted, cause: .ledgerDamaged, text: "The damage of the ledger is accepted.",
      operatorName: configuration.operatorName, at: moment.now)
    return [.append(.lifted(ticket, damageReport(link.bank, ledger)), [.mode(record)])]
  }

  /// Why a supervisor cannot accept the damage yet: a second copy may have what is lost.
  private var objectionToAccepting: Failure? {
    missesCopy.map {
      Failure(
        .refused, code: CauseCode.ledgerDamaged.description,
        text: "The second copy may hold what is lost, and \($0).",
        fix: "Nothing was changed. Put the second copy in its place, then try again. If it is lost "
          + "too, first remove second_copy from the configuration.")
    }
  }

  /// A supervisor has accepted the damage: work goes on with what is left.
  mutating func accept() {
    isDamaged = false
    notice = nil
  }

  /// The ledger has a first segment.
  mutating func enrol() { hasLedger = true }

  /// - Parameter failure: why lines could not be written; nil when some were.
  mutating func wrote(_ failure: Failure?) { writingNotice = failure?.text }

  mutating func lookedAround(_ notice: String?) { otherTillsNotice = notice }

  /// Whether the next lines are the first ones of a day at the bank: they go to a new segment, once.
  mutating func beginsDay(_ moment: Moment) -> Bool {
    guard let day = moment.ledgerDay, day < moment.today, rotatedOn != moment.today else {
      return false
    }
    rotatedOn = moment.today
    return true
  }
}
