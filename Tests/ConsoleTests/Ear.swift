import BankCore
import Screen

@testable import Console

/// A desk that is heard: whoever works at it knows what was told, and nothing else.
final class Ear {
  static let firstAccount =
    "Benešová, Jana, 0000000576, open, balance 18,556.60 Czech koruna."

  var desk: ConsoleDesk
  private var narrator = Narrator()
  /// All that was told, in its order.
  private(set) var heard: [String] = []

  init(_ desk: ConsoleDesk) {
    self.desk = desk
    listen(after: [])
  }

  convenience init(
    _ status: ServiceStatus = ConsoleTests.status(), bank: ConsoleBank = ConsoleBank()
  ) {
    self.init(ConsoleDesk.$isHeard.withValue(true) { ConsoleDesk(status, bank: bank) })
  }

  /// Another one who has heard the same.
  func copy() -> Ear {
    let copy = Ear(desk)
    copy.narrator = narrator
    copy.heard = heard
    return copy
  }

  /// Tells what is new, as a terminal does once the console has settled.
  @discardableResult
  func listen(after keys: [Key]) -> [String] {
    let telling = narrator.tell(speak(desk.console), after: keys)
    let lines = (telling.echo.isEmpty ? [] : ["echo \(telling.echo)"]) + telling.lines
    heard += lines
    return lines
  }

  /// Presses one key after the other; returns what was told of the last one.
  @discardableResult
  func press(_ keys: Key...) -> [String] {
    var lines: [String] = []
    for key in keys {
      desk.tell(.key(key))
      lines = listen(after: [key])
      desk.paint()
    }
    return lines
  }

  /// Types text; returns what was told of all of it.
  @discardableResult
  func type(_ text: String) -> [String] {
    text.flatMap { press(.character($0)) }
  }

  /// Keys that come faster than anything is told.
  func hurry(_ keys: [Key]) -> [String] {
    for key in keys { desk.tell(.key(key)) }
    return listen(after: keys)
  }

  /// Tells the console something; returns what was told of it.
  @discardableResult
  func tell(_ action: Action) -> [String] {
    desk.tell(action)
    let lines = listen(after: [])
    desk.paint()
    return lines
  }

  /// Answers what is open; returns what was told then.
  func answerAll() -> [String] {
    desk.answerAll()
    return listen(after: [])
  }
}
