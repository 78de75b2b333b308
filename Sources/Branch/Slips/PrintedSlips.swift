import BankCore
import Files
import Foundation

/// `slips.printed` in the state directory: a line for each slip that was handed to a printer, so that a
/// second one says that it is a copy, whichever process prints it. Nothing else hangs on the file.
struct PrintedSlips: Sendable {
  /// At this size another file is begun; the one before stays beside it.
  private static let mostBytes = 4 << 20

  let path: String

  /// - Parameter state: the state directory.
  init(state: String) { path = "\(state)/slips.printed" }

  /// Notes that a slip of the entry is about to be printed.
  ///
  /// - Parameter isCopy: the receipt was shown before, and the customer may have it otherwise.
  /// - Returns: which slip of the entry it is, from 1. Where nothing can be noted, what the receipt alone
  ///   tells.
  func begin(_ entry: EntryID, isCopy: Bool) -> Int {
    let least = isCopy ? 2 : 1
    guard let end = append("\(entry) +\n") else { return least }
    return max(least, count(of: entry, before: end))
  }

  /// No paper came out: the next one is what this one would have been.
  func takeBack(_ entry: EntryID) { _ = append("\(entry) -\n") }

  private func count(of entry: EntryID, before end: Int) -> Int {
    func text(_ path: String, _ bytes: Int) -> String {
      let all = (try? OrdinaryFile.contents(ofOwn: path, atMost: 2 * Self.mostBytes)) ?? []
      return String(decoding: all.prefix(bytes), as: UTF8.self)
    }
    let lines = text(path + ".1", .max) + text(path, end)
    return lines.split(separator: "\n").reduce(0) { sum, line in
      if line == "\(entry) +" { return sum + 1 }
      return line == "\(entry) -" ? sum - 1 : sum
    }
  }

  /// Lines of several processes stand behind one another, each with a place of its own.
  ///
  /// - Returns: where the line ends; nil where it cannot be written.
  private func append(_ line: String) -> Int? {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC
    guard let descriptor = try? OrdinaryFile.open(path, flags, links: .refused) else { return nil }
    defer { close(descriptor) }
    guard Array(line.utf8).withUnsafeBytes({ writeAll($0, to: descriptor) }) == nil else {
      return nil
    }
    let end = Int(lseek(descriptor, 0, SEEK_CUR))
    if end > Self.mostBytes { rename(path, path + ".1") }
    return end
  }
}
