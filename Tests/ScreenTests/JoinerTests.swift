import BankCore
import Foundation
import Testing

@testable import Screen

@Suite("Joiners between the letters that need them")
struct JoinerTests {
  @Test(
    "Names of people are shown whole",
    arguments: [
      // Persian: the non-joiner keeps two letters apart.
      ("می\u{200C}خواهم", "می\u{200C}خواهم", 7),
      // Devanagari: half letters, and a virama that is meant to be seen.
      ("क्\u{200D}ष", "क्ष", 2), ("राजन्\u{200C}नाथ", "राजन्\u{200C}नाथ", 7),
      ("👩\u{200D}👩\u{200D}👧", "👩👩👧", 6), ("👩🏽\u{200D}⚕\u{FE0F}", "👩⚕", 3), ("🇨🇿", "🇨🇿", 2),
    ])
  func whole(text: String, shown: String, columns: Int) {
    #expect(sanitized(text) == shown)
    #expect(displayWidth(of: text) == columns)
  }

  @Test(
    "Elsewhere a joiner is a mark that is seen",
    arguments: [
      ("Nov\u{200C}ák", "Nov�ák"), ("Nov\u{200D}ák", "Nov�ák"), ("\u{200C}می", "�می"),
      // After a letter that joins to nothing after it, before a blank, and at the end.
      ("دا\u{200C}د", "دا�د"), ("می\u{200C} رضا", "می� رضا"), ("می\u{200C}", "می�"),
      ("می\u{200D}خ", "می�خ"), ("می\u{200C}\u{200C}خ", "می��خ"), ("क्\u{200D}", "क्�"),
      ("1\u{200D}2", "1�2"), ("👩\u{200D}a", "👩�a"), ("می\u{202E}خ", "می�خ"),
    ])
  func foreign(text: String, shown: String) {
    #expect(sanitized(text) == shown)
  }

  @Test("A text that is cut ends in no joiner, and stays what it is")
  func cut() {
    #expect(clipped("می\u{200C}خواهم", toColumns: 3) == "می…")
  }

  @Test("The table is that of Unicode's joining types")
  func joiningTypes() throws {
    let version = GlyphTable.unicodeVersion.split(separator: ".").compactMap { Int($0) }
    let (major, minor) = (try #require(version.first), try #require(version.dropFirst().first))
    let previous = try NSRegularExpression(
      pattern: "[\\p{Joining_Type=Dual_Joining}\\p{Joining_Type=Right_Joining}]")
    let next = try NSRegularExpression(
      pattern: "[\\p{Joining_Type=Dual_Joining}\\p{Joining_Type=Left_Joining}]")
    func matches(_ scalar: Unicode.Scalar, _ pattern: NSRegularExpression) -> Bool {
      let text = String(scalar)
      return pattern.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count))
        != nil
    }
    let different = (UInt32(0x600)...0x8FF).compactMap { Unicode.Scalar($0) }.filter {
      let isYounger = $0.properties.age.map { $0 > (major, minor) } ?? true
      return !isYounger
        && (matches($0, previous) != Joiners.joinsPrevious($0)
          || matches($0, next) != Joiners.joinsNext($0))
    }
    #expect(different.map { String($0.value, radix: 16) } == [])
  }

  /// Whatever stands beside a joiner: what is shown is shown the same again, in the same columns, and
  /// nothing in it is unseen that the letters beside it do not need.
  @Test("Any mixture of letters and joiners is shown once and for all", arguments: 1...20)
  func mixtures(seed: UInt64) {
    let pieces = [
      "\u{200C}", "\u{200D}", "ی", "خ", "ا", "\u{64B}", "क", "\u{94D}", "\u{93F}", "👩", "🇨",
      "\u{1F3FD}", "\u{FE0F}", "a", " ", "\u{301}", "1", "漢", "\u{202E}",
    ]
    var chance = SeededRandom(seed: seed)
    for _ in 0..<500 {
      let count = Int(chance.number(1...12))
      let text = (0..<count).map { _ in pieces[Int(chance.number(0...18))] }.joined()
      let shown = sanitized(text)
      #expect(sanitized(shown) == shown, "\(text.unicodeScalars.map(\.value))")
      #expect(displayWidth(of: shown) == displayWidth(of: text))
      #expect(!shown.unicodeScalars.contains(Joiners.joiner))
      let columns = Int(chance.number(1...12))
      let start = clipped(text, toColumns: columns)
      #expect(displayWidth(of: start) <= columns && clipped(start, toColumns: columns) == start)
      var frame = Frame(size: Size(columns: 30, rows: 1))
      frame.write(text, at: Position(column: 0, row: 0))
      let cells = frame.row(0)
      #expect(cells.reduce(0) { $0 + Int($1.width) } == 30)
      #expect(
        cells.allSatisfy { $0.text.unicodeScalars.count <= 1 + GlyphSequence.greatestMarkCount })
    }
  }
}
