import BankCore
import CLibPQ
import Testing

@testable import ConnectionString

/// What the libpq beside us makes of a text: the words with their values, or nil where it refuses it.
private func library(_ text: String) -> [String: [UInt8]]? {
  guard let options = PQconninfoParse(text, nil) else { return nil }
  defer { PQconninfoFree(options) }
  var values: [String: [UInt8]] = [:]
  var option = options
  while let keyword = option.pointee.keyword {
    if let value = option.pointee.val {
      values[String(cString: keyword)] = Array(String(cString: value).utf8)
    }
    option += 1
  }
  return values
}

@Suite("An address is read as libpq reads it")
struct LibraryTests {
  /// What libpq takes and nobody meant, or no till can use.
  private static let stricter = [
    "it is empty", "it begins with a quotation mark", "of the @ at", "the / at", "the @ at",
    "what stands behind the : at", "makes no UTF-8", "it has an unknown scheme",
    "is not a number from 1 to 65535", "is not a whole number", "is not one of",
    "holds signs that no host has", "holds a whole address", "holds another address",
    "begins or ends with a blank",
  ]

  private func compare(_ text: String) {
    let own = AddressText(text)
    guard let values = library(text) else {
      #expect(own.mistake != nil, "libpq refuses \(text.debugDescription)")
      #expect(own.said.isEmpty)
      return
    }
    if let mistake = own.mistake {
      #expect(
        Self.stricter.contains { mistake.text.contains($0) },
        "libpq reads \(text.debugDescription): \(mistake.text)")
    } else {
      #expect(own.said.mapValues { Array($0.utf8) } == values, "\(text.debugDescription)")
    }
  }

  @Test(
    "by hand: what its source treats as a case of its own",
    arguments: [
      "postgres://", "postgresql://", "postgres:///", "postgres://db", "postgres://db/",
      "postgres://db/?", "postgres://db/b?", "postgres://?host=a", "postgres://db?host=&port=",
      "postgres://@db", "postgres://:pw@db", "postgres://u:@db", "postgres://u@",
      "postgres://u@/d#x",
      "postgres://a:1,b:2,c/d", "postgres://a,,b:3/d", "postgres://,", "postgres://:5,:6/d",
      "postgres://[::1]", "postgres://[::1]:5/d", "postgres://[::1", "postgres://[]/d",
      "postgres://[::1]x/d", "postgres://[::1],[::2]:3/d", "postgres://[a%25b]/d",
      "postgres://db/b?ssl=true", "postgres://db/b?ssl=false", "postgres://db/b?s%73l=true",
      "postgres://db/b?requiressl=1", "postgres://db/b?requiressl=", "requiressl=1", "requiressl=0",
      "ssl=true", "postgres://db/b?&a", "postgres://db/b?a=b&", "postgres://db/b?user=x&&port=3",
      "postgres://db/b?a=b=c", "postgres://db/b?user=x&user=y", "postgres://u@db/b?user=y",
      "postgres://db/%00", "postgres://db/%", "postgres://db/%4", "postgres://db/%4g",
      "postgres://db/%E9", "postgres://db/%C3%A9", "postgres://d%2Cb/x", "postgres://db:%35/x",
      "postgres://ana:s3?cret@db/b", "postgres://ana:a?s3cret#@db:5433/b", "postgres://a?b=c@d/e",
      "POSTGRES://db/b", "postgres:/db/b", " postgres://db/b", "host=a host=b", "host='a'port=1",
      "host = 'a'\tport\n=\u{B}1", "host=\\", "host='\\", "host=a\\ b", "host='it\\'s'", "host=''",
      "host= port=1", "host=", "host", "=a", "=", "host==a", "'host'=a", "hOst=a", "host=a'b'",
      "user=é", "user=e\u{301}", "user=a\u{A0}b", "host=a\r\nport=1", "user=\u{1F511}",
      "dbname=a://b", "options='-c a=b://c'", "new_of_libpq=1", "postgres://db/b?new_of_libpq=1",
      "service=x", "service=", "application_name='a  b '", "sslmode=", "connect_timeout=' 5 '",
    ])
  func cases(_ text: String) { compare(text) }

  /// Pieces that mean something to one of the two forms, with letters that are no ASCII.
  private static let pieces = [
    "postgres://", "postgresql://", "host", "port", "dbname", "user", "password", "sslmode", "ssl",
    "requiressl", "=", "=", "=", " ", " ", "\t", "\n", "\r\n", "\u{B}", "'", "'", "\\", "\\'", "@",
    "/", "?", "&", ":", ",", "[", "]", "%", "%41", "%2", "%00", "%C3%A9", "%E9", "a", "b", "5432",
    "é",
    "e\u{301}", "\u{A0}", "\u{1F511}", "#", "+", "-", "true", "::1", "host=a", "port=5432 ",
    "user='a b'",
  ]

  @Test(
    "a value in quotation marks comes back from libpq as it was, whatever joins its signs",
    arguments: [
      "", "a b", "it's", "a\\", "'", "a'\u{301}b\\\u{200D}c", "'\u{FE0F} host=x", "\\\u{301}'",
      "a\r\nb",
    ])
  func quoting(_ value: String) {
    let text = "user=ana password=\(KeywordParts.inQuotes(value)) port=1"
    let values = library(text)
    #expect(values?["password"] == Array(value.utf8), "\(text.debugDescription)")
    #expect(values?["port"] == Array("1".utf8) && values?["host"] == nil)
    #expect(AddressText(text).said["password"].map { Array($0.utf8) } == Array(value.utf8))
  }

  @Test("by chance, without end")
  func chance() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...9, using: &random)
      let head =
        Bool.random(using: &random)
        ? ""
        : ["postgres://", "host=a ", "user='"][
          Int.random(in: 0...2, using: &random)]
      let body = (0..<count).compactMap { _ in Self.pieces.randomElement(using: &random) }
      compare(head + body.joined())
    }
  }
}
