/// Swift source with the insides of comments, string literals and regular expressions blanked
/// out, so that braces and marks in them do not count. Lines stay where they are.
struct SwiftText {
  let code: String

  init(_ source: String) {
    var scanner = Scanner(source: Array(source.utf8))
    code = String(decoding: scanner.blanked(), as: UTF8.self)
  }
}

/// Works on bytes, because the test reads all sources each time and is built for debugging.
private struct Scanner {
  let source: [UInt8]
  private var position = 0
  private var result: [UInt8] = []

  init(source: [UInt8]) {
    self.source = source
    result.reserveCapacity(source.count)
  }

  private static let newline = UInt8(ascii: "\n")
  private static let hash = UInt8(ascii: "#")
  private static let slash = UInt8(ascii: "/")
  private static let quote = UInt8(ascii: "\"")
  private static let star = UInt8(ascii: "*")
  private static let backslash = UInt8(ascii: "\\")

  /// A kind of literal: its quotation mark and the number signs around it.
  private struct Delimiter {
    let mark: UInt8
    let marks: Int
    let hashes: Int
    var length: Int { marks + hashes }
  }

  mutating func blanked() -> [UInt8] {
    while position < source.count {
      if byte(0) == Self.slash, byte(1) == Self.slash {
        while position < source.count, byte(0) != Self.newline { blank() }
      } else if byte(0) == Self.slash, byte(1) == Self.star {
        blankComment()
      } else if let delimiter = opening() {
        keep(delimiter.length)
        blankLiteral(delimiter)
        keep(delimiter.length)
      } else {
        keep(1)
      }
    }
    return result
  }

  private func byte(_ offset: Int) -> UInt8? {
    position + offset < source.count ? source[position + offset] : nil
  }

  private mutating func keep(_ count: Int) {
    let end = min(position + count, source.count)
    result += source[position..<end]
    position = end
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where position < source.count {
      result.append(byte(0) == Self.newline ? Self.newline : UInt8(ascii: " "))
      position += 1
    }
  }

  private mutating func blankComment() {
    var depth = 0
    repeat {
      if byte(0) == Self.slash, byte(1) == Self.star {
        depth += 1
        blank(2)
      } else if byte(0) == Self.star, byte(1) == Self.slash {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && position < source.count
  }

  /// The literal that begins here. A regular expression counts when number signs enclose it;
  /// between bare slashes it cannot be told from a division.
  private func opening() -> Delimiter? {
    var hashes = 0
    while byte(hashes) == Self.hash { hashes += 1 }
    if byte(hashes) == Self.quote {
      let isLong = byte(hashes + 1) == Self.quote && byte(hashes + 2) == Self.quote
      return Delimiter(mark: Self.quote, marks: isLong ? 3 : 1, hashes: hashes)
    }
    guard hashes > 0, byte(hashes) == Self.slash else { return nil }
    return Delimiter(mark: Self.slash, marks: 1, hashes: hashes)
  }

  private func isClosing(_ delimiter: Delimiter) -> Bool {
    for offset in 0..<delimiter.marks where byte(offset) != delimiter.mark { return false }
    for offset in 0..<delimiter.hashes where byte(delimiter.marks + offset) != Self.hash {
      return false
    }
    return true
  }

  /// Blanks what stands between the marks, with the expressions interpolated in it.
  private mutating func blankLiteral(_ delimiter: Delimiter) {
    let escapeHashes = delimiter.mark == Self.quote ? delimiter.hashes : 0
    while position < source.count, !isClosing(delimiter) {
      let isEscape =
        byte(0) == Self.backslash
        && (0..<escapeHashes).allSatisfy { byte(1 + $0) == Self.hash }
      guard isEscape else {
        blank()
        continue
      }
      blank(1 + escapeHashes)
      if delimiter.mark == Self.quote, byte(0) == UInt8(ascii: "(") {
        blankInterpolation()
      } else {
        blank()
      }
    }
  }

  private mutating func blankInterpolation() {
    var depth = 0
    repeat {
      if let inner = opening() {
        blank(inner.length)
        blankLiteral(inner)
        blank(inner.length)
        continue
      }
      if byte(0) == UInt8(ascii: "(") { depth += 1 }
      if byte(0) == UInt8(ascii: ")") { depth -= 1 }
      blank()
    } while depth > 0 && position < source.count
  }
}
