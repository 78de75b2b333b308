import BankCore
import Foundation

/// A folder for one test, with files in it.
final class Workshop {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "daybook-settings-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ text: String, _ name: String = "config.yaml") throws -> String {
    let path = "\(folder)/\(name)"
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// When what stands there was changed last.
  func changed(_ name: String) throws -> Instant {
    let facts = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
    let date = facts[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
    return Instant(millisecondsSince1970: Int64(date.timeIntervalSince1970 * 1000))
  }
}
