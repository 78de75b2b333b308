import BankCore
import Console
import Foundation
import Settings

/// Watches the configuration beside an open console, which keeps the settings that it was opened
/// with: says when they change on the disk, takes back what nobody confirmed, and writes down how
/// the generation in force fares.
struct ConfigurationNews: Sendable {
  let opened: OpenedConfiguration
  /// What was said when the console opened, before there was a screen to say it on.
  let notices: [String]
  private var keeper: ConfigurationKeeper { opened.keeper }

  private static let lookEveryMilliseconds = 2_000
  private static let looksPerRecord = 30

  func run(_ desk: any Desk, _ mailbox: Mailbox) async {
    if !notices.isEmpty { mailbox.put(.notice(harmless(notices.joined(separator: " ")))) }
    var console = opened.texts
    var known = console
    var looks = 0
    while !Task.isCancelled {
      if keeper.folder.load().pending != nil { _ = await keeper.settle(tells: false) }
      let texts = keeper.texts()
      if opened.texts != console {
        // The console has gone back itself, and has said so.
        console = opened.texts
        known = texts
      } else if texts != known {
        known = texts
        mailbox.put(.notice(sentence(texts)))
      }
      if looks % Self.looksPerRecord == 0 { await record(desk) }
      looks += 1
      try? await Task.sleep(for: .milliseconds(Self.lookEveryMilliseconds))
    }
  }

  private func sentence(_ texts: [String: String?]) -> String {
    texts == opened.texts
      ? "The configuration is again what this console was opened with."
      : "Configuration changed: this console keeps its settings until it is reopened."
  }

  /// Only while the console works under what is in force.
  private func record(_ desk: any Desk) async {
    guard keeper.texts() == opened.texts else { return }
    keeper.saw(await desk.status(), committed: desk.hasCommitted, under: opened.settings)
  }
}

extension ConfigurationKeeper {
  /// The configuration files of this call as they are now; nil where there is none.
  func texts() -> [String: String?] {
    var texts: [String: String?] = [:]
    for file in global.configurationFiles(surroundings) {
      do throws(SettingsFault) {
        texts.updateValue(try HistoryFolder.text(of: file), forKey: file)
      } catch {
        texts.updateValue(nil, forKey: file)
      }
    }
    return texts
  }
}
