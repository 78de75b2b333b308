import BankCore
import Foundation
import Settings

/// What consoles and commands see of the bank while a generation is in force.
extension ConfigurationKeeper {
  /// Between two records of the same thing; a command a second must not cost a sync a second.
  private static let recordEverySeconds: Int64 = 60

  /// Writes down how the generations in force fare. Nothing is said of them where a flag or a
  /// variable names another database, and a history that cannot be written is left as it is.
  public func saw(_ status: ServiceStatus, committed: Bool, under settings: Settings) {
    guard folder.exists, settings.databaseOrigin?.isOfThisCall != true else { return }
    let isOnline = status.mode == .online || status.mode == .reconciling
    guard isOnline || status.mode == .manual || status.mode == .quarantined else { return }
    let now = moment.now
    let history = folder.load()
    let due = options.configurationFiles(surroundings).compactMap { history.inForce($0) }
      .filter { Self.isDue($0.health, isOnline: isOnline, committed: committed, at: now) }
    guard !due.isEmpty else { return }
    _ = try? locked { (history) throws(FileTrouble) in
      for record in due {
        var health = history[record.number]?.health ?? Health()
        health.saw(online: isOnline, committed: committed, at: now)
        try folder.store(health, of: record.number)
      }
    }
  }

  /// A transaction was committed under a generation just now.
  func recordCommit(under number: Int) {
    let now = moment.now
    _ = try? locked { (history) throws(FileTrouble) in
      var health = history[number]?.health ?? Health()
      health.saw(online: true, committed: true, at: now)
      try folder.store(health, of: number)
    }
  }

  private static func isDue(
    _ health: Health?, isOnline: Bool, committed: Bool, at now: Instant
  ) -> Bool {
    guard let health, let last = health.lastSeen else { return true }
    return (health.onlineSince != nil) != isOnline || (committed && health.committedAt == nil)
      || now.milliseconds(since: last) >= recordEverySeconds * 1000 || now < last
  }
}
