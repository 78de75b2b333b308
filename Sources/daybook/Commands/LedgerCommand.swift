import ArgumentParser
import BankCore
import Files
import Foundation
import Host
import ManualLedger
import Settings

/// `daybook ledger`
struct LedgerCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "This terminal's manual ledger.",
    subcommands: [List.self, Verify.self, Adopt.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List its entries and what has become of them.",
      discussion: "Of the business day, of the outage that lasts, and all open matters.")

    @ArgumentParser.Flag(help: "Every entry of every segment that is kept.")
    var all = false
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let surroundings = global.surroundings()
      let settings = try global.settings(surroundings)
      let files = LedgerFiles(directory: settings.statePath(surroundings))
      let bank = await StateDirectory(path: files.directory).copiedBank()
      let wording = Wording(notation: settings.notation, bank: bank)
      guard let terminal = settings.terminal,
        try files.terminals().contains(where: { $0 == terminal })
      else { return .ledger([], missing: [], leftOut: 0, wording) }
      let state = try files.examination(of: terminal).state
      let today = HostClock().businessDay(of: SystemClock().now, timeZone: bank?.timeZone ?? "UTC")
      let shown = state.entries.filter { all || $0.isOfToday(today, in: state) }
      return .ledger(
        shown, missing: state.missing, leftOut: state.entries.count - shown.count, wording)
    }
  }

  struct Verify: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Check the ledger's files for damage.",
      discussion: "Without a FILE all ledgers of the state directory are checked.")

    @Argument(help: "Segments, wherever they lie.")
    var files: [String] = []
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let surroundings = global.surroundings()
      var found = Verification()
      if files.isEmpty {
        let settings = try global.settings(surroundings)
        let ledgers = LedgerFiles(directory: settings.statePath(surroundings))
        found.place = ledgers.directory
        try found.add(ledgers, copy: settings.secondCopy.map { surroundings.path($0) })
      }
      for file in files {
        found.findings.append(try LedgerFiles.finding(onFile: surroundings.path(file)))
      }
      return .verification(found)
    }
  }
}

extension LedgerEntry {
  /// Whether it belongs to what a person looks at today: captured today, open still, or of the outage
  /// that lasts.
  fileprivate func isOfToday(_ today: BusinessDay?, in state: LedgerState) -> Bool {
    if !isSettled || hasOpenNotice { return true }
    if let outage = state.outages.last, outage.ended == nil, line > outage.began { return true }
    guard let today else { return true }
    return entry.valueDate >= today
  }

  private var isSettled: Bool { outcome != nil || void != nil }
}

/// What `ledger verify` has found.
struct Verification {
  var findings: [LedgerFiles.Finding] = []
  var standings: [LedgerFiles.Standing] = []
  var traces: [LedgerFiles.Trace] = []
  /// What stands in the place of files, or keeps them from being read.
  var objections: [FileObjection] = []
  /// Why the second copy cannot be looked at.
  var copyFault: String?
  /// Where was looked when no files were named.
  var place = ""

  /// All ledgers of a state directory, and of its second copy.
  mutating func add(_ ledgers: LedgerFiles, copy: String?) throws(Failure) {
    let copies = copy.map { LedgerFiles(directory: $0) }
    var terminals = try ledgers.terminals()
    if let copy, !OrdinaryFile.isFolder(copy) { copyFault = "there is no folder \(copy)" }
    do throws(Failure) {
      // What is gone here altogether may stand there.
      for terminal in try copies?.terminals() ?? [] where !terminals.contains(terminal) {
        terminals.append(terminal)
      }
    } catch { copyFault = error.text }
    objections = ledgers.objections() + (copies?.objections() ?? [])
    for terminal in terminals where !isJudgedByObjection(terminal, in: ledgers) {
      guard OrdinaryFile.isFolder(ledgers.directory) else {
        if let copies { standings.append(try copies.standing(ofLost: terminal, ledgers.directory)) }
        continue
      }
      findings += try ledgers.findings(on: terminal)
      standings.append(try ledgers.standing(of: terminal, copy: copy))
    }
    if let copies, copyFault == nil {
      for terminal in terminals where !isJudgedByObjection(terminal, in: copies) {
        findings += try copies.findings(on: terminal)
      }
    }
    traces = ledgers.traces() + (copies?.traces() ?? [])
  }

  /// Nothing can be said of a ledger with something else in the place of its mark, witness or segments.
  private func isJudgedByObjection(_ terminal: TerminalName, in files: LedgerFiles) -> Bool {
    objections.contains { objection in
      guard objection.path.hasPrefix("\(files.directory)/\(terminal).") else { return false }
      let name = objection.path.dropFirst(files.directory.count + 1)
      return LedgerNames.Part(ofFile: String(name))?.isOfTheLedger ?? false
    }
  }
}
