import Foundation
import Screen
import Testing

/// Compares a frame with the picture of it that is kept in `Goldens`. With
/// `DAYBOOK_UPDATE_GOLDENS` in the environment the picture is drawn anew, for a person to look at.
func expectGolden(
  _ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  try expectGolden(frame.text + "\n", name, "\(name).txt", sourceLocation)
}

/// The same of what is told of a scene.
func expectGolden(
  _ speech: Speech, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let lines = speech.parts.map(\.text).filter { !$0.isEmpty }
  try expectGolden(
    lines.joined(separator: "\n") + "\n", name, "spoken/\(name).txt", sourceLocation)
}

private func expectGolden(
  _ text: String, _ name: String, _ path: String, _ sourceLocation: SourceLocation
) throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens").standardizedFileURL
  let file = folder.appending(path: path)
  if ProcessInfo.processInfo.environment["DAYBOOK_UPDATE_GOLDENS"] != nil {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return
  }
  let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  guard kept != text else { return }
  let difference = zip(
    kept.split(separator: "\n", omittingEmptySubsequences: false),
    text.split(separator: "\n", omittingEmptySubsequences: false)
  ).enumerated().filter { $1.0 != $1.1 }.map { row, lines in
    "row \(row)\n  kept  \(lines.0)\n  shown \(lines.1)"
  }
  Issue.record(
    "\(name) looks different:\n\(difference.joined(separator: "\n"))",
    sourceLocation: sourceLocation)
}
