/// What the documents promise.
enum Documents {
  /// Paths that the map names and that do not exist, and modules that it does not name.
  ///
  /// A path is what stands in backticks with a `/` in it, from the package's root or from
  /// `Sources`, or what a link leads to.
  static func findings(
    inMap map: ProjectFile, modules: [String], exists: (String) -> Bool
  ) -> [Finding] {
    let named = map.lines.enumerated().flatMap { index, line in
      paths(in: line).map { (path: $0, line: index + 1) }
    }
    let missing = named.filter { !exists($0.path) && !exists("Sources/\($0.path)") }.map {
      Finding(map.path, line: $0.line, "\($0.path) does not exist")
    }
    let table = map.lines.filter { $0.hasPrefix("|") }
    let forgotten = modules.filter { module in !table.contains { $0.hasPrefix("| `\(module)`") } }
      .map { Finding(map.path, "the table does not name the module \($0)") }
    return missing + forgotten
  }

  static func paths(in line: Substring) -> [String] {
    let quoted = line.matches(of: #/`([^`\s]+)`/#).map { String($0.output.1) }
      .filter { $0.contains("/") && !$0.contains("//") && !$0.contains("*") }
    let linked = line.matches(of: #/\]\(([^)#]+)\)/#).map { String($0.output.1) }
      .filter { !$0.contains("://") }
    return (quoted + linked).map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
  }

  /// Whether the changelog is kept as keepachangelog.com describes.
  static func findings(inChangelog changelog: ProjectFile) -> [Finding] {
    let kinds: Set = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
    let strange = changelog.lines.enumerated().filter {
      $1.hasPrefix("### ") && !kinds.contains(String($1.dropFirst(4)))
    }.map { Finding(changelog.path, line: $0 + 1, "no kind of change: \($1.dropFirst(4))") }
    return changelog.lines.contains("## [Unreleased]")
      ? strange : [Finding(changelog.path, "no heading ## [Unreleased]")] + strange
  }

  /// A version that the changelog does not have, or that nobody has raised since its release.
  static func findings(ofVersionIn source: ProjectFile, changelog: ProjectFile) -> [Finding] {
    guard let version = source.text.firstMatch(of: #/"(\d+\.\d+\.\d+)(-dev)?"/#) else {
      return [Finding(source.path, "no version such as 1.0.0 or 1.1.0-dev")]
    }
    let isReleased = changelog.lines.contains { $0.hasPrefix("## [\(version.1)]") }
    guard isReleased == (version.2 == nil) else {
      return [
        Finding(
          source.path,
          isReleased
            ? "\(version.1) is released in the changelog" : "the changelog has no \(version.1)")
      ]
    }
    return []
  }

  /// Test folders that the package does not build, so that nobody ever runs them.
  static func findings(inPackage package: ProjectFile, testFolders: [String]) -> [Finding] {
    let text = package.text.filter { !$0.isWhitespace }
    return testFolders.filter {
      !text.contains("tests(\"\($0)\"") && !text.contains("path:\"Tests/\($0)\"")
    }.map { Finding(package.path, "does not build Tests/\($0)") }
  }

  /// Scripts that cannot be run, or that would go on after a step has failed.
  static func findings(
    inScripts scripts: [ProjectFile], isExecutable: (String) -> Bool
  ) -> [Finding] {
    scripts.flatMap { script -> [Finding] in
      let isShell = script.lines.first == "#!/usr/bin/env bash"
      let isStrict = !isShell || script.lines.contains("set -euo pipefail")
      return (isExecutable(script.path) ? [] : [Finding(script.path, "not executable")])
        + (script.text.hasPrefix("#!/usr/bin/env ") ? [] : [Finding(script.path, "no interpreter")])
        + (isStrict ? [] : [Finding(script.path, "goes on after a failure")])
    }
  }
}
