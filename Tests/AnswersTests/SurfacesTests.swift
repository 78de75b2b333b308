import BankCore
import Foundation
import Screen
import Testing

@testable import Answers
@testable import Interchange
@testable import ManualLedger

/// Every surface that shows text from outside hides the same characters, and shows all others.
@Suite("Hidden characters")
struct SurfacesTests {
  /// All there are, some thousand at a time, each behind a letter that a mark can stand on.
  private static let chunks: [String] = stride(from: UInt32(0), through: 0x10FFFF, by: 4096).map {
    var text = String.UnicodeScalarView()
    for scalar in ($0..<$0 + 4096).compactMap(Unicode.Scalar.init) {
      text.append("x")
      text.append(scalar)
    }
    return String(text)
  }

  private func hidden(_ text: String) -> [UInt32] {
    text.unicodeScalars.filter(\.isHidden).map(\.value)
  }

  @Test("no screen, no document and no line of the ledger has one as it is")
  func nowhere() throws {
    for text in Self.chunks {
      #expect(hidden(sanitized(text)) == [])
      #expect(hidden(plainLine(text)) == [])
      #expect(hidden(escapedMarkup(plainLine(text))) == [])
      #expect(hidden(String(JSON.text(text).document.dropLast())) == [])
      var writer = JSONWriter()
      writer.write(text)
      #expect(hidden(String(decoding: writer.bytes, as: UTF8.self)) == [])
    }
  }

  @Test("what is not hidden stands in documents as it was, and programs read all of it")
  func kept() throws {
    for text in Self.chunks {
      let shown = plainLine(text).unicodeScalars
      let broken = zip(text.unicodeScalars, shown).filter { $0 != $1 && !$0.isHidden }
      #expect(broken.map(\.0.value) == [] && shown.count == text.unicodeScalars.count)
      let document = Data(JSON.text(text).document.utf8)
      let read = try JSONDecoder().decode(String.self, from: document)
      #expect(read.unicodeScalars.elementsEqual(text.unicodeScalars))
    }
  }

  @Test("markup has no character of its own grammar left, in text and in attributes")
  func markup() {
    #expect(
      escapedMarkup("<a b=\"c\" d='e'> & \r\n")
        == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; &#13;&#10;")
    #expect(escapedMarkup("Nováková 李") == "Nováková 李")
  }
}
