import BankCore
import Foundation
import Host
import Screen
import Settings
import SystemPackage

/// Watches the configuration beside an open console, which keeps the settings that it was opened
/// with: says when they change on the disk, takes back what nobody confirmed, and writes down how
/// the generation in force fares.
public struct ConfigurationNews: Sendable {
  public let opened: OpenedConfiguration
  /// What was said when the console opened, before there was a screen to say it on.
  private let notices: [String]
  private var keeper: ConfigurationKeeper { opened.keeper }

  /// While a change waits to be confirmed, and where the system does not tell of changes.
  private static let lookEveryMilliseconds = 2_000
  /// Not every file system tells, and a folder may be made later.
  private static let lookAnywayEveryMilliseconds = 10_000
  private static let recordEveryMilliseconds: Int64 = 60_000
  private static let settlesWithinMilliseconds = 1_000

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
    let clock = SystemClock()
    var recordedAt: Int64?
    var folders = keeper.watchedFolders
    var changes = FolderChanges(of: folders)
    while !Task.isCancelled {
      let isPending = keeper.folder.load().pending != nil
      if isPending {
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
      let now = clock.monotonicMilliseconds
      if recordedAt.map({ now - $0 >= Self.recordEveryMilliseconds }) ?? true {
        recordedAt = now
        await record(fares)
      }
      if folders != keeper.watchedFolders {
        folders = keeper.watchedFolders
        changes = FolderChanges(of: folders)
      }
      await changes.next(
        withinMilliseconds: isPending || !changes.areTold
          ? Self.lookEveryMilliseconds : Self.lookAnywayEveryMilliseconds)
      // A change is written in several files: what is said of it must know all of them.
      try? await Task.sleep(for: .milliseconds(Self.settlesWithinMilliseconds))
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
  /// Where a configuration file, or a change of it, would be written; where a folder is not there yet, the
  /// one in which it would be made.
  fileprivate var watchedFolders: [String] {
    let files = options.configurationFiles(surroundings).map { FilePath($0) }
    return (files + [FilePath(folder.path).appending("change")]).map { file in
      var folder = file.removingLastComponent()
      while !FileManager.default.fileExists(atPath: folder.string), folder.removeLastComponent() {}
      return folder.string
    }
  }

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
