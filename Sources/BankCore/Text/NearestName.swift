/// The name most like a misspelt one, or nil if none is close enough to be worth suggesting; the first
/// of those that are equally close.
///
/// Closeness is the number of letters to insert, remove or exchange, or of neighbours to swap,
/// whatever their case. Up to a third of the word may differ, but never all of the name.
public func nearestName(to word: String, among names: [String]) -> String? {
  let wanted = letters(word)
  let limit = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for name in names {
    let known = letters(name)
    let distance = editDistance(wanted, known)
    guard distance <= min(limit, known.count - 1), distance < best?.distance ?? .max else {
      continue
    }
    best = (name, distance)
  }
  return best?.name
}

/// As many as a name may have. What is longer is no slip of the fingers, and the work grows with the
/// square of it.
private func letters(_ text: String) -> [Character] { Array(text.lowercased().prefix(64)) }

/// Two neighbours the wrong way round, `prot` for `port`, are one slip of the fingers and not two.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var previous = Array(0...b.count)
  var beforeThat = previous
  for (i, letter) in a.enumerated() {
    var current = [i + 1]
    for (j, other) in b.enumerated() {
      let exchanged = previous[j] + (letter == other ? 0 : 1)
      var least = min(exchanged, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other {
        least = min(least, beforeThat[j - 1] + 1)
      }
      current.append(least)
    }
    (beforeThat, previous) = (previous, current)
  }
  return previous[b.count]
}
