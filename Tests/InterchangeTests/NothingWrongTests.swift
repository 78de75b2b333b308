import BankCore
import Foundation
import Interchange
import Testing

/// What an import could read wrongly without a word.
@Suite("Import accepts nothing wrong")
struct NothingWrongTests {
  private func rules(_ amount: String, _ source: String = "") throws -> ImportRules {
    try ImportRules(
      yaml: """
        import: transactions
        namespace: test
        source: { header: no, delimiter: ";", columns: [id, date, memo, amount]\(source) }
        transaction:
          id: "{id}"
          account: "1"
          date: "{date}"
          amount: { from: "{amount}"\(amount) }
          direction: sign
          currency: EUR
          memo: "{memo}"
        """, file: "r.yaml")
  }

  private func read(
    _ amounts: [String], _ amount: String
  ) throws -> (amounts: [Int: String], bad: [Int: String]) {
    let lines = amounts.enumerated().map { "\($0.offset);2024-01-02;x;\($0.element)\n" }.joined()
    let reader = try TransactionReader(
      ByteSource(bytes: Array(lines.utf8)), file: "t", rules: rules(amount), today: testDay,
      digest: standInDigest, openLookup: ImportRules.lookups(beside: "t"))
    var good: [Int: String] = [:]
    var bad: [Int: String] = [:]
    while let line = try reader.next() {
      switch line {
      case .success(let item):
        good[item.line - 1] =
          (item.direction == .credit ? "" : "-") + item.amount.decimalString
      case .failure(let line): bad[line.line - 1] = line.why
      }
    }
    return (good, bad)
  }

  // MARK: Amounts

  @Test("What is left when the grouping is taken away must have been groups of three, or lakhs")
  func groups() throws {
    let comma = ", decimal: \",\", grouping: \" .'’\""
    let wrong = [
      "1234.50", "-950.00", "1.23", "12.5", "1.2.3.4", "0.500", "1234.567", "1.234 567", ".123",
      "1.234.", "1.234,5.0", "1..234", "00.123", "1.2345",
    ]
    #expect(try read(wrong, comma).amounts.isEmpty)
    let right = ["1.234,50", "-1 234 567,5", "12.345", "1'234’567", "950,00", "1\u{A0}234"]
    #expect(
      try read(right, ", decimal: \",\", grouping: \" .'’\u{A0}\"").amounts
        == [
          0: "1234.50", 1: "-1234567.50", 2: "12345.00", 3: "1234567.00", 4: "950.00",
          5: "1234.00",
        ])
    let point = ", grouping: \",\""
    #expect(try read(["1,50", "12,5", "1,2,3,4", "1,23,45"], point).amounts.isEmpty)
    #expect(
      try read(["12,34,567.00", "1,234,567", "1,23,456.7"], point).amounts
        == [0: "1234567.00", 1: "1234567.00", 2: "123456.70"])
    let told = try read(["1.50"], comma).bad[0]
    #expect(
      told == "the field amount is \"1.50\", whose digits are not in groups of three: is the"
        + " decimal separator really \",\"?")
  }

  @Test("Signs of currencies and blanks at the margins mean nothing; one sign means what it says")
  func margins() throws {
    let grouping = ", grouping: \"$€, \""
    let right = ["$1,234.50", "-$5", "$-5", "- $5", "5 €", "-5€", "+5", "\u{2212}5", "€ 1,000 "]
    #expect(
      try read(right, grouping).amounts
        == [
          0: "1234.50", 1: "-5.00", 2: "-5.00", 3: "-5.00", 4: "5.00", 5: "-5.00", 6: "5.00",
          7: "-5.00", 8: "1000.00",
        ])
    let wrong = ["+-5", "--5", "-+5", "5-", "(5)", "5 DR", "–5", "1$234", "1€5", "$", "- ", "5 5"]
    #expect(try read(wrong, grouping).amounts.isEmpty)
  }

  /// What is written by a notation is read as that value or not at all, whatever the rules say.
  @Test("Any amount, written in any way, read by any rules: its value never changes silently")
  func anyAmount() throws {
    let decimals: [Character] = [".", ","]
    let groupings = ["", ",", ".", " ", "'", ".'", ", ", " .'$"]
    var checked = 0
    for value in [0, 5, 50, 123, 999, 1_000, 1_234, 12_345, 123_456, 1_234_567, 98_765_432] {
      for cents in [nil, 0, 5, 50, 99] {
        for size in [2, 3] {
          for separator in ["", ",", ".", " ", "'"] {
            for point in decimals where String(point) != separator {
              let text = written(value, cents, separator, point, size)
              for decimal in decimals {
                for grouping in groupings where !grouping.contains(decimal) {
                  let rule = ", decimal: \"\(decimal)\", grouping: \"\(grouping)\""
                  guard let read = try read([text], rule).amounts[0] else { continue }
                  checked += 1
                  let right = "\(value)." + String(format: "%02d", cents ?? 0)
                  // A whole number in groups of three can also be read with the other separator,
                  // and the rules say with which. Nothing else may come out.
                  #expect(read == right, "\(text) by \(rule) is \(read)")
                }
              }
            }
          }
        }
      }
    }
    #expect(checked > 1_000)
  }

  private func written(
    _ value: Int, _ cents: Int?, _ separator: String, _ point: Character, _ size: Int
  ) -> String {
    var digits = Substring(String(value))
    var groups = [String(digits.suffix(3))]
    digits = digits.dropLast(3)
    while !digits.isEmpty, !separator.isEmpty {
      groups.insert(String(digits.suffix(size)), at: 0)
      digits = digits.dropLast(size)
    }
    return String(digits) + groups.joined(separator: separator)
      + (cents.map { String(point) + String(format: "%02d", $0) } ?? "")
  }

  @Test(
    "Grouping holds nothing that could turn an amount round",
    arguments: [
      "(", ")", "-", "–", "—", "\u{2212}", "‐", "D", "DR", "CR", "S", "H", "7", "+", "*", "/",
      "\u{200E}", "٣",
    ])
  func grouping(stranger: String) {
    #expect(throws: RulesFault.self) { try rules(", grouping: \", \(stranger)\"") }
    do {
      _ = try rules(", grouping: \",\(stranger)\"")
    } catch let fault as RulesFault {
      #expect(fault.line == 8 && fault.text.contains("\"grouping\" cannot hold"))
    } catch {
      Issue.record(error)
    }
  }

  // MARK: Dates

  @Test("Days that no history has are bad lines, and so are those that have not come")
  func days() throws {
    let days = [
      "0001-01-01", "0024-05-05", "1800-01-01", "1899-12-31", "1900-01-01", "2026-11-30",
      "2026-12-01", "2999-01-01", "9999-12-31",
    ]
    let text = days.enumerated().map { "\($0.offset);\($0.element);x;1.00\n" }.joined()
    let read = try importTransactions(
      ByteSource(bytes: Array(text.utf8)), rules(""),
      today: #require(BusinessDay(year: 2026, month: 11, day: 30)))
    #expect(read.items.map(\.date.description) == ["1900-01-01", "2026-11-30"])
    #expect(read.bad.count == 7)
    #expect(read.bad[0].hasPrefix("line 1: the date is 0001-01-01, before 1900-01-01"))
    #expect(
      read.bad[4] == "line 7: the date is 2026-12-01, which has not come yet: today is 2026-11-30")
  }

  // MARK: Quoted line ends

  private func lines(_ text: String) throws -> (good: [Int], bad: [Int], whys: [String]) {
    let reader = try TransactionReader(
      ByteSource(bytes: Array(text.utf8), chunkSize: 11), file: "t",
      rules: rules("", ", quoted_line_ends: yes"), today: testDay, digest: standInDigest,
      openLookup: ImportRules.lookups(beside: "t"))
    var (good, bad, whys): ([Int], [Int], [String]) = ([], [], [])
    while let line = try reader.next() {
      switch line {
      case .success(let item): good.append(item.line)
      case .failure(let line):
        bad.append(line.line)
        whys.append(line.why)
      }
    }
    #expect(reader.progress.linesRead == good.count + bad.count)
    return (good, bad, whys)
  }

  @Test("A quotation mark that is never closed names every line that it swallows, and no more")
  func unclosed() throws {
    let rows = (1...120).map { "\($0);2024-01-02;memo \($0);1.00" }
    var damaged = rows
    damaged[2] = "3;2024-01-02;\"memo 3;1.00"
    let read = try lines(damaged.joined(separator: "\n") + "\n")
    #expect(read.bad == Array(3...52) && read.good.count == 70)
    #expect(
      read.whys.first
        == "the quotation mark that opens the field memo is not closed within 50 lines"
        + " (lines 3 to 52 were read as one)")
    #expect(read.whys.last == "it was read as a part of line 3, which is bad")
  }

  @Test("Texts over several lines go in, with delimiters in them too")
  func texts() throws {
    let text = """
      1;2024-01-02;"two
      lines";1.00
      2;2024-01-02;"one; two
      and; three

      four";2.00
      3;2024-01-02;plain;3.00
      """
    let read = try lines(text)
    #expect(read.bad.isEmpty && read.good == [1, 3, 7])
  }

  /// Every quotation mark of a file is taken away, one after the other, and every one added.
  @Test("Whatever damage is done to the marks, each line goes in or is named, and none is changed")
  func damage() throws {
    let rows = (1...9).map { number in
      number % 3 == 0
        ? "\(number);2024-01-02;\"memo \(number)\";\(number).00"
        : "\(number);2024-01-02;memo \(number);\(number).00"
    }
    let whole = Array((rows.joined(separator: "\n") + "\n").utf8)
    for place in whole.indices {
      for isTaken in [true, false] where !isTaken || whole[place] == UInt8(ascii: "\"") {
        var bytes = whole
        if isTaken { bytes.remove(at: place) } else { bytes.insert(UInt8(ascii: "\""), at: place) }
        let text = String(decoding: bytes, as: UTF8.self)
        let read = try lines(text)
        let named = (read.good + read.bad).sorted()
        #expect(named == Array(1...9), "\(place): \(text)")
        let again = try importTransactions(
          ByteSource(bytes: bytes), rules("", ", quoted_line_ends: yes"))
        for item in again.items {
          #expect(item.amount.minorUnits == Int64(item.line) * 100, "\(place): \(text)")
        }
      }
    }
  }

  @Test("Two marks that are lost do not make one row of several")
  func twoLost() throws {
    let read = try lines(
      """
      1;2024-01-02;one;1.00
      2;2024-01-02;"open;2.00
      3;2024-01-02;x;3.00
      4;2024-01-02;closed";4.00
      5;2024-01-02;"open;5.00
      6;2024-01-02;closed";6.00
      7;2024-01-02;seven;7.00
      """)
    #expect(read.good == [1, 7] && read.bad == [2, 3, 4, 5, 6])
    #expect(read.whys[0].contains("look like rows") && read.whys[0].contains("lines 2 to 4"))
  }
}
