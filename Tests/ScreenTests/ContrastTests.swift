import BankCore
import BankTesting
import Foundation
import Testing

@testable import Screen

/// Every role of every theme on everything that it may stand on, as each kind of terminal shows it.
/// The ratio and the limits are those of WCAG 2.2, success criterion 1.4.3.
@Suite("Contrast")
struct ContrastTests {
  private static let black = RGB(0x000000)
  private static let white = RGB(0xFFFFFF)
  /// base03 with base0, and base3 with base00, of https://ethanschoonover.com/solarized
  private static let solarizedDark = RGB(0x002B36)
  private static let solarizedLight = RGB(0xFDF6E3)

  private static let backgrounds: [(background: RGB, foreground: RGB)] = [
    (black, RGB(0xE5E5E5)), (white, black), (solarizedDark, RGB(0x839496)),
    (solarizedLight, RGB(0x657B83)), (RGB(0x300A24), white), (RGB(0x1E1E2E), RGB(0xCDD6F4)),
  ]

  /// Every depth, with an answer about the background and without, and the Linux console's bold.
  private static let canvases: [Canvas] = ColorDepth.allCases.flatMap { depth in
    [false, true].flatMap { mixes in
      [Canvas(depth: depth, mixesIntensity: mixes)]
        + backgrounds.flatMap {
          [
            Canvas(depth: depth, background: $0.background, mixesIntensity: mixes),
            Canvas(
              depth: depth, background: $0.background, foreground: $0.foreground,
              mixesIntensity: mixes),
          ]
        }
    }
  }

  @Test("The ratio is that of WCAG's own definition")
  func ratio() {
    let pairs: [(UInt32, UInt32, Double)] = [
      (0x000000, 0xFFFFFF, 21), (0xFFFFFF, 0xFFFFFF, 1), (0x767676, 0xFFFFFF, 4.54),
      (0xFFFF00, 0xFFFFFF, 1.07), (0xFF0000, 0xFFFFFF, 4.0), (0x0000FF, 0x000000, 2.44),
      (0x839496, 0x002B36, 4.75),
    ]
    for (a, b, expected) in pairs {
      #expect(abs(RGB(a).contrast(to: RGB(b)) - expected) < 0.01, "\(a) \(b)")
    }
    for color in [RGB(0x010203), RGB(0x5C80C0), RGB(0xFEFDFC)] {
      #expect(abs(color.luminance - Self.luminance(color)) < 1e-9)
    }
  }

  @Test("Every role of every theme can be read on every ground, on every terminal")
  func everything() throws {
    for theme in try ShippedThemes.all() {
      for canvas in Self.canvases { expectReadable(theme, on: canvas) }
    }
  }

  @Test("The terminal theme can be read whatever background the terminal names")
  func anyBackground() throws {
    let theme = try ShippedThemes.named("terminal")
    var generator = SeededRandom(seed: 20_261_201)
    for _ in 0..<300 {
      let color = RGB(UInt32.random(in: 0...0xFFFFFF, using: &generator))
      let text = color.isLight ? Self.black : Self.white
      let depth = Bool.random(using: &generator) ? ColorDepth.exact : .palette
      expectReadable(theme, on: Canvas(depth: depth, background: color, foreground: text))
    }
  }

  @Test("A theme that hides its text is mended")
  func hiddenText() throws {
    for word in ["black on black", "#808080 on #7f7f7f", "bright-white on white dim", "yellow"] {
      let entries = Role.allCases.map { Theme.Entry(role: $0.word, style: word) }
      let theme = try Theme(name: "x", description: "", entries: entries) { _, _ in nil }
      for canvas in Self.canvases where word != "yellow" || canvas.background != nil {
        expectReadable(theme, on: canvas)
      }
    }
  }

  @Test("What the files say is what is seen: none of their colours has to be mended")
  func nothingMended() throws {
    for theme in try ShippedThemes.all() where theme.name != "terminal" {
      let look = Look(theme, on: Canvas(depth: .exact))
      let page = try #require(look.style(of: .text).background)
      for role in Role.allCases {
        let wanted = theme.styles[role]?.foreground
        for ground in [Role.text, .panel] where !Role.grounds.contains(role) {
          let style = look.style(of: role, on: ground)
          #expect(wanted == nil || style.foreground == wanted, "\(theme.name) \(role) on \(ground)")
        }
        let style = look.style(of: role)
        let background = theme.styles[role]?.background ?? page
        #expect(role == .panel || role.isTint || style.background == background, "\(role)")
      }
    }
  }

  @Test("Dim text of the themes with colours of their own is no harder to read than text")
  func dim() throws {
    for theme in try ShippedThemes.all() where theme.name != "terminal" {
      for depth in [ColorDepth.exact, .palette] {
        let look = Look(theme, on: Canvas(depth: depth))
        for ground in [Role.text, .panel] {
          for role in Role.allCases where role.leastContrast > 1.2 {
            let style = look.style(of: role, on: ground)
            let least = theme.name == "contrast" ? 7 : role.mayRecede ? 3 : 4.5
            let ratio = try #require(Self.ratios(style, Canvas(depth: depth)).min())
            #expect(ratio >= least, "\(theme.name) \(role) on \(ground): \(ratio)")
          }
        }
      }
    }
  }

  @Test("Page, panel, and the bars over rows can be told apart where there are colours for it")
  func tints() throws {
    let night = Canvas(depth: .palette, background: Self.black, foreground: RGB(0xE5E5E5))
    let paper = Canvas(depth: .palette, background: Self.white, foreground: Self.black)
    for theme in try ShippedThemes.all() where theme.name != "contrast" {
      for var canvas in [night, paper] {
        for depth in [ColorDepth.exact, .palette] {
          canvas.depth = depth
          let look = Look(theme, on: canvas)
          let grounds: [Role] = [.text, .panel, .selection, .selectionInactive, .modeManual]
          let fills = grounds.map { look.style(of: .text, on: $0).background }
          #expect(Set(fills).count == grounds.count, "\(theme.name) \(depth) \(fills)")
        }
      }
    }
  }

  // MARK: The rule

  private func expectReadable(
    _ theme: Theme, on canvas: Canvas, _ location: SourceLocation = #_sourceLocation
  ) {
    let look = Look(theme, on: canvas)
    for ground in Role.grounds {
      for role in Role.allCases {
        let style = look.style(of: role, on: ground)
        let name = "\(theme.name) \(role) on \(ground), \(canvas): \(style)"
        // The terminal's own text on its own background is as readable as its owner likes it.
        if style.foreground == .standard, style.background == .standard {
          let mayBeFaint = role.leastContrast < 4.5 && !canvas.mixesIntensity
          #expect(
            !style.attributes.contains(.dim) || mayBeFaint, "\(name)", sourceLocation: location)
          continue
        }
        let ratios = Self.ratios(style, canvas)
        #expect(!ratios.isEmpty, "nobody knows: \(name)", sourceLocation: location)
        let least = ratios.min() ?? 0
        #expect(least >= role.leastContrast, "\(least): \(name)", sourceLocation: location)
        #expect(!style.attributes.contains(.dim), "\(name)", sourceLocation: location)
      }
    }
  }

  /// With each palette that the first sixteen colours may have, bold letters in the bright ones too.
  private static func ratios(_ style: Style, _ canvas: Canvas) -> [Double] {
    var ratios: [Double] = []
    for sixteen in [SixteenColors.xterm, SixteenColors.linux] {
      guard let background = style.background?.rgb(in: sixteen) ?? canvas.background else {
        return []
      }
      var inks = [style.foreground]
      if style.attributes.contains(.bold), case .index(let index) = style.foreground, index < 8 {
        inks.append(.index(index + 8))
      }
      for ink in inks {
        guard let color = ink?.rgb(in: sixteen) ?? canvas.foreground else { return [] }
        let (a, b) = (luminance(color) + 0.05, luminance(background) + 0.05)
        ratios.append(max(a, b) / min(a, b))
      }
    }
    return ratios
  }

  private static func luminance(_ color: RGB) -> Double {
    func linear(_ value: UInt8) -> Double {
      let part = Double(value) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
  }
}

extension Role {
  fileprivate var isTint: Bool { self == .selection || self == .selectionInactive }
  fileprivate var mayRecede: Bool { self == .border || self == .behind }
}
