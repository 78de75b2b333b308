import BankCore

/// What a deadline is measured by: the time of day for people, and the time since this machine
/// started, which nobody can set.
public struct ChangeMoment: Hashable, Sendable {
  public let now: Instant
  /// Names this run of the machine; another one after each restart.
  public let boot: String
  public let uptimeMilliseconds: Int64

  public init(now: Instant, boot: String, uptimeMilliseconds: Int64) {
    self.now = now
    self.boot = boot
    self.uptimeMilliseconds = uptimeMilliseconds
  }
}

/// The deadline marker: a change that is under way. It is on the disk before the configuration file
/// is touched, and goes when the change is settled.
public struct PendingChange: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Hashable, Sendable {
    /// Goes back unless it is confirmed.
    case apply
    /// The file was edited by hand: what it leads to decides when the time is over.
    case edit
    /// A way back, which is finished whatever happens.
    case rollback
  }

  public let kind: Kind
  public let generation: Int
  /// The generation that is in force again if this one is not confirmed.
  public let previous: Int
  public let file: String
  /// For people.
  public let deadline: Instant
  public let withinSeconds: Int64
  public let boot: String
  public let uptimeDeadlineMilliseconds: Int64
  /// The bank whose name was typed, although it is another one or an older copy.
  public let forcedBank: String?

  public init(
    _ kind: Kind, generation: Int, previous: Int, file: String, withinSeconds: Int64,
    forcedBank: String? = nil, at moment: ChangeMoment
  ) {
    let milliseconds = withinSeconds.multipliedReportingOverflow(by: 1000).partialValue
    self.kind = kind
    self.generation = generation
    self.previous = previous
    self.file = file
    self.withinSeconds = withinSeconds
    self.forcedBank = forcedBank
    deadline = moment.now.advanced(byMilliseconds: milliseconds)
    boot = moment.boot
    uptimeDeadlineMilliseconds = moment.uptimeMilliseconds &+ milliseconds
  }

  /// Whether the machine was started again since: nobody waits for the confirmation any more.
  public func hasRestarted(at moment: ChangeMoment) -> Bool { boot != moment.boot }

  public func isOver(at moment: ChangeMoment) -> Bool {
    hasRestarted(at: moment) || moment.uptimeMilliseconds >= uptimeDeadlineMilliseconds
  }

  /// What is left of the time; 0 when it is over.
  public func secondsLeft(at moment: ChangeMoment) -> Int64 {
    isOver(at: moment)
      ? 0 : (uptimeDeadlineMilliseconds - moment.uptimeMilliseconds + 999) / 1000
  }
}
