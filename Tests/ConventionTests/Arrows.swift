/// What imports what, as the map draws it and as the package has it.
enum Arrows {
  /// Arrows that are only in one of the two. A line of the map is `Console ─► BankCore, Screen`.
  static func findings(inMap map: ProjectFile, package: ProjectFile) -> [Finding] {
    let real = declared(in: package)
    let drawn = Dictionary(
      map.lines.enumerated().compactMap { line, text in
        text.firstMatch(of: #/^(?<module>\w+) ─► (?<others>[\w, ]+)$/#).map {
          (String($0.module), (others: names(in: $0.others), line: line + 1))
        }
      }, uniquingKeysWith: { $1 })
    return Set(real.keys).union(drawn.keys).sorted().flatMap { module -> [Finding] in
      let (ours, theirs) = (real[module] ?? [], drawn[module]?.others ?? [])
      let line = drawn[module]?.line ?? 0
      return ours.subtracting(theirs).sorted().map {
        Finding(map.path, line: line, "no arrow from \(module) to \($0)")
      }
        + theirs.subtracting(ours).sorted().map {
          Finding(map.path, line: line, "\(module) does not depend on \($0)")
        }
    }
  }

  /// The modules of ours that each module depends on; those that depend on none are left out. Products
  /// of other packages stand there without quotation marks.
  private static func declared(in package: ProjectFile) -> [String: Set<String>] {
    let own = #/\bmodule\(\s*"(?<module>\w+)",\s*\[(?<others>[^\]]*)\]/#
    let program = #/name: "(?<module>daybook)",\s*dependencies: \[(?<others>[^\]]*)\]/#
    let pairs =
      package.text.matches(of: own).map { (String($0.module), names(in: $0.others, quoted: true)) }
      + package.text.matches(of: program).map {
        (String($0.module), names(in: $0.others, quoted: true))
      }
    return Dictionary(pairs, uniquingKeysWith: { $0.union($1) })
  }

  private static func names(in list: Substring, quoted: Bool = false) -> Set<String> {
    Set(
      list.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        .filter { !quoted || $0.hasPrefix("\"") }.map { $0.filter { $0 != "\"" } }
        .filter { !$0.isEmpty })
  }
}
