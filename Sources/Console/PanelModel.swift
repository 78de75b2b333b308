import BankCore
import Screen

/// A panel over the screen as a value: a form, a question, a list of commands. It owns its state, its
/// keys, the answers that it waits for, and how it is painted.
protocol PanelModel: Sendable {
  /// The keys that act now.
  var bindings: [Binding] { get }
  /// Whether it takes the keys; otherwise the next key closes it and means what it always means.
  var takesKeys: Bool { get }
  /// Whether it shows more in a low window by itself.
  var scrolls: Bool { get }
  /// Whether it lies over another panel, which comes back when it is closed.
  var covers: Bool { get }
  /// The head of the help about its keys.
  var helpTitle: String { get }

  /// Gives a key to the panel's field; nil where none takes it.
  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]?

  /// What a reader of lines is told of it.
  func spoken(_ console: ConsoleState) -> [Speech.Part]

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState)
}

extension PanelModel {
  var takesKeys: Bool { true }
  var scrolls: Bool { false }
  var covers: Bool { false }
  var helpTitle: String { "Help" }
  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? { nil }
}

/// A panel with actions of its own.
protocol ActingPanel: PanelModel {
  associatedtype Action: PanelAction

  /// Why an action cannot be done now; nil when it can.
  func objection(to action: Action, _ context: Context) -> String?
  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish]

  /// The open panel of this kind.
  static func opened(in context: Context) -> Self?
  static func replace(with panel: Self, in context: inout Context)
}

extension ActingPanel {
  func objection(to action: Action, _ context: Context) -> String? { nil }
  static func opened(in context: Context) -> Self? {
    context.overlay as? Self ?? context.covered as? Self
  }
  static func replace(with panel: Self, in context: inout Context) {
    context.replacePanel(with: panel)
  }
}

/// An action of a panel's own.
protocol PanelAction: ConsoleAction {
  associatedtype Panel: ActingPanel where Panel.Action == Self
}

extension PanelAction {
  func objection(in console: ConsoleState) -> String? {
    Panel.opened(in: console.context)?.objection(to: self, console.context)
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    console.change(Panel.self) { $0.perform(self, &$1) }
  }
}

/// A question of a panel: its answer is for the open panel alone.
protocol PanelQuestion: Question {
  associatedtype Panel: AnsweredPanel where Panel.Question == Self
}

/// A panel that takes in answers.
protocol AnsweredPanel: ActingPanel {
  associatedtype Question: PanelQuestion
  mutating func receive(_ reply: Reply, to question: Question, _ context: inout Context) -> [Wish]
}

extension PanelQuestion {
  func receive(_ reply: Reply, in console: inout ConsoleState) -> [ConsoleEffect] {
    console.change(Panel.self) { $0.receive(reply, to: self, &$1) }
  }
}

extension ConsoleState {
  /// Lets the open panel of a kind act, and grants what it wishes. Where none is open nothing happens.
  mutating func change<P: ActingPanel>(
    _ type: P.Type, _ body: (inout P, inout Context) -> [Wish]
  ) -> [ConsoleEffect] {
    guard var panel = P.opened(in: context) else { return [] }
    let wishes = body(&panel, &context)
    P.replace(with: panel, in: &context)
    return grant(wishes)
  }
}
