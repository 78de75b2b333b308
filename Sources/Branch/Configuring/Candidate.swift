import BankCore
import Settings

/// A configuration that is not in force yet, with what it would change.
public struct Candidate: Sendable {
  let text: String?
  public let settings: Settings
  public let changes: [SettingChange]
  /// The terminal as it would be.
  public let workplace: Workplace

  var touchesConnection: Bool { changes.contains { $0.key == .database } }

  /// Why it cannot be put in force by a change of the file, whatever its database says.
  public var objection: Failure? {
    if let change = changes.first(where: { $0.overriddenBy != nil }),
      let stronger = change.overriddenBy
    {
      return Failure(
        .refused, code: "overridden",
        text: "\(stronger.origin) overrides every file: changing \(change.key.rawValue) "
          + "to \(change.shownNew ?? "nothing") would have no effect.",
        fix: "Remove \(stronger.origin) first, or leave \(change.key.rawValue) as it is.")
    }
    if changes.contains(where: { $0.key == .state }) {
      return Failure(
        .refused, code: "state-moves",
        text: "The state directory holds what a rollback needs. A change cannot move it.",
        fix: "Leave state as it is, or close all Daybooks and move the directory by hand.")
    }
    return nil
  }
}

extension ConfigurationKeeper {
  /// Reads a file that may come into force.
  ///
  /// - Throws: `Failure` of kind usage with every mistake in it.
  public func candidate(_ file: String) throws(Failure) -> Candidate {
    let path = surroundings.path(file)
    let mistakes = mistakes(inFile: path)
    guard mistakes.isEmpty else {
      throw Failure(
        .usage, code: "configuration",
        text: SettingsFault(mistakes, isInFile: true).description,
        fix: "Correct the file. The old configuration stays in force.")
    }
    do throws(SettingsFault) {
      return try candidate(text: try HistoryFolder.text(of: path))
    } catch {
      throw error.failure
    }
  }

  func candidate(text: String?) throws(SettingsFault) -> Candidate {
    let settings = try options.settings(surroundings, standIns: [target: text])
    return Candidate(
      text: text, settings: settings, changes: try present().changes(to: settings),
      workplace: Workplace(settings, surroundings, adapters))
  }

  /// The settings as they are; those of the history where the file has a mistake in it.
  private func present() throws(SettingsFault) -> Settings {
    do throws(SettingsFault) { return try options.settings(surroundings) } catch {
      let last = folder.load().inForce(target)?.generation.content
      return try options.settings(surroundings, standIns: [target: last])
    }
  }

  /// What is wrong with a file, a theme that nobody has and a key that no action can have included.
  public func mistakes(inFile path: String) -> [SettingsFault.Problem] {
    let problems = Settings.problems(inFile: path)
    guard problems.isEmpty, let settings = try? Settings.load(files: [path]) else {
      return problems
    }
    return themeMistakes(settings, path) + consoleMistakes(settings)
  }

  private func themeMistakes(_ settings: Settings, _ path: String) -> [SettingsFault.Problem] {
    let setting = settings[.theme]
    guard case .file(_, let line)? = setting.winner?.origin, let name = setting.shown,
      let themes = try? surroundings.themes()
    else { return [] }
    do throws(SettingsFault) {
      _ = try themes.theme(name)
      return []
    } catch {
      return error.problems.map { .init(place: path, line: line, text: "theme: \($0.text)") }
    }
  }
}
