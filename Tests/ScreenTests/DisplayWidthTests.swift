import CNcurses
import Glibc
import Testing

@testable import Screen

@Suite("How many columns text takes")
struct DisplayWidthTests {
  @Test(
    "Names of several scripts",
    arguments: [
      ("Novák, Jan", 10), ("Nova\u{301}k", 5), ("佐藤 花子", 9), ("김민준", 6), ("כהן, דוד", 8),
      ("🏦", 2), ("ｶﾌﾞ", 3), ("Ａ", 2), ("", 0), ("Ångström", 8), ("กำ", 2),
    ])
  func names(text: String, columns: Int) {
    #expect(displayWidth(of: text) == columns)
  }

  @Test("Hangul written in parts is as wide as composed Hangul")
  func decomposedHangul() {
    #expect(displayWidth(of: "\u{1112}\u{1161}\u{11AB}") == displayWidth(of: "한"))
  }

  /// ncurses places cells by the C library's `wcwidth`; where the two differ, a line would tear.
  @Test("The table agrees with the C library on every character it lets through")
  func agreesWithTheCLibrary() throws {
    let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
    let previous = uselocale(locale)
    defer {
      uselocale(previous)
      freelocale(locale)
    }
    var different: [String] = []
    for value in UInt32(0x20)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let expected: Int32
      switch GlyphKind(of: scalar) {
      case .narrow: expected = 1
      case .wide: expected = 2
      case .combining: expected = 0
      case .hidden, .selector: continue
      }
      let measured = terminal_character_width(value)
      if measured != expected {
        different.append("U+\(String(value, radix: 16)): \(measured), not \(expected)")
      }
    }
    #expect(different == [])
  }
}
