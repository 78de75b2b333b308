import BankCore
import Foundation
import Testing
import Yams

@testable import Screen

/// The theme files of the package, read the way any reader of them must.
enum ShippedThemes {
  static func all() throws -> [Theme] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appending(path: "themes")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { file in
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      let node = try #require(try Yams.compose(yaml: text))
      let entries = Theme.Section.allCases.flatMap { section in
        (node[section.rawValue]?.mapping ?? [:]).map { key, value in
          Theme.Entry(
            section, role: key.string ?? "", style: value.scalar?.string ?? "",
            line: key.mark?.line)
        }
      }
      let name = try #require(node["name"]?.string)
      #expect(file == "\(name).yaml")
      return try Theme(
        name: name, description: try #require(node["description"]?.string), entries: entries,
        source: file, nearest: nearestName)
    }
  }

  static func named(_ name: String) throws -> Theme {
    try #require(try all().first { $0.name == name })
  }
}
