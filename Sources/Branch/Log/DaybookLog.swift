import BankCore
import Foundation
import Host
import Logging
import Screen
import Synchronization

/// Where the lines of the log go: nowhere until the state directory of a call is known.
public final class LogTarget: Sendable {
  /// That of this process.
  public static let process = LogTarget()

  private let contents = Mutex<(file: LogFile, level: Logger.Level)?>(nil)

  public init() {}

  /// From now on lines of that level and above go to that file.
  ///
  /// - Parameter level: `error`, `warning`, `info` or `debug`.
  public func turn(to file: LogFile, level: String) {
    contents.withLock { $0 = (file, Logger.Level(rawValue: level) ?? .info) }
  }

  /// What is written at least; nothing while nobody knows where to.
  var level: Logger.Level { contents.withLock { $0?.level } ?? .critical }

  func append(_ line: String) { contents.withLock { $0?.file }?.append(line) }
}

/// Writes what modules log to `daybook.log`:
/// `2026-11-23T14:02:11.004Z info 4711 daybook.desk: mode cause=C05 mode=manual terminal=till-1`.
public struct LogFileHandler: LogHandler {
  private let label: String
  private let target: LogTarget
  private var own: Logger.Level?
  public var metadata: Logger.Metadata = [:]

  public init(label: String, target: LogTarget = .process) {
    self.label = label
    self.target = target
  }

  public var logLevel: Logger.Level {
    get { own ?? target.level }
    set { own = newValue }
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    // The words of an error may repeat a host, a user or what a server said: its code is enough.
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }.filter { $0.key != "text" }
      .sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    let words = "\(label): \(event.message)\(facts)"
    // A value of a connection has no place here; should one come all the same, it is masked.
    target.append(
      "\(SystemClock().now) \(event.level) \(getpid()) \(sanitized(Disclosure.words(words)))")
  }
}

/// What the log says of a process: ids, numbers, codes and counts. No name of a customer, no amount,
/// and no value of a connection.
public struct ProcessLog: Sendable {
  private let logger: Logger

  /// - Parameter logger: another one than the process's own, for tests.
  public init(_ logger: Logger = Logger(label: "daybook")) { self.logger = logger }

  /// - Parameter type: the full name of the command's type. Arguments are not for the log: they may
  ///   hold names and addresses.
  public func began(_ type: String, version: String) {
    logger.info(
      "began",
      metadata: ["command": "\(Self.words(ofType: type))", "version": "\(version)"])
  }

  /// `account open` of `daybook.AccountCommand.Open`.
  static func words(ofType name: String) -> String {
    let parts = name.split(separator: ".").dropFirst().map { part in
      (part.hasSuffix("Command") ? part.dropLast("Command".count) : part).lowercased()
    }
    return parts == ["daybook"] ? "console" : parts.joined(separator: " ")
  }

  /// - Parameter status: of the exit.
  public func ended(_ status: Int32) { logger.info("ended", metadata: ["status": "\(status)"]) }

  /// Why nothing could be opened: its code alone.
  public func refused(_ failure: Failure) {
    logger.error("refused to open", metadata: ["code": "\(failure.code)"])
  }

  /// What the desk has answered, where the log keeps it.
  public func saw(_ request: Request, _ reply: Reply) {
    switch (request, reply) {
    case (.capture, .receipt(let receipt)):
      // Recorded and taken are what was released while the bank was away.
      let isReleased = receipt.state == .recorded || receipt.state == .taken
      let isNews = !receipt.isCopy && (isReleased || receipt.state == .unknown)
      entry(isReleased && !receipt.isCopy ? "released" : "entry", receipt, isNews ? .info : .debug)
    case (.void, .receipt(let receipt)): entry("voided", receipt, .info)
    case (.keep, .receipt(let receipt)): entry("kept", receipt, .info)
    case (_, .failed): break
    case (.resolve(let id, let resolution, _), _):
      decided("resolved", ["entry": "\(id)", "resolution": "\(resolution.word)"])
    case (.noteDone(let id), _): decided("notice done", ["entry": "\(id)"])
    case (.adopt(_, _, planOnly: false), _): decided("adopted", [:])
    case (.heal(planOnly: false), _): decided("healed", [:])
    case (.closePeriod(let day), _): decided("period closed", ["through": "\(day)"])
    // What changes accounts is on record in the books, and the rest changes nothing.
    case (.capture, _), (.void, _), (.keep, _), (.adopt, _), (.heal, _), (.account, _),
      (.accounts, _),
      (.count, _), (.statement, _), (.journal, _), (.ledger, _), (.review, _), (.receipt, _),
      (.receiptNumbered, _),
      (.plan, _), (.reconcile, _), (.send, _), (.exceptions, _), (.notices, _), (.foretell, _),
      (.assign, _),
      (.tell, _), (.probe, _), (.openAccount, _), (.changeStatus, _):
      break
    }
  }

  /// What the branch has answered, where the log keeps it.
  public func saw(_ request: BranchRequest, _ reply: BranchReply) {
    if case .failed = reply { return }
    switch request {
    case .hold: decided("hold", [:])
    case .release: decided("hold released", [:])
    case .drill(let isOn): decided(isOn ? "drill" : "drill ended", [:])
    case .outages, .writeOutageReport, .examine, .stopExamining, .suspect, .goBack, .printSlip,
      .keepDraft, .keptDraft:
      break
    }
  }

  /// What a person has decided.
  private func decided(_ words: Logger.Message, _ facts: Logger.Metadata) {
    logger.info(words, metadata: facts)
  }

  private func entry(_ words: Logger.Message, _ receipt: Receipt, _ level: Logger.Level) {
    logger.log(
      level: level, words,
      metadata: [
        "entry": "\(receipt.entry.id)", "label": "\(receipt.entry.label)",
        "state": "\(receipt.state.rawValue)", "reason": "\(receipt.reason?.code ?? "none")",
      ])
  }

  /// What became of a generation of the configuration.
  public func configuration(_ act: String, generation: Int) {
    logger.info("configuration", metadata: ["act": "\(act)", "generation": "\(generation)"])
  }
}
