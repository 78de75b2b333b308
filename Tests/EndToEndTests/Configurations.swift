import Foundation
import RealParts
import Testing

/// A branch whose bank lies in `one.sqlite` and whose configuration file says so.
struct Configurations {
  let branch: Branch
  var home: String { branch.till.home }
  var file: String { "\(home)/config/daybook/config.yaml" }
  var history: String { "\(branch.till.state)/config" }

  static func open(environment: [String: String] = [:]) async throws -> Configurations {
    let scene = Configurations(branch: try Branch.empty(environment: environment))
    try scene.edit("database: sqlite:\(scene.home)/one.sqlite\n")
    try await scene.branch.makeBank()
    return scene
  }

  /// Writes over the configuration file, as somebody does with an editor.
  func edit(_ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(home)/config/daybook", withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
  }

  /// Writes a candidate beside it, and returns its path.
  func candidate(_ text: String, _ name: String = "candidate.yaml") throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(home)/\(name)"))
    return "\(home)/\(name)"
  }

  /// The bank's file again, under another name: the same bank, for a change of the connection.
  func copyBank(to name: String) throws {
    try FileManager.default.copyItem(atPath: "\(home)/one.sqlite", toPath: "\(home)/\(name)")
  }

  func database(_ name: String) -> String { "database: sqlite:\(home)/\(name)\n" }

  var text: String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "(no file)" }

  /// The generation of the history that is in force.
  func inForce() async throws -> JSONValue {
    let answer = try await branch.json("config", "history")
    return answer["generations"].list?.last { $0["in_force"].bool == true } ?? .null
  }
}

extension Daybook {
  func takeAway(_ name: String) throws {
    try FileManager.default.moveItem(atPath: "\(home)/\(name)", toPath: "\(home)/\(name).away")
  }

  func giveBack(_ name: String) throws {
    try FileManager.default.moveItem(atPath: "\(home)/\(name).away", toPath: "\(home)/\(name)")
  }
}
