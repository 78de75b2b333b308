import Screen

/// What the escape sequences mean that terminals send for keys and for the mouse, in all the forms that
/// are common, whatever the description of this terminal says. ECMA-48 has their shape; the numbers are
/// those of xterm, rxvt, tmux and the Linux console.
enum KeySequences {
  /// What a sequence turns out to be.
  enum Meaning: Equatable {
    case key(Key)
    case pasteBegin
    /// Three more bytes follow, of the mouse.
    case mouseBytes
    /// An answer of the terminal to a question about its cursor.
    case cursorReport
    /// Something that a terminal sends by itself and that is no key, such as the release of a button.
    case nothing
  }

  /// After `ESC [`: parameters and intermediate bytes, then one final byte.
  static func controlSequence(_ bytes: [UInt8], final: UInt8) -> Meaning {
    switch (bytes.first, final) {
    case (UInt8(ascii: "<"), UInt8(ascii: "M")), (UInt8(ascii: "<"), UInt8(ascii: "m")):
      guard let numbers = numbers(bytes.dropFirst()), numbers.count == 3 else { return .nothing }
      guard final == UInt8(ascii: "M") else { return .nothing }
      return mouse(numbers[0], numbers[1], numbers[2])
    // What begins so is an answer, or a broken report of the mouse.
    case (UInt8(ascii: "?"), _), (UInt8(ascii: ">"), _), (UInt8(ascii: "="), _),
      (UInt8(ascii: "<"), _):
      return .nothing
    case (nil, UInt8(ascii: "M")): return .mouseBytes
    default: break
    }
    guard let numbers = numbers(bytes[...]) else { return .key(.unknown) }
    switch final {
    case UInt8(ascii: "~"): return numbered(numbers)
    case UInt8(ascii: "Z"): return .key(.backTab)
    // Shift and tab, from terminals that tell each key by its character.
    case UInt8(ascii: "u"): return .key(numbers == [9, 2] ? .backTab : .unknown)
    // A function key with shift looks like the cursor's place, and means nothing either.
    case UInt8(ascii: "R") where numbers.count == 2: return .cursorReport
    // The mouse of rxvt.
    case UInt8(ascii: "M") where numbers.count == 3:
      return mouse(numbers[0] - 32, numbers[1], numbers[2])
    default:
      // A second number above 1 says that shift, alt or control was held.
      let isPlain = numbers.first ?? 1 == 1 && numbers.dropFirst().allSatisfy { $0 == 1 }
      return .key(isPlain ? lettered[final] ?? .unknown : .unknown)
    }
  }

  /// After `ESC O`. The digits and signs are those of a keypad that the terminal tells apart.
  static func singleShift(_ final: UInt8) -> Key {
    if let key = lettered[final] { return key }
    if (UInt8(ascii: "p")...UInt8(ascii: "y")).contains(final) {
      return .character(Character(Unicode.Scalar(final - UInt8(ascii: "p") + UInt8(ascii: "0"))))
    }
    return keypad[final] ?? .unknown
  }

  /// After `ESC [ [`: the function keys of the Linux console.
  static func consoleFunction(_ final: UInt8) -> Key {
    (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final)
      ? .function(Int(final - UInt8(ascii: "A")) + 1) : .unknown
  }

  /// The three bytes of a report in the first form that xterm had: each is 32 more than it says.
  static func mouse(bytes: [UInt8]) -> Meaning {
    guard bytes.count == 3, bytes.allSatisfy({ $0 >= 32 }) else { return .nothing }
    return mouse(Int(bytes[0]) - 32, Int(bytes[1]) - 32, Int(bytes[2]) - 32)
  }

  // MARK: The tables

  private static let lettered: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
  ]

  private static let keypad: [UInt8: Key] = [
    UInt8(ascii: "M"): .enter, UInt8(ascii: "I"): .tab, UInt8(ascii: "j"): .character("*"),
    UInt8(ascii: "k"): .character("+"), UInt8(ascii: "l"): .character(","),
    UInt8(ascii: "m"): .character("-"), UInt8(ascii: "n"): .character("."),
    UInt8(ascii: "o"): .character("/"), UInt8(ascii: "X"): .character("="),
    UInt8(ascii: " "): .character(" "),
  ]

  private static let numberedKeys: [Int: Key] = [
    1: .home, 7: .home, 4: .end, 8: .end, 3: .delete, 5: .pageUp, 6: .pageDown,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12), 25: .function(13), 26: .function(14), 28: .function(15),
    29: .function(16), 31: .function(17), 32: .function(18), 33: .function(19), 34: .function(20),
  ]

  private static func numbered(_ numbers: [Int]) -> Meaning {
    switch numbers {
    case [200]: return .pasteBegin
    // The end of a paste that was already given up.
    case [201]: return .nothing
    case [27, 2, 9]: return .key(.backTab)
    default:
      guard let first = numbers.first, numbers.dropFirst().allSatisfy({ $0 == 1 }) else {
        return .key(.unknown)
      }
      return .key(numberedKeys[first] ?? .unknown)
    }
  }

  // MARK: Parts

  /// Numbers of at most five digits between semicolons; nil for everything else.
  private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int]? {
    guard !bytes.isEmpty else { return [] }
    var numbers: [Int] = []
    for part in bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
      guard part.count <= 5, part.allSatisfy({ (48...57).contains($0) }) else { return nil }
      numbers.append(part.reduce(0) { $0 * 10 + Int($1 - 48) })
    }
    return numbers
  }

  /// Places count from 1. Bits of the button: 4, 8 and 16 are keys that were held, 32 is a movement, 64
  /// the wheel.
  private static func mouse(_ button: Int, _ column: Int, _ row: Int) -> Meaning {
    guard column >= 1, row >= 1, button >= 0, button & 32 == 0 else { return .nothing }
    let kind: MousePress.Kind? =
      switch button {
      case 0: .click
      case 64: .wheelUp
      case 65: .wheelDown
      // Without a number of its own, the release of whichever button.
      case 3: nil
      default: .other
      }
    let position = Position(column: column - 1, row: row - 1)
    return kind.map { .key(.mouse(MousePress($0, at: position))) } ?? .nothing
  }
}
