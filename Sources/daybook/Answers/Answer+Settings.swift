import Screen
import Settings

extension Answer {
  static func settings(_ settings: Settings) -> Answer {
    var table = Table(("Setting", .left), ("Value", .left), ("From", .left))
    for setting in settings.all {
      guard let winner = setting.winner else {
        table.add(setting.key.rawValue, "not set", "")
        continue
      }
      table.add(setting.key.rawValue, setting.shown(winner), winner.origin.description)
      for loser in setting.overridden where loser.origin != .standard {
        table.add("", "instead of \(setting.shown(loser))", loser.origin.description)
      }
    }
    return Answer(
      json: [
        "settings": JSON(settings.all.map(JSON.init(_:))),
        "files": JSON(settings.files.map(JSON.text)),
      ],
      text: table.text(orElse: "no settings"))
  }

  static func configurationCheck(
    file: String, _ problems: [SettingsFault.Problem]
  ) -> Answer {
    Answer(
      json: [
        "ok": .bool(problems.isEmpty),
        "problems": JSON(
          problems.map { problem -> JSON in
            [
              "file": .text(problem.place), "line": problem.line.map { JSON($0) } ?? .null,
              "text": .text(problem.text),
            ]
          }),
      ],
      text: problems.isEmpty
        ? harmless("\(file): no mistakes found")
        : harmless(problems.map(\.description).joined(separator: "\n")),
      status: problems.isEmpty ? 0 : 1)
  }

  static func themes(_ themes: [Theme], chosen: String) -> Answer {
    var table = Table(("", .left), ("Theme", .left), ("", .left))
    for theme in themes {
      table.add(theme.name == chosen ? "*" : "", theme.name, theme.description)
    }
    return Answer(
      json: [
        "themes": JSON(
          themes.map { theme -> JSON in
            [
              "name": .text(theme.name), "description": .text(theme.description),
              "chosen": .bool(theme.name == chosen),
            ]
          })
      ],
      text: table.text(orElse: "no themes"))
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
          ["value": .text(setting.shown(loser)), "origin": JSON(loser.origin)]
        }),
    ]
  }

  private init(_ origin: Origin) {
    self = ["kind": .text(origin.word), "place": .text(origin.description)]
  }
}
