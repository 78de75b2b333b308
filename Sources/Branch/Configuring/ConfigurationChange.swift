import BankCore
import Foundation
import Settings

/// One change of the configuration that somebody wishes: it is applied, confirmed or rolled back.
public struct ConfigurationChange: Sendable {
  private let keeper: ConfigurationKeeper

  public init(_ keeper: ConfigurationKeeper) { self.keeper = keeper }

  /// What somebody typed beside the file.
  public struct Wish: Hashable, Sendable {
    public var reason: String
    /// The time to confirm it.
    public var seconds: Int64
    /// The name of another bank, or of one that is an older copy, that is taken all the same.
    public var forcedBank: String?
    /// Also when its database fails now.
    public var takesFailing: Bool

    public init(
      reason: String = "", seconds: Int64 = ConfigurationKeeper.standardSeconds,
      forcedBank: String? = nil,
      takesFailing: Bool = false
    ) {
      self.reason = reason
      self.seconds = seconds
      self.forcedBank = forcedBank
      self.takesFailing = takesFailing
    }
  }

  /// What is in force after a change, and whether it still has to be confirmed.
  public struct Changed: Sendable {
    public let generation: Int
    public let previous: Int
    public let file: String
    /// What has to be confirmed still.
    public var pending: PendingChange?
    public var changes: [SettingChange] = []
    public var examined: CandidateFinding?
    /// The doctor's report on a candidate.
    public var report: ConnectionReport?

    public init(generation: Int, previous: Int, file: String) {
      self.generation = generation
      self.previous = previous
      self.file = file
    }
  }

  // MARK: Apply

  /// Puts a candidate in force until it is confirmed or its time is over.
  ///
  /// - Throws: `Failure` that says why it was not: nothing was changed then.
  public func apply(_ file: String, _ wish: Wish) async throws(Failure) -> Changed {
    let candidate = try keeper.candidate(file)
    let before = keeper.folder.load().pending
    if let before, before.kind != .edit { throw Self.isPending(before) }
    if let objection = candidate.objection { throw objection }
    guard !candidate.changes.isEmpty else {
      throw Failure(
        .refused, code: "no-change", text: "\(file) changes nothing.",
        fix: "Its settings are in force already.")
    }
    let report = await candidate.workplace.examine(allowing: wish.forcedBank)
    let examined = CandidateFinding(report)
    // Another bank is never anyway; a fault of a connection that stays as it is proves nothing
    // against the change.
    if let refusal = examined.refusal(forced: wish.forcedBank), candidate.touchesConnection,
      refusal.kind == .wrongBank || !wish.takesFailing
    {
      throw refusal
    }
    let changed = try keeper.locked(isPatient: true) { (history) throws(FileTrouble) -> Changed? in
      guard history.pending == before else { return nil }
      return try activate(candidate, wish, examined, history)
    }
    guard var changed = changed ?? nil else { throw Failure.historyIsBusy }
    changed.report = report
    ProcessLog().configuration("applied", generation: changed.generation)
    keeper.startWatch()
    return changed
  }

  private func activate(
    _ candidate: Candidate, _ wish: Wish, _ examined: CandidateFinding,
    _ history: ConfigurationHistory
  ) throws(FileTrouble) -> Changed {
    var history = history
    if history.inForce(keeper.target) == nil {
      let text = (try? HistoryFolder.text(of: keeper.target)) ?? nil
      history = try keeper.adopt(keeper.target, text, history)
    }
    // What was edited and not confirmed is nothing to go back to.
    let superseded = history.pending
    let previous = superseded?.previous ?? history.inForce(keeper.target)?.number ?? 0
    let generation = Generation(
      number: history.nextNumber, file: keeper.target, content: candidate.text,
      hash: ConfigurationKeeper.hash(candidate.text), author: keeper.author, reason: wish.reason,
      kind: .applied,
      previous: previous, examined: examined, recordedAt: keeper.moment.now)
    let pending = PendingChange(
      .apply, generation: generation.number, previous: previous, file: keeper.target,
      withinSeconds: wish.seconds, forcedBank: wish.forcedBank, at: keeper.moment)
    let steps = ChangePlan.apply(generation, pending, keeper.occurrence("daybook config apply"))
    let clearing: [ChangeStep] =
      superseded.map {
        let text = "Replaced by generation \(generation.number) before it was confirmed."
        return [
          .note(generation: $0.generation, .reverted, keeper.occurrence(text)),
          .note(generation: $0.generation, .told, keeper.occurrence("")),
        ]
      } ?? []
    try keeper.folder.carryOut(clearing + steps)
    var changed = Changed(generation: generation.number, previous: previous, file: keeper.target)
    changed.pending = pending
    changed.changes = candidate.changes
    changed.examined = examined
    return changed
  }

  private static func isPending(_ pending: PendingChange) -> Failure {
    Failure(
      .refused, code: "change-pending",
      text: "Generation \(pending.generation) of \(pending.file) waits to be confirmed.",
      fix: "First run daybook config confirm or daybook config rollback.")
  }

  // MARK: Confirm

  /// Keeps what waits, once a transaction was really committed under it.
  ///
  /// - Throws: `Failure` when nothing waits, or nothing could be committed.
  public func confirm() async throws(Failure) -> Changed {
    let history = keeper.folder.load()
    guard let pending = history.pending, let new = history[pending.generation] else {
      throw nothingPending(history)
    }
    let proof = try await proof(of: pending, history)
    let text =
      proof.map { "A transaction was committed. \($0.text)" }
      ?? "The connection stays as it was; its database was not reached."
    let isDone = try keeper.locked(isPatient: true) { (now) throws(FileTrouble) -> Bool in
      guard now.pending == pending, !pending.isOver(at: keeper.moment) else { return false }
      try keeper.folder.carryOut(ChangePlan.confirm(pending, keeper.occurrence(text)))
      guard proof != nil else { return true }
      var health = new.health ?? Health()
      health.saw(online: true, committed: true, at: keeper.moment.now)
      try keeper.folder.store(health, of: new.number)
      return true
    }
    guard let isDone else { throw Failure.historyIsBusy }
    guard isDone else {
      throw Failure(
        .refused, code: "too-late",
        text: "The time to confirm generation \(pending.generation) is over.",
        fix: "It is taken back. Apply it again with more time: --within SECONDS.")
    }
    ProcessLog().configuration("confirmed", generation: pending.generation)
    var changed = Changed(
      generation: pending.generation, previous: pending.previous, file: pending.file)
    changed.examined = proof
    return changed
  }

  /// - Returns: nil where nothing was committed and nothing has to be.
  private func proof(
    of pending: PendingChange, _ history: ConfigurationHistory
  ) async throws(Failure) -> CandidateFinding? {
    let (present, mustCommit) = try waiting(pending, history)
    do throws(Failure) { return try await present.proven(allowing: pending.forcedBank) } catch {
      if mustCommit { throw error }
      return nil
    }
  }

  /// What waits, and whether it changes the connection.
  private func waiting(
    _ pending: PendingChange, _ history: ConfigurationHistory
  ) throws(Failure) -> (Workplace, changesConnection: Bool) {
    let (text, present): (String?, Workplace)
    do throws(SettingsFault) {
      text = try HistoryFolder.text(of: pending.file)
      present = try keeper.workplace()
    } catch {
      throw error.failure
    }
    guard text == history[pending.generation]?.generation.content else {
      throw Failure(
        .refused, code: "edited", text: "\(pending.file) was edited since it was applied.",
        fix: "Run daybook config apply FILE with the file that you want.")
    }
    let old = history[pending.previous]?.generation.content
    let before = try? keeper.options.settings(keeper.surroundings, standIns: [pending.file: old])
    let changes = before?.changes(to: present.settings)
    return (present, changes?.contains { $0.key == .database } ?? true)
  }

  private func nothingPending(_ history: ConfigurationHistory) -> Failure {
    let present =
      history.inForce(keeper.target).map { "generation \($0.number) is in force" }
      ?? "there is no history"
    return Failure(
      .refused, code: "nothing-pending",
      text: "No change of the configuration waits to be confirmed: \(present).",
      fix: "Run daybook config history to see what happened.")
  }

  // MARK: Roll back

  /// Goes back: from what waits to what was before it, or to an earlier confirmed generation, as a
  /// new one.
  ///
  /// - Parameter way: what was used, for the history.
  /// - Throws: `Failure` when there is nothing to go back to.
  public func rollBack(
    to number: Int?, by way: WayBackMeans = .command
  ) async throws(Failure) -> Changed {
    if number == nil, keeper.folder.load().pending != nil { return try await takeBack(way) }
    var refusal: Failure?
    let done = try keeper.locked(isPatient: true) { (history) throws(FileTrouble) -> Changed? in
      var history = history
      if let pending = history.pending {
        try keeper.folder.carryOut(
          history.goBackNow(way.rawValue, at: keeper.moment, by: keeper.author))
        ProcessLog().configuration("taken back", generation: pending.generation)
        history = keeper.folder.load()
      }
      switch wayBack(number, history) {
      case .failure(let failure):
        refusal = failure
        return nil
      case .success(let record): return try restore(record, history, way)
      }
    }
    if let refusal { throw refusal }
    guard var changed = done ?? nil else { throw Failure.historyIsBusy }
    ProcessLog().configuration("rolled back", generation: changed.generation)
    changed.examined = await keeper.finding()
    try keeper.note(changed.examined, after: changed.generation, isPatient: true)
    return changed
  }

  private func takeBack(_ way: WayBackMeans) async throws(Failure) -> Changed {
    let taken = try keeper.locked(isPatient: true) {
      (history) throws(FileTrouble) -> PendingChange? in
      let steps = history.goBackNow(way.rawValue, at: keeper.moment, by: keeper.author)
      try keeper.folder.carryOut(steps)
      guard let pending = history.pending else { return nil }
      try keeper.folder.carryOut([
        .note(generation: pending.generation, .told, keeper.occurrence(""))
      ])
      return pending
    }
    guard let taken else { throw Failure.historyIsBusy }
    guard let pending = taken else { throw nothingPending(keeper.folder.load()) }
    ProcessLog().configuration("taken back", generation: pending.generation)
    let examined = await keeper.finding()
    try keeper.note(examined, after: pending.generation, isPatient: true)
    var changed = Changed(
      generation: pending.previous, previous: pending.generation, file: pending.file)
    changed.examined = examined
    return changed
  }

  private func wayBack(
    _ number: Int?, _ history: ConfigurationHistory
  ) -> Result<ConfigurationHistory.Record, Failure> {
    guard let number else {
      let present = history.inForce(keeper.target)
      // A file that was edited and has a mistake in it is no generation: what it hides is next.
      let isHidden = present.map { !isInPlace($0) } ?? false
      guard let record = isHidden ? present : history.wayBack(keeper.target) else {
        return .failure(
          Failure(
            .refused, code: "no-way-back",
            text: "\(keeper.target) has no other generation that was ever confirmed.",
            fix: "Run daybook config apply FILE to put another configuration in force."))
      }
      return .success(record)
    }
    guard let record = history[number] else {
      return .failure(
        Failure(
          .usage, code: "no-generation", text: "There is no generation \(number).",
          fix: "Run daybook config history to see them all."))
    }
    guard record.isConfirmed else {
      return .failure(
        Failure(
          .refused, code: "never-confirmed", text: "Generation \(number) was never confirmed.",
          fix:
            "Its text is in \(keeper.folder.path). Run daybook config apply FILE to try it again."))
    }
    guard !isInPlace(record) else {
      return .failure(
        Failure(
          .refused, code: "no-change",
          text: "The settings of generation \(number) are in force already.",
          fix: "Run daybook config history to see the others."))
    }
    return .success(record)
  }

  private func isInPlace(_ record: ConfigurationHistory.Record) -> Bool {
    do throws(SettingsFault) {
      return try HistoryFolder.text(of: record.generation.file) == record.generation.content
    } catch {
      return false
    }
  }

  private func restore(
    _ record: ConfigurationHistory.Record, _ history: ConfigurationHistory, _ way: WayBackMeans
  ) throws(FileTrouble) -> Changed {
    let file = record.generation.file
    let previous = history.inForce(file)?.number ?? record.number
    let generation = Generation(
      number: history.nextNumber, file: file, content: record.generation.content,
      hash: record.generation.hash, author: keeper.author,
      reason: "rolled back to generation \(record.number)", kind: .rolledBack, previous: previous,
      restores: record.number, recordedAt: keeper.moment.now)
    let pending = PendingChange(
      .rollback, generation: generation.number, previous: previous, file: file,
      withinSeconds: ConfigurationKeeper.standardSeconds, at: keeper.moment)
    try keeper.folder.carryOut(
      ChangePlan.rollBack(generation, pending, keeper.occurrence(way.rawValue)))
    return Changed(generation: generation.number, previous: previous, file: file)
  }
}
