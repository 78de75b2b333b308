import BankCore

/// The report of an outage as Markdown, for people to complete.
public enum OutageMarkdown {
  /// The whole document, with its last line end.
  public static func document(_ report: OutageReport, _ words: Wording) -> String {
    let page = OutagePage(report: report, words: words)
    let sections = page.sections.map { section in
      (["## \(section.title)"] + section.blocks.compactMap(text)).joined(separator: "\n\n")
    }
    return (["# \(escapedMarkdown(page.title))"] + sections).joined(separator: "\n\n") + "\n"
  }

  private static func text(_ block: OutagePage.Block) -> String? {
    switch block {
    case .text(let text): escapedMarkdown(text)
    case .facts(let facts):
      facts.map { "- **\(escapedMarkdown($0.label)):** \(escapedMarkdown($0.value))" }.joined(
        separator: "\n")
    case .table(let headings, let figures, let rows): table(headings, figures, rows)
    // The table below it says the same.
    case .drawing: nil
    case .place(let question): "**\(escapedMarkdown(question))**\n\n> …"
    }
  }

  private static func table(_ headings: [String], _ figures: Int, _ rows: [[String]]) -> String {
    let rules = headings.indices.map { $0 < headings.count - figures ? "---" : "---:" }
    return ([headings.map(escapedMarkdown), rules] + rows.map { $0.map(escapedMarkdown) })
      .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  /// Text from outside, with everything that Markdown or HTML in it would read as theirs escaped.
  private static func escapedMarkdown(_ text: String) -> String {
    plainLine(text).reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "~": escaped += "\\\(character)"
      default: escaped.append(character)
      }
    }
  }
}
