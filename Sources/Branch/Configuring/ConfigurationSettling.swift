import BankCore
import Foundation
import Settings

/// What every process does before it reads its settings: it settles what is due, such as a change that
/// nobody confirmed, or one that a kill has left half done, and takes edited files into the history.
public struct ConfigurationSettling: Sendable {
  private let keeper: ConfigurationKeeper

  public init(_ keeper: ConfigurationKeeper) { self.keeper = keeper }

  private struct Look {
    var notices: [String] = []
    /// What was taken back just now: what is in force again must be examined.
    var takenBack: Int?
    /// An edited file whose time is over.
    var judged: PendingChange?
    var startsWatch = false
  }

  /// Settles what is due.
  ///
  /// - Parameter tells: whether a person reads the sentences; otherwise they are kept for the next
  ///   one who does.
  /// - Returns: sentences about what was done or waits; empty when there is nothing to say.
  public func settle(tells: Bool = true) async -> [String] {
    guard keeper.folder.exists || keeper.state.knownBank != nil else { return [] }
    let found: Look?
    do throws(Failure) {
      found = try keeper.locked { (history) throws(FileTrouble) in try look(history) }
    } catch {
      // A state directory that cannot be written stops nobody from looking; but a way back that
      // cannot be gone must be known, and what somebody has put there.
      return keeper.folder.load().pending == nil && !keeper.folder.isBlocked ? [] : [error.text]
    }
    guard var look = found else { return [] }
    if look.startsWatch { keeper.startWatch() }
    if let pending = look.judged { await judge(pending, &look) }
    if let number = look.takenBack {
      ProcessLog().configuration("taken back", generation: number)
      let found = await keeper.finding()
      look.notices.append(ConfigurationKeeper.sentence(found))
      try? keeper.note(found, after: number)
    }
    if tells { look.notices += tellWhatWasTakenBack(except: look.takenBack) }
    return look.notices
  }

  private func look(_ history: ConfigurationHistory) throws(FileTrouble) -> Look {
    var look = Look()
    var history = history
    if let pending = history.pending {
      guard let text = content(of: pending.file) else { return look }
      switch history.verdict(current: text, at: keeper.moment, by: keeper.author) {
      case .nothing: break
      case .judge(let pending):
        look.judged = pending
        return look
      case .waiting(let pending):
        look.notices.append(waitingSentence(pending))
        return look
      case .settle(let steps, _, let why):
        try keeper.folder.carryOut(steps)
        history = keeper.folder.load()
        look.notices.append(why)
        if history[pending.generation]?.isReverted == true { look.takenBack = pending.generation }
      }
    }
    for file in watched(history) where history.pending == nil {
      try lookAtFile(file, &history, &look)
    }
    for name in history.unreadable {
      look.notices.append(
        "\(keeper.folder.path)/\(name) cannot be read: a part of the history is lost. "
          + "Remove that file once the right configuration is in force.")
    }
    return look
  }

  /// The text of a file, nil without one; nil on the outside when it cannot be read.
  private func content(of file: String) -> String?? {
    do throws(SettingsFault) { return .some(try HistoryFolder.text(of: file)) } catch { return nil }
  }

  private func waitingSentence(_ pending: PendingChange) -> String {
    "Generation \(pending.generation) of \(pending.file) is not confirmed yet: "
      + "\(pending.secondsLeft(at: keeper.moment)) s left. Run daybook config confirm to keep it."
  }

  /// The files of this call that are there, or were.
  private func watched(_ history: ConfigurationHistory) -> [String] {
    keeper.options.configurationFiles(keeper.surroundings).filter { file in
      FileManager.default.fileExists(atPath: file)
        || history.inForce(file)?.generation.content != nil
    }
  }

  // MARK: Edited files

  private func lookAtFile(
    _ file: String, _ history: inout ConfigurationHistory, _ look: inout Look
  ) throws(FileTrouble) {
    guard let text = content(of: file) else { return }
    guard let old = history.inForce(file)?.generation else {
      // Only a configuration without mistakes is worth going back to.
      if (try? keeper.options.settings(keeper.surroundings)) != nil {
        history = try keeper.adopt(file, text, history)
      }
      return
    }
    guard old.content != text else { return }
    guard let then = try? keeper.options.settings(keeper.surroundings) else {
      look.notices.append(
        "\(file) was edited and has a mistake in it. "
          + "Run daybook config rollback \(old.number) to put generation \(old.number) back.")
      return
    }
    let before = try? keeper.options.settings(keeper.surroundings, standIns: [file: old.content])
    let touchesConnection = before?.changes(to: then).contains { $0.key == .database } ?? true
    let next = Generation(
      number: history.nextNumber, file: file, content: text, hash: ConfigurationKeeper.hash(text),
      author: keeper.author,
      reason: "edited without daybook config apply", kind: .edited, previous: old.number,
      recordedAt: keeper.moment.now, editedAt: Self.lastWritten(file))
    try adoptEdit(next, touchesConnection, &look)
    history = keeper.folder.load()
  }

  /// A clock that was set back must not put an edit into the future: then it is not known.
  private static func lastWritten(_ file: String) -> Instant? {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: DurableFile.followed(file))
    guard let date = attributes?[.modificationDate] as? Date, date <= Date() else { return nil }
    return Instant(millisecondsSince1970: Int64(date.timeIntervalSince1970 * 1000))
  }

  private func adoptEdit(
    _ next: Generation, _ touchesConnection: Bool, _ look: inout Look
  ) throws(FileTrouble) {
    let sentence = "\(next.file) was edited without daybook config apply"
    guard touchesConnection, DurableFile.canReplace(next.file) else {
      let why =
        touchesConnection
        ? "it cannot be written here, so nothing could be taken back"
        : "it does not touch the connection"
      try keeper.folder.carryOut(ChangePlan.adopt(next, keeper.occurrence("Taken over: \(why).")))
      ProcessLog().configuration("edit taken over", generation: next.number)
      return look.notices.append("\(sentence). It is generation \(next.number) now: \(why).")
    }
    let pending = PendingChange(
      .edit, generation: next.number, previous: next.previous ?? next.number, file: next.file,
      withinSeconds: ConfigurationKeeper.standardSeconds, at: keeper.moment)
    try keeper.folder.carryOut(
      ChangePlan.edited(next, pending, keeper.occurrence("The edit was noticed.")))
    ProcessLog().configuration("edited", generation: next.number)
    look.startsWatch = true
    look.notices.append(
      // Two lines of a small window hold what can be done about it, behind a path of usual length.
      "\(next.file) was edited: generation \(next.number), another database, is not confirmed. "
        + "Run daybook config confirm to keep it, or daybook config rollback to take it back. In "
        + "\(pending.withinSeconds) s Daybook keeps it if its database works.")
  }

  /// Nobody said a word about an edited file in time. It stays when it works, and when the old one
  /// does not either: a working connection is never taken away.
  private func judge(_ pending: PendingChange, _ look: inout Look) async {
    let objection = await objection()
    var oldWorks = false
    if objection != nil, let old = keeper.folder.load()[pending.previous]?.generation,
      let before = try? keeper.workplace(standIns: [pending.file: old.content])
    {
      oldWorks = await before.finding().result == .pass
    }
    let settled = try? keeper.locked { (history) throws(FileTrouble) -> String? in
      guard history.pending == pending else { return nil }
      return try conclude(pending, history, objection: objection, oldWorks: oldWorks)
    }
    guard let sentence = settled ?? nil else { return }
    look.notices.append(sentence)
    if objection != nil, oldWorks { look.takenBack = pending.generation }
  }

  private func conclude(
    _ pending: PendingChange, _ history: ConfigurationHistory, objection: Failure?, oldWorks: Bool
  ) throws(FileTrouble) -> String {
    let (new, old) = (pending.generation, pending.previous)
    guard let objection else {
      let why = "Nobody objected in time, and its database committed a transaction."
      try keeper.folder.carryOut(ChangePlan.confirm(pending, keeper.occurrence(why)))
      ProcessLog().configuration("confirmed", generation: new)
      return "Generation \(new) of \(pending.file), an edit, is in force. \(why)"
    }
    guard oldWorks else {
      try keeper.folder.carryOut([.disarm])
      ProcessLog().configuration("kept although it fails", generation: new)
      return "Generation \(new) of \(pending.file), an edit, stays in force although it fails "
        + "(\(objection.code) \(objection.text)): generation \(old) fails too."
    }
    let why = "Its database fails: \(objection.code) \(objection.text)"
    try keeper.folder.carryOut(history.goBackNow(why, at: keeper.moment, by: keeper.author))
    return "Generation \(new) of \(pending.file), an edit, is taken back, generation \(old) is in "
      + "force. \(why)"
  }

  /// Why the configuration in force commits nothing; nil when it does.
  private func objection() async -> Failure? {
    do throws(SettingsFault) {
      let present = try keeper.workplace()
      do throws(Failure) {
        _ = try await present.proven(allowing: nil)
        return nil
      } catch {
        return error
      }
    } catch {
      return error.failure
    }
  }

  /// What a process without a reader has taken back meanwhile is told once.
  private func tellWhatWasTakenBack(except present: Int?) -> [String] {
    let untold = keeper.folder.load().records.filter {
      $0.isReverted && $0.occurrences[.told] == nil
    }
    guard !untold.isEmpty else { return [] }
    _ = try? keeper.locked { (_) throws(FileTrouble) in
      try keeper.folder.carryOut(
        untold.map { .note(generation: $0.number, .told, keeper.occurrence("")) })
    }
    return untold.filter { $0.number != present }.map { record in
      let (back, verified) = (record.occurrences[.reverted], record.occurrences[.verified])
      let previous = record.generation.previous.map { "generation \($0)" } ?? "the one before"
      return "Generation \(record.number) of \(record.generation.file) was taken back at "
        + "\(back?.at.description ?? "some time"), \(previous) is in force: \(back?.text ?? "") "
        + (verified?.text ?? "")
    }
  }
}
