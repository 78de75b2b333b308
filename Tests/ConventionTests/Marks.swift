/// What must not stand in the text.
enum Marks {
  /// Unfinished work, and what traps on bad luck, in Swift sources.
  static func findings(in files: [ProjectFile]) -> [Finding] {
    files.filter(\.isSwift).flatMap { file -> [Finding] in
      let code = ProjectFile(path: file.path, text: SwiftText(file.text).code)
      return marks(#/\b(?:TODO|FIXME|XXX|HACK)\b/#, in: file, "unfinished work")
        + marks(#/\btry!/#, in: code, "try! traps")
        + marks(#/\bas!/#, in: code, "as! traps")
        + marks(#/[\w\)\]\}?]!(?!=)/#, in: code, "a forced unwrap traps")
        .filter { !isOther(code.lines[$0.line - 1]) }
    }
  }

  /// What changes the environment, which libraries read on other threads, in Swift and C.
  static func findings(
    ofEnvironmentIn files: [ProjectFile], but excepted: Set<String>
  ) -> [Finding] {
    files.filter { !excepted.contains($0.path) }.flatMap {
      marks(#/\b(?:setenv|unsetenv|putenv|clearenv)\s*\(/#, in: $0, "changes the environment")
    }
  }

  /// Public types that nobody has described.
  static func findings(ofTypesIn files: [ProjectFile]) -> [Finding] {
    let type = #/^public (?:final )?(?:struct|class|enum|protocol|actor) (?<name>\w+)/#
    return files.filter(\.isSwift).flatMap { file -> [Finding] in
      let lines = file.lines
      return lines.indices.compactMap { index in
        guard let match = lines[index].firstMatch(of: type) else { return nil }
        let above = lines[..<index].last { !$0.hasPrefix("@") }
        guard above?.hasPrefix("///") != true else { return nil }
        return Finding(file.path, line: index + 1, "\(match.name) has no doc comment")
      }
    }
  }

  /// Tests that are left out, or that hope that a while is enough.
  static func findings(inTests files: [ProjectFile], mayPause: Set<String>) -> [Finding] {
    files.filter(\.isSwift).flatMap { file -> [Finding] in
      let code = ProjectFile(path: file.path, text: SwiftText(file.text).code)
      let skipped = marks(
        #/\.disabled\(|\.enabled\(if|XCTSkip|withKnownIssue/#, in: code, "a test is left out")
      guard !mayPause.contains(file.path) else { return skipped }
      return skipped
        + marks(#/\b(?:Task\.sleep|Thread\.sleep|usleep|nanosleep|sleep)\(/#, in: code, "a pause")
    }
  }

  /// The file in which each reason of a refusal has its words.
  static let reasons = "Sources/BankCore/Reason.swift"

  /// The code of a reason beside words that are not the catalogue's: one refusal, two wordings.
  static func findings(ofReasonsIn files: [ProjectFile]) -> [Finding] {
    files.filter { $0.isSwift && $0.path != reasons }.flatMap {
      marks(#/\bReason\.\w+\.code\b|"R0\d\d/#, in: $0, "a reason has its words in the catalogue")
    }
  }

  /// Places that exist on one machine only: the project speaks of itself alone.
  static func findings(ofMachinesIn files: [ProjectFile]) -> [Finding] {
    // Put together here, or this file would be the first finding.
    let places = ["work", "root", "home", "Users", "opt/swift"].map { "/" + $0 + "/" }
    let hosts = ["deb.debian" + ".org", "pypi" + ".org", "registry.npmjs" + ".org"]
    return files.flatMap { file in
      file.lines.enumerated().flatMap { index, text -> [Finding] in
        // Ana is the teller of our examples; her home is nobody's.
        let line = text.replacing("/home/ana", with: "~")[...]
        let found = places.filter { isOnItsOwn($0, in: line) } + hosts.filter { line.contains($0) }
        return found.map { Finding(file.path, line: index + 1, "speaks of a machine: \($0)") }
      }
    }
  }

  private static func marks(
    _ pattern: some RegexComponent, in file: ProjectFile, _ what: String
  ) -> [Finding] {
    file.lines.enumerated().compactMap { index, line in
      line.firstMatch(of: pattern) == nil ? nil : Finding(file.path, line: index + 1, what)
    }
  }

  /// A `try!` or `as!` is told of already.
  private static func isOther(_ line: Substring) -> Bool {
    let others = #/\b(?:try|as)!/#
    return line.replacing(others, with: "").firstMatch(of: #/[\w\)\]\}?]!(?!=)/#) == nil
  }

  /// Whether a path begins there, rather than going on (as in `../network/file`).
  private static func isOnItsOwn(_ place: String, in line: Substring) -> Bool {
    line.ranges(of: place).contains { range in
      guard range.lowerBound > line.startIndex else { return true }
      let before = line[line.index(before: range.lowerBound)]
      return !before.isLetter && !before.isNumber && !"._-}*)".contains(before)
    }
  }
}
