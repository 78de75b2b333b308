import Console
import Settings

extension Keymap {
  /// Daybook's own keys, and those that a configuration asks for.
  ///
  /// - Throws: each key that cannot be as it is asked for, with its line.
  init(_ settings: Settings) throws(SettingsFault) {
    do throws(Keymap.Mistakes) {
      try self.init(settings.keys.map { Wish(name: $0.name, key: $0.key) })
    } catch {
      let problems = error.all.map { settings.problem(withKeyOf: $0.name, $0.text) }
      throw SettingsFault(problems, isInFile: problems.contains { $0.line != nil })
    }
  }

  /// What is wrong with the keys of a configuration, before it is in force.
  @Sendable static func problems(_ settings: Settings) -> [SettingsFault.Problem] {
    do throws(SettingsFault) { _ = try Keymap(settings) } catch { return error.problems }
    return []
  }
}
