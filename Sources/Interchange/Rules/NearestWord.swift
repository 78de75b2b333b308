/// The one of `words` that somebody most likely meant by `word`: at most a third of its letters
/// (and never fewer than one) put in, left out or exchanged. Nil when nothing is that near.
func nearestWord(to word: String, among words: [String]) -> String? {
  let wanted = Array(word.lowercased().unicodeScalars.prefix(60))
  var best: (word: String, distance: Int)?
  for candidate in words {
    let known = Array(candidate.lowercased().unicodeScalars.prefix(60))
    let distance = editDistance(wanted, known)
    guard distance <= max(1, known.count / 3), distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.word
}

/// Levenshtein's distance, row by row.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var previous = Array(0...b.count)
  for (row, letter) in a.enumerated() {
    var current = [row + 1]
    for (column, other) in b.enumerated() {
      let exchanged = previous[column] + (letter == other ? 0 : 1)
      current.append(min(exchanged, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[b.count]
}
