/// The one of `words` that somebody most likely meant by `word`: at most a third of its letters
/// (but at least one) put in, left out, exchanged or swapped. Nil when nothing is that near.
func nearestWord(to word: String, among words: [String]) -> String? {
  let wanted = Array(word.lowercased().unicodeScalars.prefix(60))
  var best: (word: String, distance: Int)?
  for candidate in words {
    let known = Array(candidate.lowercased().unicodeScalars.prefix(60))
    let distance = editDistance(wanted, known)
    let limit = min(max(1, known.count / 3), known.count - 1)
    guard distance <= limit, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.word
}

/// How many letters must be put in, left out, exchanged or swapped with their neighbour
/// (Damerau's distance, each letter touched once), row by row.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var older: [Int] = []
  var previous = Array(0...b.count)
  for (row, letter) in a.enumerated() {
    var current = [row + 1]
    for (column, other) in b.enumerated() {
      var distance = min(
        previous[column] + (letter == other ? 0 : 1), previous[column + 1] + 1,
        current[column] + 1)
      if row > 0, column > 0, letter == b[column - 1], other == a[row - 1] {
        distance = min(distance, older[column - 1] + 1)
      }
      current.append(distance)
    }
    older = previous
    previous = current
  }
  return previous[b.count]
}
