import BankCore
import Foundation
import Interchange
import Testing

/// Imports a file of two columns, `id` and `memo`, and gives back the memos and the bad lines.
private func read(
  _ bytes: [UInt8], _ source: String = "", chunkSize: Int = 7
) throws -> (memos: [String], bad: [String]) {
  let yaml = """
    import: transactions
    namespace: test
    source:
      header: no
      columns: [id, memo]
    \(source.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    transaction:
      id: "{id}"
      account: "1"
      date: "2026-11-23"
      amount: "1.00"
      direction: credit
      currency: EUR
      memo: "{memo}"
    """
  let rules = try ImportRules(yaml: yaml, file: "test.yaml")
  let imported = try importTransactions(ByteSource(bytes: bytes, chunkSize: chunkSize), rules)
  return (imported.items.map(\.memo), imported.bad)
}

private func read(_ text: String, _ source: String = "") throws -> (memos: [String], bad: [String])
{
  try read(Array(text.utf8), source)
}

@Suite("Hostile files")
struct HostileFilesTests {
  @Test("quotation marks in quoted fields are doubled, and delimiters in them are text")
  func quotes() throws {
    let (memos, bad) = try read("1,\"say \"\"hi\"\", then go\"\n2,\"\"\n3,\"\"\"\"\n4,plain\n")
    #expect(memos == ["say \"hi\", then go", "", "\"", "plain"])
    #expect(bad.isEmpty)
  }

  @Test("a quotation mark that is never closed costs its own line and no other")
  func unclosedQuote() throws {
    let (memos, bad) = try read("1,\"open\n2,fine\n3,\"also open\r\n4,fine too\n")
    #expect(memos == ["fine", "fine too"])
    #expect(
      bad == [
        "line 1: the quotation mark that opens the field memo is never closed",
        "line 3: the quotation mark that opens the field memo is never closed",
      ])
  }

  @Test("quotation marks where none belong are bad lines, unless the rules say they are text")
  func strayQuotes() throws {
    let text = "1,5\" pipe\n2,\"a\"b\n3,ok\n"
    let (memos, bad) = try read(text)
    #expect(memos == ["ok"])
    #expect(
      bad == [
        "line 1: the field memo has a quotation mark in its middle",
        "line 2: the field memo goes on after its closing quotation mark",
      ])
    #expect(try read(text, "quote: none").memos == ["5\" pipe", "\"a\"b", "ok"])
  }

  @Test("line ends of all kinds may be mixed, and lines are counted as an editor does")
  func lineEnds() throws {
    let (memos, bad) = try read("1,a\r\n2,b\n\r\n\n3,c\r4,d\r\r5\n6,f")
    #expect(memos == ["a", "b", "c", "d", "f"])
    #expect(bad == ["line 8: the field memo is missing"])
  }

  @Test("a line end that the rules do not name is part of the text")
  func strictLineEnds() throws {
    #expect(try read("1,a\n2,b\r\n3,c\n", "line_end: lf\ntrim: no").memos == ["a", "b\r", "c"])
    #expect(try read("1,a\rb\r\n2,c\r\r\n", "line_end: crlf").memos == ["a\rb", "c"])
    #expect(try read("1,a\r2,b\nc\r", "line_end: cr").memos == ["a", "b\nc"])
  }

  @Test("quoted line ends are one line or a bad one, as the rules say")
  func quotedLineEnds() throws {
    let text = "1,\"two\r\nlines\"\n2,\n3,\"x\n\"\"y\"\"\n\nz\"\n4\n"
    let (memos, bad) = try read(text, "quoted_line_ends: yes")
    #expect(memos == ["two\nlines", "", "x\n\"y\"\n\nz"])
    #expect(bad == ["line 8: the field memo is missing"])
    #expect(try read(text).memos == [""])
  }

  @Test("an open quotation mark swallows fifty lines at most, or a mebibyte, and names them all")
  func swallowedLines() throws {
    let line = "2,0123456789012345678901234567890123456789\n"
    let text = "1,\"open\n" + String(repeating: line, count: 30_000) + "3,last\n"
    let (memos, bad) = try read(Array(text.utf8), "quoted_line_ends: yes", chunkSize: 65_536)
    #expect(memos.last == "last")
    #expect(
      bad.first == "line 1: the quotation mark that opens the field memo is not closed within 50"
        + " lines (lines 1 to 50 were read as one)")
    #expect(bad.count { $0.hasSuffix("a part of line 1, which is bad") } == 49)
    let long = "1,\"open\n" + String(repeating: "x", count: 1 << 21) + "\n3,last\n"
    #expect(
      try read(Array(long.utf8), "quoted_line_ends: yes", chunkSize: 65_536).bad.first
        == "line 1: it is longer than 1048576 bytes (lines 1 to 2 were read as one)")
  }

  @Test("a NUL byte is a bad line")
  func nul() throws {
    let (memos, bad) = try read("1,a\0b\n2,\"\0\"\n3,c\n")
    #expect(memos == ["c"])
    #expect(bad.count == 2)
    #expect(bad.allSatisfy { $0.contains("NUL byte") })
  }

  @Test("a byte order mark is left out, whatever the chunks; half of one is not")
  func byteOrderMark() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    for chunkSize in 1...5 {
      #expect(try read(mark + Array("1,a\n".utf8), chunkSize: chunkSize).memos == ["a"])
    }
    let (memos, bad) = try read([0xEF, 0xBB] + Array("1,a\n2,b\n".utf8), chunkSize: 1)
    #expect(memos == ["b"])
    #expect(bad == ["line 1: the field id is not valid UTF-8"])
    #expect(try read(mark).memos.isEmpty)
    #expect(try read([0xEF]).bad == ["line 1: the field memo is missing"])
  }

  @Test("a file in UTF-16 is told so")
  func utf16() throws {
    let bytes: [UInt8] = [0xFF, 0xFE] + "1,a\n".utf16.flatMap { [UInt8($0 & 0xFF), 0] }
    #expect(try read(bytes).bad.first?.contains("UTF-16") == true)
  }

  @Test("a very long line is a bad line, and the next one is read")
  func longLine() throws {
    let long = String(repeating: "x", count: 3 << 20)
    let (memos, bad) = try read(
      Array(
        "1,\(long)\n2,fine\n3,\"\(long)\"\n4,\(String(repeating: ",", count: 2 << 20))\n5,ok".utf8),
      chunkSize: 65_536)
    #expect(memos == ["fine", "ok"])
    #expect(bad.map { $0.prefix(7) } == ["line 1:", "line 3:", "line 4:"])
  }

  @Test("too many fields and too few are told apart")
  func fieldCounts() throws {
    let (memos, bad) = try read("1,a,b\n2\n3,c\n")
    #expect(memos == ["c"])
    #expect(bad == ["line 1: it has 3 fields instead of 2", "line 2: the field memo is missing"])
  }

  @Test("a last line without its end is good or cut off, as the rules say")
  func lastLine() throws {
    #expect(try read("1,a\n2,b").memos == ["a", "b"])
    let (memos, bad) = try read("1,a\n2,b", "last_line_end: required")
    #expect(memos == ["a"])
    #expect(bad == ["line 2: the file is cut off inside this line, in the field memo"])
    #expect(try read("1,a\n2,b\n", "last_line_end: required").bad.isEmpty)
    #expect(try read("", "last_line_end: required").bad.isEmpty)
  }

  @Test("bytes that mean nothing in the encoding are bad lines; all others are read")
  func encodings() throws {
    let cases: [(String, [UInt8], String)] = [
      ("utf-8", Array("Łódź 東京".utf8), "Łódź 東京"),
      ("iso-8859-1", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "Müller"),
      ("iso-8859-2", [0xA3, 0xF3, 0x64, 0xBC], "Łódź"),
      ("windows-1250", [0xA3, 0xF3, 0x64, 0x9F, 0x80], "Łódź€"),
      ("windows-1252", [0x93, 0x53, 0x6F, 0x94, 0x80], "“So”€"),
    ]
    for (encoding, bytes, text) in cases {
      let (memos, bad) = try read(
        Array("1,".utf8) + bytes + Array("\n".utf8), "encoding: \(encoding)")
      #expect(memos == [text])
      #expect(bad.isEmpty)
    }
    #expect(
      try read([0x31, 0x2C, 0x81, 0x0A], "encoding: windows-1252").bad
        == ["line 1: the field memo has the byte 0x81, which means nothing in windows-1252"])
    #expect(
      try read([0x31, 0x2C, 0x8A, 0x0A], "encoding: iso-8859-2").bad
        == ["line 1: the field memo has the byte 0x8A, which means nothing in iso-8859-2"])
    #expect(
      try read([0x31, 0x2C, 0xC3, 0x0A], "encoding: utf-8").bad
        == ["line 1: the field memo is not valid UTF-8"])
    #expect(
      try read([0x31, 0x2C, 0xFC, 0x0A], "encoding: ascii").bad
        == ["line 1: the field memo has the byte 0xFC, which means nothing in ascii"])
  }

  @Test("every upper byte of a code page reads as Foundation reads it, or not at all")
  func codePages() throws {
    let pages: [(String, String.Encoding)] = [
      ("iso-8859-1", .isoLatin1), ("iso-8859-2", .isoLatin2),
      ("windows-1250", .windowsCP1250), ("windows-1252", .windowsCP1252),
    ]
    for (name, encoding) in pages {
      for byte in UInt8(0x80)...0xFF {
        let (memos, _) = try read([0x31, 0x2C, byte, 0x0A], "encoding: \(name)\ntrim: no")
        let expected = String(data: Data([byte]), encoding: encoding)
        if let memo = memos.first {
          #expect(memo == expected, "\(name) 0x\(String(byte, radix: 16))")
        } else {
          let isControl = (0x80...0x9F).contains(expected?.unicodeScalars.first?.value ?? 0x80)
          #expect(isControl, "\(name) 0x\(String(byte, radix: 16))")
        }
      }
    }
  }

  @Test("what a message repeats from the file cannot steer a terminal")
  func escapes() throws {
    let yaml = """
      import: transactions
      namespace: test
      source: {header: no, columns: [id, way]}
      transaction:
        id: "{id}"
        account: "1"
        date: "2026-11-23"
        amount: "1"
        direction: {from: "{way}", map: {in: credit}}
        currency: EUR
      """
    let rules = try ImportRules(yaml: yaml, file: "test.yaml")
    let bytes = Array("1,\u{1B}[2J\u{202E}\u{7}\(String(repeating: "x", count: 99))\n".utf8)
    let imported = try importTransactions(ByteSource(bytes: bytes), rules)
    #expect(
      imported.bad == [
        "line 1: the field way is \"\\u{1B}[2J\\u{202E}\\u{7}"
          + String(repeating: "x", count: 34) + "…\", which the rules do not know"
      ])
  }

  @Test("any bytes in any chunks: the same lines come out, in order, and nothing traps")
  func anyBytes() throws {
    let pieces: [[UInt8]] = ["\"", ",", "\r", "\n", "1", "a", " ", "é", "\0"].map { Array($0.utf8) }
    let shapes = [
      "", "quoted_line_ends: yes", "line_end: crlf", "line_end: lf\nquoted_line_ends: yes",
      "line_end: cr\nlast_line_end: required", "quote: none",
    ]
    var seed: UInt64 = 20_261_123
    for round in 0..<300 {
      var bytes: [UInt8] = []
      for _ in 0..<40 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes += pieces[Int((seed >> 33) % UInt64(pieces.count))]
      }
      let shape = shapes[round % shapes.count]
      let whole = try read(bytes, shape, chunkSize: 4096)
      let single = try read(bytes, shape, chunkSize: 1)
      #expect(whole == single, "seed \(seed)")
      let lines = whole.bad.compactMap {
        Int($0.drop { $0 != " " }.dropFirst().prefix { $0 != ":" })
      }
      #expect(lines == lines.sorted(), "seed \(seed)")
    }
  }

  @Test("whatever a writer quotes by the book is read as it was")
  func roundTrip() throws {
    let letters = Array("a\"\",;\r\n'é =-\u{1F469}\u{200D}\u{1F680}")
    var seed: UInt64 = 7
    var fields: [String] = []
    for _ in 0..<500 {
      var field = ""
      for _ in 0..<8 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        field.append(letters[Int((seed >> 33) % UInt64(letters.count))])
      }
      fields.append(field)
    }
    let text = fields.enumerated().map { index, field in
      "\(index),\"\(field.replacingOccurrences(of: "\"", with: "\"\""))\"\r\n"
    }.joined()
    let (memos, bad) = try read(text, "line_end: crlf\nquoted_line_ends: yes\ntrim: no")
    #expect(bad.isEmpty)
    // Only CR LF is a line end here, and a quoted one is read as LF.
    #expect(memos == fields.map { $0.replacingOccurrences(of: "\r\n", with: "\n") })
  }
}
