/// The name most like a misspelt one, or nil if none is close enough to be worth suggesting.
///
/// Closeness is the number of letters to insert, remove or exchange, or of neighbours to swap; up to
/// a third of the word may differ.
public func nearestName(to word: String, among names: [String]) -> String? {
  let wanted = Array(word.lowercased().prefix(64))
  let scored = names.map { (name: $0, distance: editDistance(wanted, Array($0.lowercased()))) }
  guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, wanted.count / 3) ? best.name : nil
}

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
