import BankCore
import BankService

/// Answers what concerns no entry and no account: holds and drills, outages, the connection itself.
///
/// It owns the files and connections that this takes, and is asked directly, in every mode. Of the desk
/// it wants three things alone: to know of a hold, to have its lines on the disk, and to turn to another
/// store.
public actor BranchOffice {
  /// The slips of a desk's entries, and what is half typed at it.
  public struct Papers: Sendable {
    let slips: Slips
    let draft: DraftFile

    public init(_ slips: Slips, _ draft: DraftFile) {
      self.slips = slips
      self.draft = draft
    }
  }

  private let desk: BankDesk
  private let holds: DirectoryHolds
  private let outages: OutageFiles
  private let advisor: ConnectionAdvisor?
  private let papers: Papers
  private let operatorName: String
  /// The newest change of what is half typed.
  private var lastChange: UInt64 = 0
  private var holdWatch: Task<Void, Never>?
  private var isClosed = false

  /// - Parameters:
  ///   - operatorName: who holds the bank, where somebody does at this desk.
  ///   - advisor: nil for a command, which examines no connection of its desk.
  public init(
    _ desk: BankDesk, holds: DirectoryHolds, outages: OutageFiles, advisor: ConnectionAdvisor?,
    papers: Papers, operatorName: String
  ) {
    self.desk = desk
    self.holds = holds
    self.outages = outages
    self.advisor = advisor
    self.papers = papers
    self.operatorName = operatorName
  }

  /// Opens the desk, under a hold where there is one, and tells it of each later one: another process
  /// of this state directory may take the bank away, or give it back.
  ///
  /// - Throws: `Failure` when the ledger cannot be used.
  public func open() async throws(Failure) {
    try await desk.open(under: holds.look()) { await self.watchHolds() }
  }

  private func watchHolds() {
    holdWatch = Task { [holds, desk] in
      for await state in holds.changes() { await desk.note(state) }
    }
  }

  /// Closes the desk too.
  public func close() async {
    isClosed = true
    holdWatch?.cancel()
    await advisor?.stopExamining()
    await desk.close()
  }

  /// Asks, and waits for the one answer.
  public func ask(_ request: BranchRequest) async -> BranchReply {
    // Nothing is begun that nobody would end.
    guard !isClosed else { return .failed(.deskClosed) }
    if request.isAskedByPerson { await desk.noteUse() }
    do throws(Failure) {
      switch request {
      case .hold(let reason):
        return try await changed(to: holds.begin(.hold, by: operatorName, reason: reason))
      case .release: return try await changed(to: holds.end(nil, by: operatorName))
      case .drill(true): return try await changed(to: holds.begin(.drill, by: operatorName))
      case .drill(false): return try await changed(to: holds.end(.drill, by: operatorName))
      case .outages:
        // They are read from the files: what was decided just now must stand there.
        await desk.written()
        return .outages(try await outages.reports())
      case .writeOutageReport(let id):
        await desk.written()
        return .reportWritten(try await outages.write(id))
      case .examine(let steps): return .examination(try await advice().examination(after: steps))
      case .stopExamining:
        try await advice().stopExamining()
        return .done
      case .suspect: return .suspect(try await advice().suspect())
      case .goBack(let generation):
        let (wayBack, store) = try await advice().goBack(to: generation)
        await desk.turn(to: store)
        return .wentBack(wayBack)
      case .printSlip(let receipt):
        let bank = await desk.status().bank
        return .slipPrinted(number: try await papers.slips.print(receipt, of: bank))
      case .keepDraft(let draft, let change):
        guard change > lastChange else { return .done }
        lastChange = change
        try papers.draft.keep(draft)
        return .done
      case .keptDraft: return .keptDraft(try await keptDraft())
      }
    } catch {
      return .failed(error)
    }
  }

  /// Written down first: what is not on the disk holds nobody.
  private func changed(to state: HoldState) async -> BranchReply {
    await desk.note(state)
    return .done
  }

  /// What was entered before a kill came is not offered again.
  private func keptDraft() async throws(Failure) -> KeptDraft? {
    guard let kept = try papers.draft.kept() else { return nil }
    guard case .ledger(let page) = await desk.ask(.ledger(LedgerQuery(limit: 50))),
      page.entries.contains(where: { kept.became($0.entry) })
    else { return kept }
    try papers.draft.keep(nil)
    return nil
  }

  private func advice() throws(Failure) -> ConnectionAdvisor {
    if let advisor { return advisor }
    throw Failure(
      .refused, code: "no-advice", text: "This desk examines no connection.",
      fix: "Use daybook doctor.")
  }
}

extension BranchRequest {
  /// Somebody works at the till: what goes on beside leaves them a processor. A console asks the others by
  /// itself.
  fileprivate var isAskedByPerson: Bool {
    switch self {
    case .hold, .release, .drill, .outages, .writeOutageReport, .goBack, .examine(after: nil),
      .printSlip:
      true
    case .examine(after: .some), .stopExamining, .suspect, .keepDraft, .keptDraft: false
    }
  }
}
