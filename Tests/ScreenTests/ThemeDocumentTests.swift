import Foundation
import Testing

@testable import Screen

@Suite("The document about themes")
struct ThemeDocumentTests {
  private func document() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "docs/themes.md"), encoding: .utf8)
  }

  /// The first cells of the table under a heading.
  private func table(_ heading: String) throws -> [String] {
    let section = try #require(try document().components(separatedBy: "\n## \(heading)\n").last)
      .components(separatedBy: "\n## ")[0]
    return section.split(separator: "\n").compactMap { line in
      line.hasPrefix("| `") ? line.split(separator: "`").dropFirst().first.map(String.init) : nil
    }
  }

  @Test("names every role once, in their order")
  func roles() throws {
    #expect(try table("Roles") == Role.allCases.map(\.word))
  }

  @Test("names every theme, section, attribute and colour that a file may hold")
  func words() throws {
    let text = try document()
    let words =
      try ShippedThemes.all().map(\.name) + Theme.Section.allCases.map(\.rawValue)
      + Attributes.named.map(\.word) + PaletteColor.names.prefix(8) + [
        "bright-", "default", "page+8",
      ]
    for word in words { #expect(text.contains("`\(word)`"), "\(word)") }
  }

  @Test("shows a theme that is one")
  func example() throws {
    let yaml = try #require(try document().components(separatedBy: "```yaml\n").last)
      .components(separatedBy: "```")[0]
    let entries = yaml.split(separator: "\n").filter { $0.hasPrefix("  ") }.map { line in
      let parts = line.split(separator: ":", maxSplits: 1).map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
      }
      return Theme.Entry(role: parts[0], style: parts[1])
    }
    #expect(!entries.isEmpty)
    #expect(throws: Never.self) {
      try Theme(name: "mine", description: "", entries: entries) { _, _ in nil }
    }
  }
}
