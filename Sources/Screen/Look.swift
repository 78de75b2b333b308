/// The looks of a theme's roles as one terminal can show them: both colours are set, and the text is
/// readable wherever both are known.
public struct Look: Sendable {
  private let canvas: Canvas
  /// What stands on the page, without attributes.
  private let page: Style
  private let showsColors: Bool
  /// What the theme says of each role, in colours that the terminal has.
  private var wishes: [Role: Style] = [:]
  /// The roles to which the theme gives a background other than the page's.
  private var filledRoles: Set<Role> = []

  public init(_ theme: Theme, on canvas: Canvas) {
    self.canvas = canvas
    let text = theme.wish(of: .text, canvas)
    let background = (text.background ?? .standard).reduced(to: canvas.depth)
    let foreground = (text.foreground ?? .standard).reduced(to: canvas.depth)
    let isOwn = background == .standard && foreground == .standard
    let ink = isOwn ? .standard : Self.readable(foreground, on: background, canvas)
    let ratio = canvas.contrast(of: ink, isBold: true, on: background)
    // Some backgrounds are readable with no text at all on a few colours.
    showsColors = canvas.depth != .none && (isOwn || ratio ?? .infinity >= 4.5)
    page = showsColors ? Style(foreground: ink, background: background) : .standard
    for role in Role.allCases {
      let wish = theme.wish(of: role, canvas)
      if let background = wish.background, background != text.background {
        filledRoles.insert(role)
      }
      wishes[role] = Style(
        foreground: wish.foreground.map(shown), background: wish.background.map(shown),
        attributes: wish.attributes)
    }
  }

  /// - Parameter ground: the role on whose background it stands, one of ``Role/grounds``.
  public func style(of role: Role, on ground: Role = .text) -> Style {
    let under = ground == .text ? page : self.ground(ground)
    return tempered(role == ground || role == .text ? under : patch(role, on: under), role)
  }

  // MARK: Grounds

  /// What a ground fills, and the text that stands there.
  private func ground(_ role: Role) -> Style {
    // A tint needs more than a handful of colours.
    let isTint = role == .selection || role == .selectionInactive
    if !isTint || canvas.depth >= .palette, let filled = filled(role, over: page) { return filled }
    var style = page
    style.attributes = wish(of: role).attributes
    if filledRoles.contains(role) { style.attributes.formUnion(role.attributesForBackground) }
    return style
  }

  /// A style with a background of its own; nil where it would not be seen, or its text not be read.
  private func filled(_ role: Role, over under: Style) -> Style? {
    let wish = wish(of: role)
    guard showsColors, let background = wish.background, background != page.background
    else { return nil }
    let foreground = Self.readable(
      wish.foreground ?? under.foreground ?? .standard, on: background, canvas)
    guard let ratio = canvas.contrast(of: foreground, isBold: true, on: background), ratio >= 4.5
    else { return nil }
    return Style(foreground: foreground, background: background, attributes: wish.attributes)
  }

  // MARK: What stands on them

  private func patch(_ role: Role, on under: Style) -> Style {
    if let filled = filled(role, over: under) { return filled }
    let wish = wish(of: role)
    var style = under
    style.attributes.formUnion(wish.attributes)
    if filledRoles.contains(role) { style.attributes.formUnion(role.attributesForBackground) }
    // Reversed, a colour would be a background.
    guard !style.attributes.contains(.reverse), showsColors, let wanted = wish.foreground
    else { return style }
    let background = under.background ?? .standard
    let ratio = canvas.contrast(
      of: wanted, isBold: style.attributes.contains(.bold), on: background)
    // On a background that nobody knows, whoever wrote the theme knows it.
    if ratio ?? (background == .standard ? .infinity : 0) >= role.leastContrast {
      style.foreground = wanted
    }
    return style
  }

  private func wish(of role: Role) -> Style { wishes[role] ?? Style() }

  /// The colour as the terminal can show it.
  private func shown(_ color: PaletteColor) -> PaletteColor {
    guard case .raised(let share) = color else { return color.reduced(to: canvas.depth) }
    guard canvas.depth >= .palette, let under = page.background?.rgb ?? canvas.background
    else { return page.background ?? .standard }
    return PaletteColor.exact(under.raised(by: share)).reduced(to: canvas.depth)
  }

  /// A text that would be lost on its background, or of which nobody knows, is black or white there.
  private static func readable(
    _ foreground: PaletteColor, on background: PaletteColor, _ canvas: Canvas
  ) -> PaletteColor {
    guard background != .standard || canvas.background != nil else { return foreground }
    let ratio = canvas.contrast(of: foreground, isBold: true, on: background)
    return ratio ?? 0 < 4.5 ? canvas.ink(on: background) : foreground
  }

  // MARK: Attributes

  /// Without the attributes that would take the readable text away again.
  private func tempered(_ style: Style, _ role: Role) -> Style {
    var style = style
    let isReversed = style.attributes.contains(.reverse)
    // Nobody knows how faint a terminal's faint is: it is for what may be passed over, and not for
    // colours of ours.
    if role.leastContrast >= 4.5 || style.background != .standard || isReversed
      || canvas.mixesIntensity
    {
      style.attributes.remove(.dim)
    }
    // Bold black is grey on many terminals; so is bold in reverse where intensity is a colour.
    if style.foreground == .black || isReversed && canvas.mixesIntensity {
      style.attributes.remove(.bold)
    }
    return style
  }
}

extension Theme {
  /// What the theme says of a role, for the background that the terminal has named.
  fileprivate func wish(of role: Role, _ canvas: Canvas) -> Style {
    let usual = styles[role] ?? role.defaultStyle
    let page = (styles[.text] ?? Role.text.defaultStyle).background ?? .standard
    guard page == .standard, canvas.depth >= .palette, let background = canvas.background
    else { return usual }
    return (background.isLight ? stylesOnLight : stylesOnDark)[role] ?? usual
  }
}
