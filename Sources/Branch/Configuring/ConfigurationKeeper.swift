import BankCore
import Cryptography
import Foundation
import Host
import ManualLedger
import Settings
import SystemPackage

/// Keeps the configuration of this call: its files, its history and the lock on it. There is no service
/// that does it: whichever Daybook process looks first does. ``ConfigurationChange`` walks a change
/// that somebody wishes, ``ConfigurationSettling`` settles what is due.
public struct ConfigurationKeeper: Sendable {
  public let options: CallOptions
  public let surroundings: Surroundings
  let state: StateDirectory
  /// The history, in the state directory.
  public let folder: HistoryFolder
  /// The log of the state directory, and what is written to it at least.
  public let log: (file: LogFile, level: String)
  let adapters: any BankAdapters
  let leavesWatch: @Sendable (CallOptions) -> Void
  /// What a console would not open with, such as a key that two actions have.
  let consoleMistakes: @Sendable (Settings) -> [SettingsFault.Problem]
  private let currentMoment: @Sendable () -> ChangeMoment

  /// How long an edited file has before it is judged, and a change unless it says otherwise.
  public static let standardSeconds: Int64 = 60

  /// - Parameters:
  ///   - moment: this machine's clocks.
  ///   - leavesWatch: leaves something behind that settles a change when its time is over, whatever
  ///     becomes of this process, such as `daybook config watch` with those options.
  ///   - consoleMistakes: what a console would not open with.
  public init(
    _ options: CallOptions, _ surroundings: Surroundings, _ adapters: any BankAdapters,
    moment: @escaping @Sendable () -> ChangeMoment = { .current },
    consoleMistakes: @escaping @Sendable (Settings) -> [SettingsFault.Problem] = { _ in [] },
    leavesWatch: @escaping @Sendable (CallOptions) -> Void
  ) {
    self.options = options
    self.surroundings = surroundings
    self.adapters = adapters
    currentMoment = moment
    self.leavesWatch = leavesWatch
    self.consoleMistakes = consoleMistakes
    // A configuration with a mistake in it cannot say where the state is.
    let settings = try? options.settings(surroundings)
    let written =
      settings?.state ?? options.state ?? surroundings.environment[SettingKey.state.variable]
    state = StateDirectory(
      path: surroundings.path(written ?? surroundings.directories.state))
    folder = HistoryFolder(path: state.configurationHistory)
    log = (LogFile(state: state.path), settings?.logLevel ?? "info")
  }

  var author: String { options.operatorName ?? surroundings.loginName }

  /// The file that a change replaces.
  var target: String { options.configurationFiles(surroundings)[0] }

  /// Now, by this machine's clocks.
  public var moment: ChangeMoment { currentMoment() }

  func occurrence(_ text: String) -> Occurrence {
    Occurrence(at: moment.now, by: author, text: text)
  }

  /// The terminal that those settings would make.
  func workplace(standIns: [String: String?] = [:]) throws(SettingsFault) -> Workplace {
    Workplace(
      try options.settings(surroundings, standIns: standIns), surroundings, adapters)
  }

  static func hash(_ text: String?) -> String? {
    text.map { SHA256.hexadecimal(of: $0) }
  }

  // MARK: The lock

  /// Works on the history while nobody else does.
  ///
  /// - Parameter isPatient: waits a second for who is at it, which takes milliseconds.
  /// - Returns: nil when another process is at it.
  func locked<Result>(
    isPatient: Bool = false, _ body: (ConfigurationHistory) throws(FileTrouble) -> Result
  ) throws(Failure) -> Result? {
    do throws(FileTrouble) { try folder.prepare() } catch { throw Failure.history(error) }
    var lock = try acquireLock()
    for _ in 0..<100 where isPatient && lock == nil {
      usleep(10_000)
      lock = try acquireLock()
    }
    guard let lock else { return nil }
    defer { withExtendedLifetime(lock) {} }
    do throws(FileTrouble) {
      folder.tidy()
      return try body(folder.load())
    } catch {
      throw Failure.history(error)
    }
  }

  private func acquireLock() throws(Failure) -> FolderLock? {
    do throws(VolumeFault) { return try FolderLock.acquire(in: FilePath(folder.path)) } catch {
      throw Failure.history(error.text)
    }
  }

  // MARK: Taking in what is there

  /// Takes the configuration that is in force into the history where it is not there yet.
  func adopt(
    _ file: String, _ text: String?, _ history: ConfigurationHistory
  ) throws(FileTrouble) -> ConfigurationHistory {
    let generation = Generation(
      number: history.nextNumber, file: file, content: text, hash: Self.hash(text), author: author,
      reason: "found when the history began", kind: .found, previous: nil, recordedAt: moment.now)
    try folder.carryOut(ChangePlan.adopt(generation, occurrence("It was in force already.")))
    return folder.load()
  }

  // MARK: After a way back

  /// Whether what is in force works; nil where the configuration cannot be read.
  func finding() async -> CandidateFinding? { await (try? workplace())?.finding() }

  /// Writes down what was found after a way back, beside the generation that was left.
  ///
  /// - Throws: `Failure` when the history cannot be written.
  func note(
    _ found: CandidateFinding?, after number: Int, isPatient: Bool = false
  ) throws(Failure) {
    _ = try locked(isPatient: isPatient) { (_) throws(FileTrouble) in
      try folder.carryOut([
        .note(generation: number, .verified, occurrence(Self.sentence(found)))
      ])
    }
  }

  /// What is said of a database that was looked at again after a way back.
  public static func sentence(_ found: CandidateFinding?) -> String {
    guard let found else { return "Examined again: the configuration cannot be read." }
    return found.result == .pass
      ? "Examined again: \(found.text)"
      : "Examined again, and it fails: \(found.code ?? "") \(found.text)"
  }
}

extension Failure {
  /// The history cannot be kept.
  public static func history(_ text: String) -> Failure {
    Failure(
      .fault, code: "configuration", text: "The history of configurations cannot be kept: \(text).",
      fix: "Check the rights and the disk of the state directory, and of the configuration file.")
  }

  static func history(_ trouble: FileTrouble) -> Failure {
    history("\(trouble.path) cannot be written: \(trouble.reason)")
  }

  static let historyIsBusy = Failure(
    .fault, code: "configuration-busy", text: "Another process is changing the configuration.",
    fix: "Try again in a moment. Nothing was changed.")
}
