import BankCore
import Foundation
import Settings
import Testing

@Suite("docs/configuration.md")
struct DocumentTests {
  private var text: String {
    get throws {
      let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      return try String(
        contentsOf: package.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    }
  }

  @Test("names every key, and no other one")
  func keys() throws {
    let firstCells = try text.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .compactMap { $0.split(separator: "|").first }
    let named = Set(
      firstCells.flatMap { cell in cell.matches(of: #/`([a-z_.]+)`/#).map { String($0.1) } })
    #expect(named == Set(SettingKey.allCases.map(\.rawValue)))
  }

  @Test("its example is a configuration without mistakes")
  func example() throws {
    let example = try #require(try text.firstMatch(of: #/```yaml\n((?s:.*?))```/#)?.1)
    let workshop = try Workshop()
    let file = try workshop.write(String(example))
    #expect(Settings.problems(inFile: file).isEmpty)
    #expect(try Settings.load(files: [file]).terminal?.text == "till-3")
  }
}
