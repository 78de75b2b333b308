import Screen
import Testing

@testable import Console

/// Where the cursor stands.
@Suite struct CursorTests {
  /// A block in the letter's own colour hides what it lies on. So it lies on what is typed, on the
  /// sign of a selected row, or on nothing.
  @Test(arguments: GoldenTests.scenes, GoldenTests.sizes)
  func hidesNoKey(_ scene: GoldenTests.Scene, _ size: Size) {
    let frame = scene.make(size).frame
    guard let cursor = frame.cursor, let cell = frame[cursor] else { return }
    let isTyped: Set<Role> = [.field, .fieldActive, .fieldInvalid]
    #expect(
      isTyped.contains(cell.role) || cell.text == ">" || cell.text == " ",
      "'\(cell.text)', \(cell.role)")
  }
}
