import BankCore
import Foundation
import Interchange
import Testing

@Suite("Statements as CSV")
struct StatementCSVTests {
  func line(memo: String, minorUnits: Int64 = -1250, currency: String = "EUR") throws
    -> StatementLine
  {
    let currency = try #require(Currency(currency))
    return StatementLine(
      entry: EntryID(high: 1, low: 2), label: "till-1/0412", sequence: 7,
      bookingDate: BusinessDay(daysSince1970: 20_000),
      valueDate: BusinessDay(daysSince1970: 19_999),
      kind: .withdrawal, amount: Money(minorUnits: minorUnits, currency),
      balance: Money(minorUnits: 99, currency), memo: memo,
      counterAccount: OwnAccount.clearing.number(currency))
  }

  @Test("a header and one line per booking, each ended by CR LF, amounts as decimal strings")
  func shape() throws {
    let document = StatementCSV.document([
      try line(memo: "rent"), try line(memo: "給与", minorUnits: 1250, currency: "JPY"),
    ])
    #expect(
      document
        == "entry,booking_date,value_date,kind,amount,balance,memo,counter_account,currency,label"
        + "\r\n00000000-0000-0001-0000-000000000002,2024-10-04,2024-10-03,withdrawal,-12.50,0.99,"
        + "rent,BANK-CLEARING-EUR,EUR,till-1/0412\r\n"
        + "00000000-0000-0001-0000-000000000002,2024-10-04,2024-10-03,withdrawal,1250,99,"
        + "給与,BANK-CLEARING-JPY,JPY,till-1/0412\r\n")
  }

  @Test("an unknown balance is an empty cell")
  func unknownBalance() throws {
    let known = try line(memo: "x")
    let unknown = StatementLine(
      entry: known.entry, label: known.label, sequence: 1, bookingDate: known.bookingDate,
      valueDate: known.valueDate, kind: known.kind, amount: known.amount, balance: nil,
      memo: "x", counterAccount: known.counterAccount)
    #expect(StatementCSV.line(unknown).contains("-12.50,,x,"))
  }

  @Test(
    "no memo can become a formula, and every memo can be had back",
    arguments: [
      "=1+1", "+49 30 1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1", "\u{A0}=1",
      "'quoted'", "''", "=HYPERLINK(\"http://x\",\"y\")",
    ])
  func formulas(memo: String) throws {
    let cell = try memoCell(memo)
    #expect(cell == "'" + memo)
  }

  @Test(
    "commas, quotation marks and line ends stay inside their cell",
    arguments: [
      "a,b", "\"", "\"\"", "say \"hi\"", "a\r\nb", "a\nb", "a\rb", "", " ", "rent; heat", "5-3=2",
      "Ć,\u{301}x", ",\u{301}", "\"\u{301}", "١٢,٥", "\u{202E}evil",
    ])
  func quoting(memo: String) throws {
    #expect(try memoCell(memo) == memo)
  }

  /// The memo's cell as a plain RFC 4180 reader, written here, sees it.
  private func memoCell(_ memo: String) throws -> String {
    let bytes = Array(StatementCSV.line(try line(memo: memo)).utf8)
    var cells: [[UInt8]] = [[]]
    var isQuoted = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\"") {
        if isQuoted, index < bytes.count, bytes[index] == byte {
          cells[cells.count - 1].append(byte)
          index += 1
        } else {
          isQuoted.toggle()
        }
      } else if byte == UInt8(ascii: ","), !isQuoted {
        cells.append([])
      } else if byte == UInt8(ascii: "\r"), !isQuoted {
        #expect(Array(bytes[index...]) == [UInt8(ascii: "\n")])
        break
      } else {
        cells[cells.count - 1].append(byte)
      }
    }
    #expect(cells.count == 10)
    return String(decoding: cells[6], as: UTF8.self)
  }
}
