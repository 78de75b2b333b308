import BankCore

/// Where a console whose connection fails should go, as far as the history of its configuration
/// knows.
public struct Suspicion: Hashable, Sendable {
  /// The generation to go to.
  public let target: ConfigurationHistory.Record
  /// The change that lies between it and the console.
  public let change: ConfigurationHistory.Record
  /// The target is in force already: the console was opened before.
  public let isInForce: Bool
  /// The change was taken back meanwhile, which put the target in force again.
  public var isTakenBack = false
}

extension ConfigurationHistory {
  /// The first suspect of a fault under a configuration file's text: the change since the newest
  /// generation that committed and stayed online for ten minutes. A generation that was never
  /// healthy is nothing to go back to, and a text that was is not suspected.
  ///
  /// - Parameter text: what the console was opened with; nil without a file.
  public func suspicion(_ file: String, under text: String?) -> Suspicion? {
    guard let present = inForce(file) else { return nil }
    guard present.generation.content == text else {
      let gone = records.last { $0.generation.file == file && $0.isReverted }
      guard let gone, gone.generation.previous == present.number, gone.generation.content == text
      else { return Suspicion(target: present, change: present, isInForce: true) }
      return Suspicion(target: present, change: gone, isInForce: true, isTakenBack: true)
    }
    let good = records.last {
      $0.generation.file == file && $0.isConfirmed && $0.health?.isKnownGood == true
    }
    guard let good, good.generation.content != text else { return nil }
    // The first that came after it: what followed may only have repeated its fault.
    let change = records.first {
      $0.generation.file == file && $0.number > good.number && $0.isActivated && !$0.isReverted
    }
    return Suspicion(target: good, change: change ?? present, isInForce: false)
  }
}
