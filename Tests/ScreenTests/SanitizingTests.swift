import BankCore
import Testing

@testable import Screen

@Suite("What reaches the terminal")
struct SanitizingTests {
  @Test(
    "Hostile text is shown, not obeyed",
    arguments: [
      ("\u{1B}[2J\u{1B}]0;gone\u{7}", "␛[2J␛]0;gone␇"),
      ("two\nlines\r\n\tand a tab", "two␊lines␍␊␉and a tab"),
      ("\u{9B}31mred", "\u{FFFD}31mred"),
      ("gpj\u{202E}exe.", "gpj\u{FFFD}exe."),
      ("a\u{2066}b\u{2069}c\u{200F}d\u{61C}e", "a�b�c�d�e"),
      ("zero\u{200B}width\u{2060}joined\u{200D}", "zero�width�joined�"),
      ("tag\u{E0041}\u{E007F}", "tag��"),
      ("private\u{E000}\u{F0000}\u{10FFFD}", "private���"),
      ("byte order \u{FEFF}mark, soft\u{AD}hyphen", "byte order �mark, soft�hyphen"),
      ("para\u{2029}line\u{2028}next\u{85}", "para␤line␤next␤"),
      ("delete\u{7F}null\u{0}", "delete␡null␀"),
      ("filler\u{3164}\u{115F}\u{2800}", "filler���"),
      ("unassigned \u{378}\u{FFFF}", "unassigned ��"),
      ("hard\u{A0}space\u{202F}", "hard space "),
    ])
  func hostile(text: String, shown: String) {
    #expect(sanitized(text) == shown)
  }

  @Test("Right-to-left letters, accents and CJK pass unchanged")
  func lettersPass() {
    for name in ["כהן, דוד", "محمد", "Žluťoučký kůň", "佐藤　花子", "Nguyễn", "ελληνικά"] {
      #expect(sanitized(name) == name)
    }
  }

  @Test("Bytes that are not UTF-8 arrive repaired and harmless")
  func invalidBytes() {
    let repaired = String(
      decoding: [0x41, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x42], as: UTF8.self)
    #expect(sanitized(repaired).hasPrefix("A�"))
    #expect(displayWidth(of: repaired) == repaired.unicodeScalars.count)
  }

  @Test("A fifth combining mark and all after it become one replacement")
  func marksAreCapped() {
    let marks = String(repeating: "\u{301}", count: 400)
    #expect(sanitized("a\(marks)b") == "a\u{301}\u{301}\u{301}\u{301}\u{FFFD}b")
    #expect(displayWidth(of: "a\(marks)b") == 3)
  }

  @Test("A mark with nothing to stand on gets a dotted circle")
  func lonelyMark() {
    #expect(sanitized("\u{301}") == "◌\u{301}")
  }

  @Test("One shape selector is left out, more are shown")
  func selectors() {
    #expect(sanitized("葛\u{E0100}城") == "葛城")
    #expect(sanitized("❤\u{FE0F}") == "❤")
    #expect(sanitized("👍\u{1F3FD}") == "👍")
    #expect(sanitized("a\u{FE0F}\u{FE0F}\u{FE0F}") == "a��")
  }

  /// The promise in one line: run over everything, only the allow-list comes out.
  @Test("Making text safe twice changes nothing, for every character there is")
  func everyScalar() {
    var broken: [UInt32] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let shown = sanitized("x" + String(scalar))
      let allowed = shown.unicodeScalars.allSatisfy {
        switch GlyphKind(of: $0) {
        case .narrow, .wide, .combining: true
        case .hidden, .selector: false
        }
      }
      if !allowed || displayWidth(of: shown) != displayWidth(of: "x" + String(scalar)) {
        broken.append(value)
      }
    }
    #expect(broken == [])
  }

  @Test("What a screen hides is what no surface shows, but for characters younger than its table")
  func oneRule() throws {
    let version = GlyphTable.unicodeVersion.split(separator: ".").compactMap { Int($0) }
    let (major, minor) = (try #require(version.first), try #require(version.dropFirst().first))
    let differing = (UInt32(0)...0x10FFFF).compactMap { Unicode.Scalar($0) }.filter {
      let isYounger = $0.properties.age.map { $0 > (major, minor) } ?? false
      return (GlyphKind(of: $0) == .hidden) != $0.isHidden && !isYounger
    }
    #expect(differing.map(\.value) == [])
  }
}
