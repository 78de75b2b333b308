import BankCore

/// The report of an outage as one page for a browser and a printer: without scripts, and without
/// anything from elsewhere.
public enum OutageHTML {
  /// The whole document, with its last line end.
  public static func document(_ report: OutageReport, _ words: Wording) -> String {
    let page = OutagePage(report: report, words: words)
    let sections = page.sections.map { section in
      "<section>\n<h2>\(escaped(section.title))</h2>\n"
        + section.blocks.map { html($0, page) }.joined(separator: "\n") + "\n</section>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="color-scheme" content="light dark">
      <title>\(escaped(page.title))</title>
      <style>
      \(style)
      </style>
      </head>
      <body>
      <main>
      <header>
      <p class="kicker">Daybook, outage report</p>
      <h1>\(escaped(page.title))</h1>
      </header>
      \(tiles(report, words))
      \(sections.joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  /// The four spans and the entries, large: what a reader looks for first.
  private static func tiles(_ report: OutageReport, _ words: Wording) -> String {
    let figures = [
      ("To notice", words.span(report.toDetect)), ("To diagnose", words.span(report.toDiagnose)),
      ("To recover", words.span(report.toRecover)),
      ("To reconcile", words.span(report.toReconcile)),
      ("Offline entries", words.count(report.entries)),
      ("Control totals", report.isAgreeing ? "agree" : "DO NOT AGREE"),
    ]
    let shown = figures.filter { $0.0 != "To reconcile" || !report.hasNothingToReconcileYet }
    let tiles = shown.map { "<div><dt>\(escaped($0.0))</dt><dd>\(escaped($0.1))</dd></div>" }
    return "<dl class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</dl>"
  }

  private static func html(_ block: OutagePage.Block, _ page: OutagePage) -> String {
    switch block {
    case .text(let text): return "<p>\(escaped(text))</p>"
    case .facts(let facts):
      let lines = facts.map { "<dt>\(escaped($0.label))</dt><dd>\(escaped($0.value))</dd>" }
      return "<dl class=\"facts\">\n\(lines.joined(separator: "\n"))\n</dl>"
    case .table(let headings, let figures, let rows): return table(headings, figures, rows)
    case .drawing: return OutageDrawing(page.report, page.words).figure
    case .place(let question):
      return "<div class=\"place\"><p>\(escaped(question))</p></div>"
    }
  }

  private static func table(_ headings: [String], _ figures: Int, _ rows: [[String]]) -> String {
    func cells(_ texts: [String], _ tag: String) -> String {
      texts.enumerated().map { index, text in
        let kind = index >= headings.count - figures ? " class=\"figure\"" : ""
        return "<\(tag)\(kind)>\(escaped(text))</\(tag)>"
      }.joined()
    }
    let body = rows.map { "<tr>\(cells($0, "td"))</tr>" }.joined(separator: "\n")
    return """
      <div class="scroll"><table>
      <thead><tr>\(cells(headings, "th"))</tr></thead>
      <tbody>
      \(body)
      </tbody>
      </table></div>
      """
  }

  /// Text from outside as text of a page or of an attribute.
  static func escaped(_ text: String) -> String { escapedMarkup(plainLine(text)) }
}
