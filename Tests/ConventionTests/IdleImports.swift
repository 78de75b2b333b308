extension ModuleBoundaries {
  /// What the table allows and nobody imports any more: it would let the import come back unseen.
  static func idle(
    in files: [ProjectFile], allowed: [String: Set<String>] = allowed
  ) -> [Finding] {
    var used: [String: Set<String>] = [:]
    for file in files where file.isSwift {
      guard let module = file.folder(below: "Sources") else { continue }
      used[module, default: []].formUnion(imports(of: file).map(\.module))
    }
    return allowed.keys.sorted().flatMap { module in
      (allowed[module] ?? []).subtracting(used[module] ?? []).sorted().map {
        Finding(
          "Tests/ConventionTests/ModuleBoundaries.swift", "\(module) does not import \($0) any more"
        )
      }
    }
  }
}
