import Foundation
import Testing

@testable import Screen

/// Compares a frame with the picture of it that is kept in `Goldens`: its letters, and below them its
/// looks. With `DAYBOOK_UPDATE_GOLDENS` in the environment the picture is drawn anew, for a person to
/// look at.
func expectGolden(
  _ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  try expectGolden(
    frame.text + "\n\n" + Looks(frame).text + "\n", name, "\(name).txt", sourceLocation)
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
  let lines = [kept, text].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
  var difference = zip(lines[0], lines[1]).enumerated().filter { $1.0 != $1.1 }.map { row, lines in
    "row \(row)\n  kept  \(lines.0)\n  shown \(lines.1)"
  }
  if lines[0].count != lines[1].count {
    difference.append("kept \(lines[0].count) lines, shown \(lines[1].count)")
  }
  Issue.record(
    "\(name) looks different:\n\(difference.joined(separator: "\n"))",
    sourceLocation: sourceLocation)
}

/// How each cell of a frame looks: a letter for each look, in the order in which they come, and what
/// the letters mean. A dot is text on the page.
///
/// The colours are those of the built-in theme on a dark background; that every theme can be read on
/// every background is tested elsewhere.
private struct Looks {
  private struct Kind: Hashable {
    let role: Role
    let ground: Role
    let attributes: UInt8
  }

  private static let letters = Array(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
  private static let look = Look(
    .terminal,
    on: Canvas(depth: .exact, background: RGB(0x16181D), foreground: RGB(0xD8DEE9)))

  let text: String

  init(_ frame: Frame) {
    var kinds: [Kind] = []
    let rows = (0..<frame.size.rows).map { row in
      String(
        frame.row(row).map { cell -> Character in
          let kind = Kind(
            role: cell.role, ground: cell.ground, attributes: cell.attributes.rawValue)
          // What is blank shows its ground alone.
          guard kind != Kind(role: .text, ground: .text, attributes: 0) else { return "." }
          if !kinds.contains(kind) { kinds.append(kind) }
          let place = kinds.firstIndex(of: kind) ?? 0
          return Self.letters.indices.contains(place) ? Self.letters[place] : "?"
        })
    }
    let meanings = kinds.enumerated().map { place, kind in
      "\(Self.letters.indices.contains(place) ? Self.letters[place] : "?") \(Self.words(kind))"
    }
    text = (rows + [""] + meanings).joined(separator: "\n")
  }

  /// `accent on panel, bold: #82aaff on #20232a`
  private static func words(_ kind: Kind) -> String {
    var style = look.style(of: kind.role, on: kind.ground)
    style.attributes.formUnion(Attributes(rawValue: kind.attributes))
    let ground = kind.ground == .text ? "" : " on \(kind.ground)"
    let attributes = Attributes.named.filter { style.attributes.contains($0.attribute) }
      .map { ", \($0.word)" }.joined()
    return
      "\(kind.role)\(ground)\(attributes): \(words(style.foreground)) on \(words(style.background))"
  }

  private static func words(_ color: PaletteColor?) -> String {
    switch color ?? .standard {
    case .standard: "default"
    case .index(let index): "\(index)"
    case .raised(let share): "page+\(share)"
    case .exact(let rgb): "#" + [rgb.red, rgb.green, rgb.blue].map(Self.hexadecimal).joined()
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
