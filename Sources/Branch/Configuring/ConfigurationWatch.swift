import Foundation
import Settings

/// What has become of an applied configuration.
public enum AppliedState: Sendable {
  case waiting
  case confirmed
  /// Nil where its record is gone.
  case reverted(ConfigurationHistory.Record?)
}

extension ConfigurationKeeper {
  /// Leaves a process behind that settles the change when its time is over. Should it be killed, or
  /// never start, the next Daybook process does its work.
  func startWatch() {
    var options = options
    options.state = state.path
    // The change is judged by what the files say.
    options.database = nil
    options.config = options.config.map { _ in target }
    leavesWatch(options)
  }

  /// Waits until the pending change is settled, by itself when its time is over. Another process may
  /// be at it first; a disk that takes nothing is given up after a minute.
  public func watch() async {
    var attempts = 0
    while let pending = folder.load().pending, attempts < 240 {
      if pending.secondsLeft(at: moment) == 0 {
        attempts += 1
        _ = await ConfigurationSettling(self).settle(tells: false)
      }
      try? await Task.sleep(for: .milliseconds(250))
    }
  }

  /// What became of a generation that was applied, once whoever settled it has looked again at what
  /// is in force instead.
  public func outcome(of number: Int) async -> AppliedState {
    var looks = 0
    while true {
      let record = folder.load()[number]
      if record?.isConfirmed == true { return .confirmed }
      guard let record, record.isReverted else { return .waiting }
      if record.occurrences[.verified] != nil || looks == 60 { return .reverted(record) }
      looks += 1
      try? await Task.sleep(for: .milliseconds(250))
    }
  }
}
