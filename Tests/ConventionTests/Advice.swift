/// The commands that sentences for people name.
enum Advice {
  /// What is said of commands that are not there: the text that names one is advice that nobody can
  /// follow.
  ///
  /// - Parameters:
  ///   - files: with the sentences.
  ///   - program: the sources that declare the commands.
  static func findings(in files: [ProjectFile], program: [ProjectFile]) -> [Finding] {
    var names = Set(
      program.flatMap { $0.text.matches(of: #/commandName: "([a-z-]+)"/#) }
        .map { String($0.output.1) })
    // Where none is written, the type's name is the command's.
    for file in program {
      for match in file.text.matches(of: #/struct ([A-Z][a-z]+): [A-Za-z]*Command\b/#) {
        names.insert(match.output.1.lowercased())
      }
    }
    let groups = Set(
      program.flatMap {
        $0.text.matches(of: #/: CommandGroup \{\s[^"]*commandName: "([a-z-]+)"/#)
      }.map { String($0.output.1) })
    return files.filter(\.isSwift).flatMap { file in
      file.lines.enumerated().flatMap { index, line in
        // A command stands in a sentence for people, or in code marks.
        line.matches(of: #/\bdaybook ([a-z]+)(?: ([a-z]+))?/#).compactMap { match -> Finding? in
          guard !line.contains("import daybook") else { return nil }
          let (first, second) = (String(match.output.1), match.output.2.map(String.init))
          if !names.contains(first), first != "help" {
            return Finding(file.path, line: index + 1, "there is no command 'daybook \(first)'")
          }
          guard groups.contains(first), let second, !names.contains(second) else { return nil }
          return Finding(
            file.path, line: index + 1, "there is no command 'daybook \(first) \(second)'")
        }
      }
    }
  }
}
