/// How many pieces a value is made of at most, with those of the values and lookups that it refers to.
/// A few lines of rules that refer to one another can ask for more than any machine can do.
struct RuleSteps {
  /// More than any rule needs, and done in a moment.
  static let most = 10_000

  private var values: [Int] = []
  private var lookups: [Int] = []

  mutating func add(value: ValueRule) { values.append(steps(value)) }

  mutating func add(lookup match: ValueRule) { lookups.append(steps(match)) }

  /// Exact up to `most`; one more where there are more.
  func steps(_ rule: ValueRule) -> Int {
    switch rule {
    case .template(let template):
      sum(
        template.parts.map { part in
          if case .reference(let reference, _) = part { steps(reference) } else { 1 }
        })
    case .date(let origin, _), .pad(let origin, _): sum([1, steps(origin)])
    case .map(let origin, let texts, let otherwise):
      sum(
        [
          1, steps(origin), texts.values.map(steps).max() ?? 0, otherwise.map { steps($0) } ?? 0,
        ])
    case .join(let rules, _): sum([1] + rules.map { steps($0) })
    case .cases(let cases):
      sum(cases.map { sum([1, steps($0.value)] + $0.conditions.map { steps($0.reference) }) })
    }
  }

  private func steps(_ reference: Reference) -> Int {
    switch reference {
    case .column: 1
    case .value(let index): values.indices.contains(index) ? values[index] : 1
    case .lookup(let index, _): lookups.indices.contains(index) ? sum([1, lookups[index]]) : 1
    }
  }

  private func sum(_ counts: [Int]) -> Int {
    counts.reduce(0) { min(Self.most + 1, $0 + $1) }
  }
}
