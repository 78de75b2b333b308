import Screen

/// A piece of a console that never was: a list, a form and the blocks of an outage, so that the roles
/// which a theme is chosen by stand beside one another.
enum ThemeSample {
  static let columns = 78

  static func frame() -> Frame {
    var frame = Frame(size: Size(columns: columns, rows: 17))
    drawHead(on: &frame)
    drawList(on: &frame, row: 3)
    drawPanel(on: &frame, row: 7)
    drawBlocks(on: &frame, row: 12)
    write(
      [
        ("enter", .footerKey), (" open  ", .footerText), ("d", .footerKey),
        (" deposit  ", .footerText),
        (":", .footerKey), (" more", .footerText),
      ], on: &frame, row: 16)
    return frame
  }

  private static func write(
    _ parts: [(String, Role)], on frame: inout Frame, column: Int = 1, row: Int
  ) {
    var column = column
    for (text, role) in parts {
      column += frame.write(text, at: Position(column: column, row: row), role: role)
    }
  }

  private static func rule(on frame: inout Frame, row: Int) {
    frame.fill(rows: row..<row + 1, columns: 0..<columns, with: "─", role: .rule)
  }

  private static func drawHead(on frame: inout Frame) {
    write(
      [(" ONLINE ", .modeOnline), ("  Riverside Bank  till-1  ana", .text), ("   bank ok", .dim)],
      on: &frame, column: 0, row: 0)
    write(
      [
        (" 1 Accounts ", .tabCurrent), ("  2 Account   3 Journal   4 Ledger ", .tab),
        ("4", .tabCount),
      ],
      on: &frame, row: 1)
    rule(on: &frame, row: 2)
  }

  private static func drawList(on frame: inout Frame, row: Int) {
    let lines: [(number: String, status: String, role: Role, amount: String, currency: String)] = [
      ("Number", "Status", .columnHeading, "Balance", ""),
      ("0000006135", "estimated", .estimated, "182.17", "EUR"),
      ("0000002378", "", .text, "49,900.25", "CZK"),
      ("0000009196", "frozen", .danger, "-120.00", "EUR"),
    ]
    let holders = ["Holder", "Novák, Jiří", "Novák, Jan", "Kovář, Petr"]
    for (offset, line) in lines.enumerated() {
      let heading: Role = offset == 0 ? .columnHeading : .text
      let amount = line.amount.hasPrefix("-") ? .danger : heading
      func write(_ text: String, _ column: Int, _ role: Role) {
        frame.write(text, at: Position(column: column, row: row + offset), role: role)
      }
      write(line.number, 3, heading)
      write(holders[offset], 15, heading)
      write(line.status, 37, line.role)
      write(line.amount, 60 - line.amount.utf8.count, amount)
      write(line.currency, 61, .dim)
    }
    frame.write(">", at: Position(column: 1, row: row + 1))
    frame.write("Nov", at: Position(column: 15, row: row + 1), role: .match)
    frame.assign(.selection, row: row + 1)
  }

  private static func drawPanel(on frame: inout Frame, row: Int) {
    frame.lay(.panel, rows: row..<row + 5, columns: 2..<columns - 2)
    let line = String(repeating: "─", count: columns - 6)
    for (offset, text) in ["┌\(line)┐", "└\(line)┘"].enumerated() {
      frame.write(text, at: Position(column: 2, row: row + offset * 4), role: .border)
    }
    for side in [2, columns - 3] {
      for offset in 1...3 {
        frame.write("│", at: Position(column: side, row: row + offset), role: .border)
      }
    }
    frame.write(" Deposit ", at: Position(column: 5, row: row), role: .panelTitle)
    write(
      [
        ("Amount  ", .label), ("500.00    ", .fieldActive), ("  Memo  ", .label),
        ("rent      ", .field),
        ("  Currency  ", .label), ("EUX", .fieldInvalid),
      ], on: &frame, column: 5, row: row + 1)
    write(
      [
        ("POSTED", .success), ("  RECORDED, booked later", .estimated), ("  ", .text),
        ("REFUSED", .danger),
        ("  look at it", .warning),
      ], on: &frame, column: 5, row: row + 2)
    write(
      [
        ("Balance after  ", .label), ("682.17 EUR", .balance), ("  ", .text), ("p", .accent),
        (" post  ", .text), ("0012", .dim),
      ], on: &frame, column: 5, row: row + 3)
  }

  private static func drawBlocks(on frame: inout Frame, row: Int) {
    let blocks: [(Role, String, String)] = [
      (.modeManual, " MANUAL LEDGER", "  bank away since 14:37, 4 wait"),
      (.modeReconciling, " DATABASE BACK", "  4 wait for you"),
      (.modeQuarantined, " WRONG BANK   ", "  nothing is sent there"),
    ]
    for (offset, block) in blocks.enumerated() {
      frame.lay(block.0, rows: row + offset..<row + offset + 1, columns: 0..<columns)
      write([(block.1, .heading), (block.2, .text)], on: &frame, column: 0, row: row + offset)
    }
    rule(on: &frame, row: row + 3)
  }
}
