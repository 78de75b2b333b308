import BankCore
import Foundation
import Screen
import Yams

/// The themes that lie as files in a folder.
public struct ThemeShelf: Hashable, Sendable {
  public let folder: String

  public init(folder: String) { self.folder = folder }

  /// The names of all themes, in order; a file's name is its theme's name.
  ///
  /// - Throws: `SettingsFault` when the folder cannot be read.
  public func names() throws(SettingsFault) -> [String] {
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw fault(folder, nil, "this folder of themes cannot be read")
    }
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// Reads a theme.
  ///
  /// - Throws: `SettingsFault` that names the file and the line, or the nearest theme there is.
  public func theme(_ name: String) throws(SettingsFault) -> Theme {
    let known = try names()
    guard known.contains(name) else {
      let hint = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" }
      let all = "; themes: \(known.joined(separator: ", "))"
      let text = "there is no theme '\(sanitized(name))'\(hint ?? all)"
      throw SettingsFault([.init(place: "theme", text: text)], isInFile: false)
    }
    let path = "\(folder)/\(name).yaml"
    switch FileText.read(path) {
    case .failure(let unreadable): throw fault(path, unreadable.line, unreadable.text)
    case .success(let text): return try theme(name, text, path)
    }
  }

  private func theme(_ name: String, _ text: String, _ path: String) throws(SettingsFault) -> Theme
  {
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
      switch keyNode.scalar?.string {
      case "name":
        guard node.scalar?.string == name else {
          throw fault(path, line, "the name must be that of the file, '\(name)'")
        }
      case "description": description = node.scalar?.string ?? ""
      case "roles": entries = try self.entries(node, path)
      default:
        let word = sanitized(keyNode.scalar?.string ?? "")
        throw fault(path, line, "unknown key '\(word)'; known keys: name, description, roles")
      }
    }
    do throws(ThemeFault) {
      return try Theme(
        name: name, description: description, entries: entries, source: path, nearest: nearestName)
    } catch {
      throw SettingsFault(
        error.problems.map { .init(place: path, line: $0.line, text: $0.text) }, isInFile: true)
    }
  }

  private func entries(_ node: Node, _ path: String) throws(SettingsFault) -> [Theme.Entry] {
    guard let roles = node.mapping else {
      throw fault(path, node.mark?.line, "'roles' must hold a style for each role")
    }
    var entries: [Theme.Entry] = []
    for (role, style) in roles {
      guard let word = role.scalar?.string, let look = style.scalar?.string else {
        throw fault(path, role.mark?.line, "a role and its style must be plain words")
      }
      entries.append(.init(role: word, style: look, line: role.mark?.line))
    }
    return entries
  }

  private func fault(_ path: String, _ line: Int?, _ text: String) -> SettingsFault {
    SettingsFault([.init(place: path, line: line, text: text)], isInFile: true)
  }
}
