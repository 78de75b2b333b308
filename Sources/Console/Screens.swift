import Screen

/// Which screen; the raw value is the digit that shows it.
struct ScreenName: RawRepresentable, Hashable, Sendable {
  let rawValue: Int

  var digit: Key { .character(Character(String(rawValue))) }
}

/// The table of screens: the only place that lists them. Dispatch, footer, help and palette are
/// made from it.
enum Screens {
  static let all: [any ScreenModel.Type] = [
    AccountsScreen.self, AccountScreen.self, JournalScreen.self, LedgerScreen.self,
    ReconcileScreen.self, ConnectionScreen.self, OutagesScreen.self,
  ]

  /// The bindings that act on a screen, the nearest first.
  static func bindings(of name: ScreenName) -> [Binding] { tables[name] ?? [] }

  static let tables: [ScreenName: [Binding]] = Dictionary(
    all.map { screen in
      let own = screen.bindings.map { binding in
        var scoped = binding
        scoped.scope = screen.word
        return scoped
      }
      return (
        screen.name, (own + CommonKeys.onScreens + screen.furtherBindings).withoutShadowed
      )
    }, uniquingKeysWith: { first, _ in first })

  /// On a screen too small to show anything, only leaving and repainting make sense.
  static func worksWhenTooSmall(_ key: Key) -> Bool {
    switch key {
    case .control("c"), .control("l"), .control("z"): true
    default: false
    }
  }
}

extension [Binding] {
  /// Without the keys that a nearer binding takes: footer and help would promise two things of them.
  var withoutShadowed: [Binding] {
    var taken: Set<Key> = []
    return compactMap { binding in
      let free = binding.keys.filter { taken.insert($0).inserted }
      return free.isEmpty ? nil : binding.with(keys: free)
    }
  }
}
