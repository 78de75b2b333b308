import BankCore
import Branch
import ManualLedger
import Settings

/// How a command ended, as the contract of the command line has it.
public enum CommandStatus: Int32, Sendable {
  /// An entry that was recorded in the manual ledger is done.
  case done = 0
  /// The bank said no, or a person is needed.
  case needsPerson = 1
  /// It could not be done.
  case fault = 3
  case wrongBank = 4
  case usage = 64

  /// Of a command that has failed.
  public init(_ kind: Failure.Kind) {
    self =
      switch kind {
      case .refused: .needsPerson
      case .fault: .fault
      case .wrongBank: .wrongBank
      case .usage: .usage
      }
  }

  private init(needsPerson: Bool) { self = needsPerson ? .needsPerson : .done }
}

/// One rule for each kind of answer.
extension CommandStatus {
  init(_ receipt: Receipt) { self.init(needsPerson: receipt.state.needsPerson) }

  /// - Parameter openExceptions: in the bank as a whole.
  init(_ report: ReconciliationReport, openExceptions: Int) {
    self.init(needsPerson: report.waiting > 0 || openExceptions > 0)
  }

  init(_ plan: ReconciliationPlan, openExceptions: Int) {
    self.init(needsPerson: !plan.lines.isEmpty || openExceptions > 0)
  }

  init(_ report: HealingReport, planOnly: Bool) {
    let isLeft = report.restored < report.missing || !report.missingEntries.isEmpty
    self.init(needsPerson: !planOnly && isLeft)
  }

  /// - Parameter isWorklist: a person is needed while one of them is open.
  init(_ notices: [Notice], isWorklist: Bool) {
    self.init(needsPerson: isWorklist && notices.contains(where: \.isOpen))
  }

  init(_ found: Verification) { self.init(needsPerson: !found.isSound) }

  /// 0 healthy or warnings, 1 a fault, 3 only could-not-test, 4 another bank.
  init(_ report: ConnectionReport) {
    if report.isHealthy {
      self = .done
    } else if let diagnosis = report.decisive?.diagnosis {
      self = diagnosis.layer == .wrongBank ? .wrongBank : .needsPerson
    } else {
      self = .fault
    }
  }

  /// Of a command that only looked.
  init(_ examined: CandidateFinding) {
    self =
      switch examined.result {
      case .pass: .done
      case .fail: .needsPerson
      case .anotherBank, .olderDatabase: .wrongBank
      }
  }

  /// - Parameter objection: why the candidate cannot be put in force, whatever its database says.
  init(_ examined: CandidateFinding, objection: Failure?) {
    let database = CommandStatus(examined)
    self = database == .done && objection != nil ? .needsPerson : database
  }

  init(_ state: AppliedState) {
    if case .reverted = state { self = .needsPerson } else { self = .done }
  }

  /// It is done, and what is in force again works, or not.
  init(rolledBack changed: ConfigurationChange.Changed) {
    self.init(needsPerson: changed.examined?.result != .pass)
  }

  /// Bad lines want a person, unless they were to be skipped and something of the rest is in.
  init(_ result: ImportRun.Result, skipsBad: Bool, isDryRun: Bool) {
    let pending = isDryRun ? result.pending : 0
    let hasUse = result.imported + result.alreadyPresent + pending > 0
    self.init(needsPerson: !result.bad.isEmpty && !(skipsBad && hasUse))
  }

  /// - Parameter left: what a person must see to in the old copy.
  init(adoptedLeaving left: [String]) { self.init(needsPerson: !left.isEmpty) }
}

extension Verification {
  /// The marks that are damaged or missing.
  var badMarks: [String] {
    Set(findings.filter { $0.mark.map { $0 != .whole } ?? false }.map(\.markFile)).sorted()
  }

  var isSound: Bool {
    badMarks.isEmpty && objections.isEmpty && findings.allSatisfy(\.report.verdict.isSound)
      && standings.allSatisfy { $0.losses.isEmpty && $0.missing.isEmpty }
  }
}

extension LedgerFiles.Finding {
  fileprivate var markFile: String {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let terminal = report.name.split(separator: ".").first ?? ""
    return folder.joined(separator: "/") + "/\(terminal).mark"
  }
}
