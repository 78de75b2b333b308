import BankCore
import Foundation
import Testing

@Suite("docs/connections.md")
struct DocumentTests {
  private static let mark = "<!-- catalogue -->\n"

  private var file: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/connections.md")
  }

  /// The catalogue as the document has it.
  private var catalogue: String {
    Layer.allCases.map { layer in
      let faults = FaultKind.all.filter { $0.layer == layer }
      let rows = faults.map { kind in
        "| `\(kind.name)` | \(kind.cause) | \(kind.fix) | \(kind.mistakenFor) |\n"
      }
      return """

        ### \(layer.code) \(layer.name)

        Within \(layer.limitMilliseconds / 1000) s.

        | Fault | Cause | Fix | Often taken for |
        |---|---|---|---|

        """ + rows.joined()
    }.joined()
  }

  /// With `DAYBOOK_UPDATE_GOLDENS` in the environment the document is written anew.
  @Test("says what the program says")
  func drift() throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    let head = try #require(text.components(separatedBy: Self.mark).first)
    let wanted = head + Self.mark + catalogue
    if ProcessInfo.processInfo.environment["DAYBOOK_UPDATE_GOLDENS"] != nil {
      try wanted.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == wanted)
  }
}
