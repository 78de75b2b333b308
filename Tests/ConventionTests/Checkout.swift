import Foundation

/// A file of the project as text.
struct ProjectFile {
  /// Relative to the package's root, such as `Sources/BankCore/Money.swift`.
  let path: String
  let text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  var isSwift: Bool { path.hasSuffix(".swift") }

  /// The folder below `Sources` or `Tests` that the file is in, if it is in one.
  func folder(below top: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == top ? String(parts[1]) : nil
  }
}

/// Something that breaks a convention.
struct Finding: Equatable, CustomStringConvertible {
  let path: String
  /// Counted from 1; 0 where the whole file is meant.
  let line: Int
  let what: String

  init(_ path: String, line: Int = 0, _ what: String) {
    self.path = path
    self.line = line
    self.what = what
  }

  var description: String { "\(path)\(line > 0 ? ":\(line)" : ""): \(what)" }
}

/// The files of this checkout.
enum Checkout {
  /// The package's root: this file stands three steps below it.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The text files of the project below some of its folders, or single files by name.
  static func files(in places: [String]) throws -> [ProjectFile] {
    try places.flatMap { place in
      try paths(in: place).compactMap { path in
        guard let data = FileManager.default.contents(atPath: "\(root)/\(path)"),
          let text = String(data: data, encoding: .utf8)
        else { return nil }
        return ProjectFile(path: path, text: text)
      }
    }
  }

  static let sources = Result { try files(in: ["Sources"]) }

  /// All that is written by hand and published.
  static let everything = Result {
    try files(in: [
      ".ci", "Benchmarks", "CHANGELOG.md", "CONTRIBUTING.md", "Package.swift", "README.md",
      "Sources", "Tests", "data", "docs", "scripts", "themes",
    ])
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(root)/\(path)")
  }

  static func isExecutable(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "\(root)/\(path)")
  }

  static func folders(in place: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(place)").sorted().filter {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(
        atPath: "\(root)/\(place)/\($0)", isDirectory: &isFolder)
      return exists && isFolder.boolValue
    }
  }

  /// Of everything that stands in a folder, whatever kind it is.
  static func names(in place: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(place)").sorted()
  }

  private static func paths(in place: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: "\(root)/\(place)", isDirectory: &isFolder)
    else { return [] }
    guard isFolder.boolValue else { return [place] }
    return try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(place)").sorted()
      .filter { !$0.contains(".build/") }
      .map { "\(place)/\($0)" }
  }
}
