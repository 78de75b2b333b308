import Testing

@testable import Screen

/// What is compared or looked through at once says the same as its parts do one by one.
@Suite("Quick ways through a picture") struct QuickWaysTests {
  @Test("Two cells are equal exactly where all their parts are")
  func cells() {
    #expect(MemoryLayout<Cell>.size == 8 && MemoryLayout<Cell>.stride == 8)
    let letters: [Unicode.Scalar] = ["a", "b", "\u{1}", "\u{101}", "\u{10061}", "\u{10FFFF}"]
    let glyphs =
      letters.map { Glyph($0, width: 1) } + [Glyph("a", width: 2), .continuation, .space]
    let attributes = (0...15).map { Attributes(rawValue: $0) }
    func cell(
      _ glyph: Glyph = Glyph("a", width: 1), _ role: Role = .text, _ attributes: Attributes = [],
      _ ground: Role = .text
    ) -> Cell {
      Cell(glyph, role: role, attributes: attributes, ground: ground)
    }
    let cells =
      glyphs.map { cell($0) } + Role.allCases.map { cell(.space, $0) }
      + attributes.map { cell(.space, .dim, $0) } + Role.allCases.map { cell(.space, .dim, [], $0) }
    for one in cells {
      for other in cells {
        let isSame =
          one.glyph == other.glyph && one.role == other.role && one.attributes == other.attributes
          && one.ground == other.ground
        #expect((one == other) == isSame, "\(one) \(other)")
      }
    }
  }

  @Test(
    "A text is plain exactly where each of its characters is", arguments: [0, 1, 14, 15, 16, 40])
  func plain(length: Int) {
    let rest = String(repeating: "x", count: length)
    for value in UInt32(0)...0x180 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isPlain = scalar.value >= 0x20 && scalar.value < 0x7F
      for text in ["\(scalar)\(rest)", "\(rest)\(scalar)", "\(rest)\(scalar)\(rest)"] {
        #expect(text.isPlain == isPlain, "\(value)")
        #expect(Substring(text).description.isPlain == isPlain, "\(value)")
      }
    }
    #expect(rest.isPlain)
  }
}
