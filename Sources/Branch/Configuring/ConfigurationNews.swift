import BankCore
import Foundation
import Screen
import Settings

/// Watches the configuration beside an open console, which keeps the settings that it was opened
/// with: says when they change on the disk, takes back what nobody confirmed, and writes down how
/// the generation in force fares.
public struct ConfigurationNews: Sendable {
  public let opened: OpenedConfiguration
  /// What was said when the console opened, before there was a screen to say it on.
  private let notices: [String]
  private var keeper: ConfigurationKeeper { opened.keeper }

  private static let lookEveryMilliseconds = 2_000
  private static let looksPerRecord = 30

  public init(opened: OpenedConfiguration, notices: [String]) {
    self.opened = opened
    self.notices = notices
  }

  /// Looks until its task is cancelled.
  ///
  /// - Parameters:
  ///   - fares: what the console's desk sees of the bank, and whether the bank has committed an
  ///     entry of this console.
  ///   - tell: shows a sentence to the teller.
  public func run(
    fares: @Sendable () async -> (ServiceStatus, hasCommitted: Bool),
    tell: @Sendable (String) -> Void
  ) async {
    if !notices.isEmpty { tell(harmless(notices.joined(separator: " "))) }
    var console = opened.texts
    var known = console
    var looks = 0
    while !Task.isCancelled {
      if keeper.folder.load().pending != nil {
        _ = await ConfigurationSettling(keeper).settle(tells: false)
      }
      let texts = keeper.texts()
      if opened.texts != console {
        // The console has gone back itself, and has said so.
        console = opened.texts
        known = texts
      } else if texts != known {
        known = texts
        tell(sentence(texts))
      }
      if looks % Self.looksPerRecord == 0 { await record(fares) }
      looks += 1
      try? await Task.sleep(for: .milliseconds(Self.lookEveryMilliseconds))
    }
  }

  private func sentence(_ texts: [String: String?]) -> String {
    texts == opened.texts
      ? "The configuration is again the one that this console was opened with."
      : "Configuration changed: this console keeps its settings until it is reopened."
  }

  /// Only while the console works under what is in force.
  private func record(
    _ fares: @Sendable () async -> (ServiceStatus, hasCommitted: Bool)
  ) async {
    guard keeper.texts() == opened.texts else { return }
    let (status, hasCommitted) = await fares()
    keeper.saw(status, committed: hasCommitted, under: opened.settings)
  }
}

extension ConfigurationKeeper {
  /// The configuration files of this call as they are now; nil where there is none.
  func texts() -> [String: String?] {
    var texts: [String: String?] = [:]
    for file in options.configurationFiles(surroundings) {
      do throws(SettingsFault) {
        texts.updateValue(try HistoryFolder.text(of: file), forKey: file)
      } catch {
        texts.updateValue(nil, forKey: file)
      }
    }
    return texts
  }
}
