import BankCore
import Foundation
import Screen
import Yams

/// The themes that lie as files in folders: the user's own, and those that come with Daybook.
public struct ThemeShelf: Hashable, Sendable {
  /// Daybook's own folder; it must be there.
  public let folder: String
  /// The user's; its files come before those of the same names.
  public let ownFolder: String?

  public init(folder: String, ownFolder: String? = nil) {
    self.folder = folder
    self.ownFolder = ownFolder
  }

  /// The strongest first.
  private var folders: [String] { [ownFolder, folder].compactMap { $0 } }

  /// The names of all themes, in order; a file's name is its theme's name.
  ///
  /// - Throws: `SettingsFault` when a folder cannot be read.
  public func names() throws(SettingsFault) -> [String] {
    var names: Set<String> = []
    for folder in folders { names.formUnion(try self.names(in: folder)) }
    return names.sorted()
  }

  private func names(in folder: String) throws(SettingsFault) -> [String] {
    if folder == ownFolder, !FileManager.default.fileExists(atPath: folder) { return [] }
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw fault(folder, nil, "this folder of themes cannot be read")
    }
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
  }

  private func path(of name: String, in folders: [String]) throws(SettingsFault) -> String? {
    for folder in folders where try names(in: folder).contains(name) {
      return "\(folder)/\(name).yaml"
    }
    return nil
  }

  /// The file of a theme; nil where there is none of that name.
  ///
  /// - Throws: `SettingsFault` when a folder cannot be read.
  public func file(_ name: String) throws(SettingsFault) -> String? {
    try path(of: name, in: folders)
  }

  /// Reads a theme, and those that it extends.
  ///
  /// - Throws: `SettingsFault` that names the file and the line, or the nearest theme there is.
  public func theme(_ name: String) throws(SettingsFault) -> Theme {
    try theme(name, from: folders, trail: [])
  }

  /// The theme that the console is painted in, whatever is wrong with a file: a wrong theme keeps nobody
  /// out.
  ///
  /// - Returns: the theme `terminal` in place of a wrong one, and what is wrong.
  public func usableTheme(_ name: String) -> (theme: Theme, fault: SettingsFault?) {
    do throws(SettingsFault) { return (try theme(name), nil) } catch {
      let standard = try? ThemeShelf(folder: folder).theme(Theme.terminal.name)
      return (standard ?? .terminal, error)
    }
  }

  /// - Parameter trail: the files that wait for this one.
  private func theme(
    _ name: String, from folders: [String], trail: [String]
  ) throws(SettingsFault) -> Theme {
    if let path = try path(of: name, in: folders) {
      switch FileText.read(path) {
      case .failure(let unreadable): throw fault(path, unreadable.line, unreadable.text)
      case .success(let text): return try theme(name, text, path, trail + [path])
      }
    }
    let known = try names()
    let hint = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" }
    let all = "; themes: \(known.joined(separator: ", "))"
    let text = "there is no theme '\(sanitized(name))'\(hint ?? all)"
    throw SettingsFault([.init(place: "theme", text: text)], isInFile: false)
  }

  private func theme(
    _ name: String, _ text: String, _ path: String, _ trail: [String]
  ) throws(SettingsFault) -> Theme {
    let root: Node
    switch YAMLText.compose(text) {
    case .failure(let unreadable): throw fault(path, unreadable.line, unreadable.text)
    case .success(let node):
      guard let node, node.mapping != nil else { throw fault(path, nil, "this is not a theme") }
      root = node
    }
    var description = ""
    var entries: [Theme.Entry] = []
    for (keyNode, node) in root.mapping ?? [:] {
      let line = keyNode.mark?.line
      let key = keyNode.scalar?.string ?? ""
      switch key {
      case "name":
        guard node.scalar?.string == name else {
          throw fault(path, line, "the name must be that of the file, '\(name)'")
        }
      case "description": description = node.scalar?.string ?? ""
      case "extends":
        guard node.scalar != nil else { throw fault(path, line, "'extends' must name a theme") }
      default:
        guard let section = Theme.Section(rawValue: key) else {
          throw fault(path, line, Self.unknownKey(key))
        }
        entries += try self.entries(node, section, path)
      }
    }
    let base = try base(of: name, root["extends"], path, trail)
    do throws(ThemeFault) {
      return try Theme(
        name: name, description: description, entries: entries, base: base, source: path,
        nearest: nearestName)
    } catch {
      throw SettingsFault(
        error.problems.map { .init(place: path, line: $0.line, text: $0.text) }, isInFile: true)
    }
  }

  /// What a file does not say is said by the theme that it extends: the one that it names, else
  /// Daybook's theme of its own name, else the default.
  private func base(
    of name: String, _ extends: Node?, _ path: String, _ trail: [String]
  ) throws(SettingsFault) -> Theme {
    let below = ownFolder.map { path.hasPrefix("\($0)/") } ?? false ? [folder] : []
    guard let wanted = extends?.scalar?.string else {
      // A folder may be the user's own and Daybook's at once: then this file is below itself.
      if let next = try self.path(of: name, in: below), !Self.holds(trail, next) {
        return try theme(name, from: below, trail: trail)
      }
      let standard = Theme.terminal.name
      guard name != standard, let next = try self.path(of: standard, in: [folder]),
        !Self.holds(trail, next)
      else { return .terminal }
      return try theme(standard, from: [folder], trail: trail)
    }
    let shelf = wanted == name ? below : folders
    let line = extends?.mark?.line
    guard let next = try self.path(of: wanted, in: shelf) else {
      let known = try names().filter { $0 != name }
      let hint = nearestName(to: wanted, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw fault(path, line, "there is no theme '\(sanitized(wanted))' to extend\(hint)")
    }
    guard !Self.holds(trail, next) else {
      throw fault(path, line, "'\(sanitized(wanted))' extends this theme, which extends it")
    }
    return try theme(wanted, from: shelf, trail: trail)
  }

  /// Whether that file is one of the trail, by whatever path.
  private static func holds(_ trail: [String], _ path: String) -> Bool {
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
    return trail.contains(path) || trail.lazy.map(real).contains(real(path))
  }

  private static func unknownKey(_ word: String) -> String {
    let known = ["name", "description", "extends"] + Theme.Section.allCases.map(\.rawValue)
    let hint = nearestName(to: word, among: known).map { "did you mean '\($0)'?" }
    return "unknown key '\(sanitized(word))'; "
      + (hint ?? "known keys: \(known.joined(separator: ", "))")
  }

  private func entries(
    _ node: Node, _ section: Theme.Section, _ path: String
  ) throws(SettingsFault) -> [Theme.Entry] {
    guard let roles = node.mapping else {
      throw fault(path, node.mark?.line, "'\(section.rawValue)' must hold a style for each role")
    }
    var entries: [Theme.Entry] = []
    for (role, style) in roles {
      guard let word = role.scalar?.string, let look = style.scalar?.string else {
        throw fault(path, role.mark?.line, "a role and its style must be plain words")
      }
      entries.append(.init(section, role: word, style: look, line: role.mark?.line))
    }
    return entries
  }

  private func fault(_ path: String, _ line: Int?, _ text: String) -> SettingsFault {
    SettingsFault([.init(place: path, line: line, text: text)], isInFile: true)
  }
}
