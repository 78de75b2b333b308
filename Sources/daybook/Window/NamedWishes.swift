import Console
import Settings

/// What a configuration asks of the console by name: further keys, and frequent entries.
struct NamedWishes {
  let keymap: Keymap
  let templates: EntryTemplates

  /// - Throws: each key or template that cannot be as it is asked for, with its line.
  init(_ settings: Settings) throws(SettingsFault) {
    var problems: [SettingsFault.Problem] = []
    var (keymap, templates) = (Keymap(), EntryTemplates())
    do throws(Keymap.Mistakes) {
      keymap = try Keymap(settings.keys.map { Keymap.Wish(name: $0.name, key: $0.value) })
    } catch {
      problems += error.all.map { settings.problem(with: .keys, $0.name, $0.text) }
    }
    do throws(EntryTemplates.Mistakes) {
      templates = try EntryTemplates(settings.templates.map { ($0.name, $0.value) })
    } catch {
      problems += error.all.map { settings.problem(with: .templates, $0.name, $0.text) }
    }
    guard problems.isEmpty else {
      throw SettingsFault(problems, isInFile: problems.contains { $0.line != nil })
    }
    (self.keymap, self.templates) = (keymap, templates)
  }

  /// What is wrong with them, before the configuration is in force.
  @Sendable static func problems(_ settings: Settings) -> [SettingsFault.Problem] {
    do throws(SettingsFault) { _ = try NamedWishes(settings) } catch { return error.problems }
    return []
  }
}
