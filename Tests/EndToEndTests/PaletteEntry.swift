import RealParts

extension Tmux {
  /// Types an instruction into the palette, as in `d ANA 12 rent`, and waits for its review.
  ///
  /// A `p` counts only on a review that the bank or the snapshot has answered, so the wait is for the
  /// words that offer it.
  func review(_ instruction: String, as kind: String) async throws {
    try await send(":")
    try await type(instruction)
    try await send("Enter")
    try await waitFor("the review of \(instruction), ready to be posted") { rows in
      rows.contains { $0.contains("─ Review: \(kind)") }
        && rows.contains { $0.contains("p post   P post, next") }
    }
    // The words may be on the glass before the console knows that they are.
    try await waitIdle()
  }

  /// Types an instruction into the palette, posts it, and waits for its receipt.
  func post(_ instruction: String, as kind: String, receipt: String) async throws {
    try await review(instruction, as: kind)
    try await send("p")
    try await waitFor(receipt)
  }
}
