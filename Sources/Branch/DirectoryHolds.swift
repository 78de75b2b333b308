import BankCore
import Host
import Settings

/// Whether the bank is kept away from the tills of a state directory, written down where all of them see
/// it. It outlives whoever wrote it.
public struct DirectoryHolds: Sendable {
  /// A drill is over by itself within that time.
  private static let lookEveryMilliseconds = 500
  /// Not every file system tells of changes.
  private static let lookAnywayEveryMilliseconds = 5_000

  private let state: StateDirectory
  private let file: HoldFile

  public init(_ state: StateDirectory) {
    self.state = state
    file = HoldFile(state: state.path)
  }

  /// How it stands.
  public func look() -> HoldState { file.state(at: .current) }

  /// Takes the bank away.
  ///
  /// - Parameter reason: what is told to whoever finds the bank away; empty where nothing was said.
  /// - Throws: `Failure` when something speaks against it, or it cannot be written down.
  public func begin(
    _ kind: Hold.Kind, by name: String, reason: String = ""
  ) throws(Failure) -> HoldState {
    try state.prepare()
    return try file.begin(kind, by: name, reason: reason, at: .current).state
  }

  /// Gives the bank back.
  ///
  /// - Parameter kind: what alone may be ended; nil for whatever keeps the bank away.
  /// - Throws: `Failure` when something speaks against it, or it cannot be written down.
  public func end(_ kind: Hold.Kind?, by name: String) throws(Failure) -> HoldState {
    try file.end(kind, by: name, at: .current).state
  }

  /// The state each time it differs, whoever has changed it, until the reader is cancelled.
  ///
  /// Looks when the folder has changed, and from time to time while a drill runs, which ends without
  /// anybody's doing.
  public func changes() -> AsyncStream<HoldState> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { input in
      let looking = Task {
        var changes = FolderChanges(of: [state.path])
        var known: HoldState?
        while !Task.isCancelled {
          let state = file.state(at: .current)
          if state != known { input.yield(state) }
          known = state
          let isTimed = state.standing?.kind == .drill || !changes.areTold
          await changes.next(
            withinMilliseconds: isTimed
              ? Self.lookEveryMilliseconds : Self.lookAnywayEveryMilliseconds)
        }
        input.finish()
      }
      input.onTermination = { _ in looking.cancel() }
    }
  }
}

extension ChangeMoment {
  /// By this machine's clocks.
  public static var current: ChangeMoment {
    let clock = SystemClock()
    return ChangeMoment(
      now: clock.now, boot: clock.boot, uptimeMilliseconds: clock.uptimeMilliseconds)
  }
}

extension HoldFile {
  /// For what works on the bank's books without a desk.
  ///
  /// - Throws: `Failure` when the bank is kept away.
  public func requireNone() throws(Failure) {
    guard let hold = state(at: .current).standing else { return }
    throw Failure(
      .fault, code: hold.cause.code.description, text: hold.cause.text,
      fix: "Nothing was changed. \(hold.cause.remedy) Then try again.")
  }
}
