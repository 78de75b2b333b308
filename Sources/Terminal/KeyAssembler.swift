import CNcurses
import Screen

/// Makes keys of what a terminal sends: bytes, and the special keys that ncurses recognises.
///
/// It never trusts the other side: bytes that are not UTF-8 become `U+FFFD`, escape sequences
/// that nobody knows become one ``Key/unknown`` instead of a row of typed letters, and a paste
/// without an end is bounded. An answer of the terminal is never a key, in whatever pieces it comes,
/// while it is awaited. One that comes later is none either, unless a pause cuts it right behind its
/// first byte: that byte alone is the escape key.
struct KeyAssembler {
  /// Longer pastes are cut here; no field of a bank's form holds so much.
  static let greatestPasteBytes = 64 * 1024
  private static let greatestSequenceBytes = 32
  /// `11;rgba:ffff/ffff/ffff/ffff`, and some more.
  private static let greatestAnswerBytes = 40

  private enum State {
    case idle
    case escape
    /// After `ESC [`, with the bytes read since.
    case controlSequence([UInt8])
    /// In a sequence that is longer than any that means something.
    case endlessSequence
    /// After `ESC [ M`, with the bytes of the mouse read since.
    case mouse([UInt8])
    /// After `ESC [ [`: the function keys of the Linux console.
    case consoleFunction
    /// After `ESC O`.
    case singleShift
    /// After `ESC ]`: an answer of the terminal, until BEL or `ESC \`.
    case answer
    /// After the `ESC` in an answer.
    case answerEnd
    case paste
  }

  private var state = State.idle
  /// The beginning of a UTF-8 character whose other bytes are on their way.
  private var partial: [UInt8] = []
  private var pasted: [UInt8] = []
  /// How many of the last bytes of a paste are the beginning of its end.
  private var pasteEnds = 0
  private var answer: [UInt8] = []
  private var answers: [String] = []
  private var keys: [Key] = []

  /// How many answers of the terminal are on their way: so long a lone escape may be the beginning of
  /// one, and waits a little longer.
  var awaitedAnswers = 0

  /// Whether something has begun that its next bytes, or a pause, will make a key of.
  var isIncomplete: Bool {
    if case .idle = state { false } else { true }
  }

  /// How long what has come so far waits for its rest; nil where nothing waits.
  var patience: Duration? {
    switch state {
    case .paste: .seconds(2)
    case .escape: .milliseconds(120)
    case .answer, .answerEnd: .milliseconds(answer.isEmpty ? 120 : 1000)
    case .controlSequence([]): .milliseconds(120)
    case .controlSequence, .endlessSequence, .mouse: .seconds(1)
    case .idle, .consoleFunction, .singleShift: nil
    }
  }

  /// Whether keys are complete that nobody has taken.
  var hasKeys: Bool { !keys.isEmpty }

  /// The keys completed since the last call.
  mutating func drainKeys() -> [Key] {
    defer { keys = [] }
    return keys
  }

  /// What the terminal has answered since the last call: `11;rgb:0000/0000/0000`.
  mutating func drainAnswers() -> [String] {
    defer { answers = [] }
    return answers
  }

  /// Takes one code of `terminal_read`.
  mutating func receive(_ code: Int32) {
    switch state {
    case .idle: receiveIdle(code)
    case .escape: receiveAfterEscape(code)
    case .controlSequence(let bytes): receiveInSequence(code, bytes)
    case .endlessSequence:
      if !(0x20...0x3F).contains(code) { endSequence(.key(.unknown), code) }
    case .mouse(let bytes): receiveOfMouse(code, bytes)
    case .singleShift:
      endSequence(UInt8(exactly: code).map { .key(KeySequences.singleShift($0)) }, code)
    case .consoleFunction:
      endSequence(UInt8(exactly: code).map { .key(KeySequences.consoleFunction($0)) }, code)
    case .answer: receiveAnswer(code)
    case .answerEnd: receiveAnswerEnd(code)
    case .paste: receivePasted(code)
    }
  }

  /// Says that the terminal has sent no more for now, so that a lone escape is the escape key.
  mutating func pause() {
    switch state {
    case .escape where awaitedAnswers == 0: giveUp()
    case .answer where awaitedAnswers == 0 && answer.isEmpty: giveUp()
    case .controlSequence([]) where awaitedAnswers == 0: giveUp()
    case .consoleFunction:
      state = .idle
      keys += [.escape, .character("["), .character("[")]
    case .singleShift:
      state = .idle
      keys += [.escape, .character("O")]
    case .idle, .escape, .controlSequence, .endlessSequence, .mouse, .answer, .answerEnd, .paste:
      break
    }
  }

  /// Says that the rest has not come within ``patience``.
  mutating func giveUp() {
    switch state {
    case .escape:
      state = .idle
      keys.append(.escape)
    case .controlSequence([]):
      state = .idle
      keys += [.escape, .character("[")]
    // The report of a mouse, or a sequence, whose rest is lost.
    case .controlSequence, .endlessSequence, .mouse:
      state = .idle
      keys.append(.unknown)
    case .answer, .answerEnd: loseAnswer()
    case .paste: endPaste()
    case .idle, .consoleFunction, .singleShift: break
    }
  }

  /// Ends a paste, and hands out what there is of it.
  private mutating func endPaste() {
    state = .idle
    keepBeginOfEnd()
    let text = String(decoding: pasted, as: UTF8.self)
    pasted = []
    var lines = ""
    for character in text {
      lines.append(character == "\r" || character == "\r\n" ? "\n" : character)
    }
    keys.append(.paste(lines))
  }

  private mutating func receiveIdle(_ code: Int32) {
    if code == 27 {
      finishPartial()
      state = .escape
    } else if let byte = UInt8(exactly: code) {
      receiveByte(byte)
    } else {
      finishPartial()
      keys.append(Self.special(code))
    }
  }

  private mutating func receiveAfterEscape(_ code: Int32) {
    switch code {
    case Int32(UInt8(ascii: "[")): state = .controlSequence([])
    case Int32(UInt8(ascii: "O")): state = .singleShift
    case Int32(UInt8(ascii: "]")): state = .answer
    default:
      state = .idle
      keys.append(.escape)
      receiveIdle(code)
    }
  }

  // ECMA-48: parameters and intermediates from 0x20 to 0x3F, then one final byte from 0x40.
  private mutating func receiveInSequence(_ code: Int32, _ bytes: [UInt8]) {
    if (0x20...0x3F).contains(code), let byte = UInt8(exactly: code) {
      let isLong = bytes.count >= Self.greatestSequenceBytes
      state = isLong ? .endlessSequence : .controlSequence(bytes + [byte])
      return
    }
    if bytes.isEmpty, code == Int32(UInt8(ascii: "[")) {
      state = .consoleFunction
      return
    }
    endSequence(
      UInt8(exactly: code).map { KeySequences.controlSequence(bytes, final: $0) }, code)
  }

  /// - Parameter code: the last of the sequence; what cannot be part of one is a key of its own.
  private mutating func endSequence(_ meaning: KeySequences.Meaning?, _ code: Int32) {
    state = .idle
    let isPart = (0x20...0x7E).contains(code)
    switch isPart ? meaning ?? .key(.unknown) : .key(.unknown) {
    case .key(let key): keys.append(key)
    case .pasteBegin: state = .paste
    case .mouseBytes: state = .mouse([])
    case .cursorReport: awaitedAnswers = max(0, awaitedAnswers - 1)
    case .nothing: break
    }
    if !isPart { receiveIdle(code) }
  }

  /// Three bytes of any value: a place beyond column 95 is no ASCII.
  private mutating func receiveOfMouse(_ code: Int32, _ bytes: [UInt8]) {
    guard let byte = UInt8(exactly: code), byte >= 0x20 else {
      endSequence(.nothing, code)
      return
    }
    guard bytes.count == 2 else {
      state = .mouse(bytes + [byte])
      return
    }
    endSequence(KeySequences.mouse(bytes: bytes + [byte]), 0x20)
  }

  private mutating func receiveAnswer(_ code: Int32) {
    if code == 7 {
      finishAnswer()
    } else if code == 27 {
      state = .answerEnd
    } else if let byte = UInt8(exactly: code), Self.mayContinue(answer, with: byte) {
      answer.append(byte)
    } else {
      // No answer of ours looks like that: a key.
      loseAnswer()
      receiveIdle(code)
    }
  }

  private mutating func receiveAnswerEnd(_ code: Int32) {
    if code == Int32(UInt8(ascii: "\\")) { return finishAnswer() }
    state = .answer
    loseAnswer()
    state = .escape
    receiveAfterEscape(code)
  }

  /// A number, then a colour such as `rgb:ffff/ffff/ffff` or `#ffffff`.
  private static func mayContinue(_ answer: [UInt8], with byte: UInt8) -> Bool {
    guard answer.count < greatestAnswerBytes else { return false }
    let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    if answer.isEmpty { return isDigit }
    return isDigit || "abcdefABCDEFrg:;/#?".utf8.contains(byte)
  }

  private mutating func finishAnswer() {
    if !answer.isEmpty {
      answers.append(String(decoding: answer, as: UTF8.self))
      awaitedAnswers = max(0, awaitedAnswers - 1)
    }
    (answer, state) = ([], .idle)
  }

  /// What had begun like an answer is forgotten; `ESC ]` alone was pressed, by whoever holds alt.
  private mutating func loseAnswer() {
    if answer.isEmpty {
      keys += [.escape, .character("]")]
      if case .answerEnd = state { keys.append(.escape) }
    }
    (answer, state) = ([], .idle)
  }

  private mutating func receivePasted(_ code: Int32) {
    guard let byte = UInt8(exactly: code) else { return }
    if byte != Self.pasteEnd[pasteEnds] { keepBeginOfEnd() }
    guard byte == Self.pasteEnd[pasteEnds] else { return keep([byte]) }
    pasteEnds += 1
    if pasteEnds == Self.pasteEnd.count {
      pasteEnds = 0
      endPaste()
    }
  }

  /// What looked like the end of a paste was text.
  private mutating func keepBeginOfEnd() {
    keep(Self.pasteEnd.prefix(pasteEnds))
    pasteEnds = 0
  }

  private mutating func keep(_ bytes: some Collection<UInt8>) {
    pasted += bytes.prefix(max(0, Self.greatestPasteBytes - pasted.count))
  }

  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private mutating func receiveByte(_ byte: UInt8) {
    if byte < 0x80 {
      finishPartial()
      keys.append(Self.plain(byte))
      return
    }
    let continues = byte & 0xC0 == 0x80
    if !continues || partial.isEmpty { finishPartial() }
    partial.append(byte)
    let decoded = String(decoding: partial, as: UTF8.self).unicodeScalars
    if partial.count >= Self.expectedLength(of: partial[0]) {
      partial = []
      for scalar in decoded { keys.append(Self.typed(scalar)) }
    }
  }

  /// A character that was begun and cannot be finished any more is shown as what it is: broken.
  private mutating func finishPartial() {
    guard !partial.isEmpty else { return }
    partial = []
    keys.append(.character("\u{FFFD}"))
  }

  private static func expectedLength(of first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }

  private static func typed(_ scalar: Unicode.Scalar) -> Key {
    scalar.value < 0xA0 ? .unknown : .character(Character(scalar))
  }

  private static func plain(_ byte: UInt8) -> Key {
    switch byte {
    case 0: .control(" ")
    case 8, 127: .backspace
    case 9: .tab
    case 10, 13: .enter
    case 1...26: .control(Character(Unicode.Scalar(byte + 96)))
    case 28...31: .control(Character(Unicode.Scalar(byte + 64)))
    default: .character(Character(Unicode.Scalar(byte)))
    }
  }

  private static let specialKeys: [Int32: Key] = [
    terminalKey(TERMINAL_KEY_UP): .up, terminalKey(TERMINAL_KEY_DOWN): .down,
    terminalKey(TERMINAL_KEY_LEFT): .left, terminalKey(TERMINAL_KEY_RIGHT): .right,
    terminalKey(TERMINAL_KEY_HOME): .home, terminalKey(TERMINAL_KEY_END): .end,
    terminalKey(TERMINAL_KEY_PAGE_UP): .pageUp, terminalKey(TERMINAL_KEY_PAGE_DOWN): .pageDown,
    terminalKey(TERMINAL_KEY_BACKSPACE): .backspace, terminalKey(TERMINAL_KEY_DELETE): .delete,
    terminalKey(TERMINAL_KEY_ENTER): .enter, terminalKey(TERMINAL_KEY_BACK_TAB): .backTab,
  ]

  private static func special(_ code: Int32) -> Key {
    if let key = specialKeys[code] { return key }
    let number = Int(code - terminalKey(TERMINAL_KEY_FUNCTION))
    return (1...63).contains(number) ? .function(number) : .unknown
  }
}

/// The code of a special key, in the type of `terminal_read`.
func terminalKey(_ key: terminal_key) -> Int32 {
  Int32(truncatingIfNeeded: key.rawValue)
}
