/// The columns that the widest of the texts takes on a screen; 0 for none.
public func displayWidth(ofWidest texts: some Sequence<String>) -> Int {
  texts.lazy.map { displayWidth(of: $0) }.max() ?? 0
}

/// The text with blanks beside it, so that it takes so many columns. Nothing is cut from a wider one.
public func padded(_ text: String, toColumns columns: Int, _ alignment: Alignment = .leading)
  -> String
{
  let blanks = String(repeating: " ", count: max(0, columns - displayWidth(of: text)))
  return alignment == .leading ? text + blanks : blanks + text
}
