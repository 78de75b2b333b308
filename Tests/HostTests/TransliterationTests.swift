import Host
import Testing

@Suite("Names in ASCII letters")
struct TransliterationTests {
  @Test(
    "Names of every script can be read",
    arguments: [
      ("Nováková", "Novakova"), ("ŻółćŁódźĐỗ", "ZolcLodzDo"), ("Straße Ærø", "Strasse AEro"),
      ("Щукин Хрущёв", "Sukin Hrusev"), ("Ανδρέας", "Andreas"), ("דוד כהן", "dwd khn"),
      ("محمد", "mhmd"), ("علي", "'ly"), ("Əliyev", "Eliyev"), ("田中 ひろし", "tian zhong hiroshi"),
      ("김민준", "gimminjun"),
      ("अर्जुन", "arjuna"), ("plain, 12.50", "plain, 12.50"), ("☃", "☃"),
    ])
  func names(name: String, read: String) {
    #expect(Transliteration.ascii(name) == read)
  }

  @Test("Each letter of the alphabets that names are written in has a reading of its own")
  func letters() {
    // Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Devanagari, Georgian, kana, Han, Hangul.
    let letters: [ClosedRange<UInt32>] = [
      0xC0...0x17F, 0x391...0x3A1, 0x3A3...0x3C9, 0x400...0x45F, 0x561...0x586, 0x5D0...0x5EA,
      0x628...0x63A, 0x641...0x64A, 0x905...0x939, 0x10D0...0x10F0, 0x3041...0x3094,
      0x30A1...0x30F4, 0x4E00...0x4FFF, 0xAC00...0xACFF,
    ]
    let unread = letters.joined().compactMap { Unicode.Scalar($0) }.filter {
      $0.properties.generalCategory != .unassigned
        && !Transliteration.ascii(String($0)).unicodeScalars.contains { $0.isASCII }
    }
    #expect(unread.map { "\($0)" } == [])
  }
}
