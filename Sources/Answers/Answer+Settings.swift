import BankCore
import Screen
import Settings

/// One value of the database's address, and where it comes from.
public struct DatabasePart: Hashable, Sendable {
  public let keyword: String
  /// Nil for what is not shown.
  public let value: String?
  public let place: String
  public let isUsed: Bool
  public let note: String?

  public init(keyword: String, value: String?, place: String, isUsed: Bool, note: String?) {
    self.keyword = keyword
    self.value = value
    self.place = place
    self.isUsed = isUsed
    self.note = note
  }
}

extension Answer {
  /// Every setting with its origin, and the values of the database's address.
  public static func settings(_ settings: Settings, _ parts: [DatabasePart]) -> Answer {
    Answer(SettingsAnswer(settings: settings, parts: parts))
  }

  /// The themes, with a mark at the chosen one.
  ///
  /// - Parameter canvas: what the terminal shows of a sample of each; nil where there is none.
  public static func themes(
    _ themes: [(theme: Theme, file: String?)], chosen: String, canvas: Canvas?
  ) -> Answer {
    var table = PrintedTable(("", .leading), ("Theme", .leading), ("", .leading))
    for (theme, _) in themes {
      table.add(theme.name == chosen ? "*" : "", theme.name, theme.description)
    }
    let samples = canvas.map { canvas in
      themes.map { theme, _ in
        let mark = theme.name == chosen ? "* " : "  "
        return sanitized("\(mark)\(theme.name)  \(theme.description)") + "\n\n"
          + ThemeSample.frame().painted(Look(theme, on: canvas))
      }.joined(separator: "\n\n")
    }
    return Answer(
      json: [
        "themes": JSON(
          themes.map { theme, file -> JSON in
            [
              "name": .text(theme.name), "description": .text(theme.description),
              "file": JSON(file), "chosen": .bool(theme.name == chosen),
            ]
          })
      ],
      text: table.text(orElse: "no themes"), painted: samples)
  }
}

private struct SettingsAnswer: AnswerParts {
  let settings: Settings
  let parts: [DatabasePart]

  var json: JSON {
    [
      "settings": JSON(settings.all.map(JSON.init(_:))),
      "files": JSON(settings.files.map(JSON.text)),
      "database_parts": JSON(parts.map(JSON.init(_:))),
    ]
  }

  var text: String {
    var table = PrintedTable(("Setting", .leading), ("Value", .leading), ("From", .leading))
    for setting in settings.all {
      guard let winner = setting.winner else {
        table.add(setting.key.rawValue, "not set", "")
        continue
      }
      table.add(setting.key.rawValue, setting.shown(winner), winner.origin.description)
      for loser in setting.overridden where loser.origin != .standard {
        let words =
          loser == setting.refused
          ? "\(setting.shown(loser)) is looser than the bank's policy: not used"
          : "instead of \(setting.shown(loser))"
        table.add("", words, loser.origin.description)
      }
    }
    return table.text(orElse: "no settings") + address
  }

  /// The values of the address.
  private var address: String {
    guard !parts.isEmpty else { return "" }
    var table = PrintedTable(
      ("Of the database", .leading), ("Value", .leading), ("From", .leading), ("", .leading))
    for part in parts {
      table.add(
        part.keyword, part.value ?? (part.isUsed ? Disclosure.mask : ""), part.place,
        [part.isUsed ? "" : "not used", part.note ?? ""].filter { !$0.isEmpty }
          .joined(separator: ": "))
    }
    return "\n\n" + table.text(orElse: "")
  }
}

extension JSON {
  init(_ setting: Setting) {
    self = [
      "key": .text(setting.key.rawValue),
      "value": JSON(setting.shown),
      "origin": setting.winner.map { JSON($0.origin) } ?? .null,
      "meaning": .text(setting.key.meaning),
      "overridden": JSON(
        setting.overridden.map { loser -> JSON in
          [
            "value": .text(setting.shown(loser)), "origin": JSON(loser.origin),
            "refused": .bool(loser == setting.refused),
          ]
        }),
    ]
  }

  fileprivate init(_ part: DatabasePart) {
    self = [
      "keyword": .text(part.keyword), "value": JSON(part.value), "place": .text(part.place),
      "used": .bool(part.isUsed), "note": JSON(part.note),
    ]
  }

  init(_ origin: Origin) {
    self = ["kind": .text(origin.word), "place": .text(origin.description)]
  }
}
