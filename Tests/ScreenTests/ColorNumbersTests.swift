import Screen
import Testing

@testable import Terminal

@Suite("Exact colours on their way to the terminal")
struct ColorNumbersTests {
  private static let blue = PaletteColor.exact(RGB(red: 0, green: 94, blue: 174))
  private static let nearlyBlue = PaletteColor.exact(RGB(red: 0, green: 95, blue: 175))

  private func numbers(_ colors: [PaletteColor], of count: Int = 256) -> ColorNumbers {
    ColorNumbers(
      depth: .exact, colors: count,
      styles: colors.map { Style(foreground: $0, background: .standard) })
  }

  private func sent(_ text: String, _ numbers: ColorNumbers) -> String {
    String(decoding: numbers.exact(Array(text.utf8)[...]), as: UTF8.self)
  }

  @Test("Each exact colour borrows a number of its own, beside the numbers that are in use")
  func borrowed() {
    let numbers = numbers([Self.blue, Self.nearlyBlue, .index(25)])
    let borrowed = [Self.blue, Self.nearlyBlue].map { numbers.number(of: $0) }
    #expect(Set(borrowed + [25]).count == 3 && borrowed.allSatisfy { $0 >= 16 })
    #expect(numbers.number(of: .index(25)) == 25 && numbers.number(of: .standard) == -1)
    #expect(
      sent("\u{1B}[38;5;\(borrowed[0])mx\u{1B}[48;5;\(borrowed[1])m", numbers)
        == "\u{1B}[38;2;0;94;174mx\u{1B}[48;2;0;95;175m")
    #expect(sent("\u{1B}[38:5:\(borrowed[0])m", numbers) == "\u{1B}[38:2::0:94:174m")
  }

  @Test(
    "Everything else is sent as it is",
    arguments: [
      "", "plain 38;5;25m", "\u{1B}[38;5;25m", "\u{1B}[1;38;5;25m", "\u{1B}[38;5;m",
      "\u{1B}[38;5;25",
      "\u{1B}[38;5;999m", "\u{1B}[38;2;1;2;3m", "\u{1B}", "\u{1B}[0;10m\u{1B}[39;49m",
    ])
  func others(text: String) {
    #expect(sent(text, numbers([Self.blue, .index(25)])) == text)
  }

  @Test("A description made for exact colours takes red, green and blue as the number")
  func direct() {
    let numbers = numbers([Self.blue], of: 1 << 24)
    #expect(numbers.number(of: Self.blue) == 0x005EAE && !numbers.areExact)
    #expect(numbers.number(of: .index(3)) == 3 && numbers.number(of: .index(231)) == 0xFFFFFF)
  }
}
