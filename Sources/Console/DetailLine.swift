import BankCore
import Screen

/// One line of a detail: pieces from the left, and pieces that end at the right edge. Where they do not
/// all fit, they become shorter and then make way, the greatest rank first, until the rest fits with
/// its elastic texts cut. An amount is there whole or not at all.
struct DetailLine {
  struct Piece {
    var text: String { didSet { columns = displayWidth(of: text) } }
    private(set) var columns: Int
    var role = Role.text
    var attributes: Attributes = []
    /// What may stand there instead, ever shorter.
    var shorter: [String] = []
    /// The text may be cut down to so many columns; nil: it is whole.
    var atLeast: Int?
    /// How soon it makes way; 0 for what stays to the last.
    var rank = 0
    /// How soon it becomes shorter; nil: when it would make way.
    var shortensAt: Int?
    /// How many letters at its end are dimmed: decimals, and the code behind them.
    fileprivate var dimmed = 0

    init(
      _ text: String, _ role: Role = .text, rank: Int = 0, short shorter: String...,
      shortensAt: Int? = nil, atLeast: Int? = nil
    ) {
      self.text = text
      columns = displayWidth(of: text)
      self.role = role
      self.rank = rank
      self.shorter = shorter
      self.shortensAt = shortensAt
      self.atLeast = atLeast
    }

    /// How soon something of it gives way.
    fileprivate var givesWayAt: Int { shorter.isEmpty ? rank : max(rank, shortensAt ?? rank) }

    /// An amount, its decimals dimmed.
    ///
    /// - Parameters:
    ///   - hasSign: a credit has its sign too.
    ///   - columns: as many at least, the amount at their end.
    static func amount(
      _ money: Money, _ words: Wording, _ role: Role = .text, rank: Int = 0,
      hasSign: Bool = false, columns: Int = 0
    ) -> Piece {
      let text = hasSign ? words.signed(money) : words.amount(money)
      var piece = Piece(padded(text, toColumns: columns, .trailing), role, rank: rank)
      if role == .text { piece.dimmed = money.currency.decimalColumns }
      return piece
    }

    /// An amount with its code: decimals and code are dimmed, but where its role says something.
    static func money(_ money: Money, _ words: Wording, _ role: Role = .text) -> Piece {
      var piece = Piece(words.money(money), role)
      if role == .text || role == .balance {
        piece.dimmed = money.currency.decimalColumns + 1 + money.currency.code.count
      }
      return piece
    }

    /// The amount that a detail is about: bold.
    static func hero(_ money: Money, _ words: Wording, _ role: Role = .balance) -> Piece {
      var piece = Piece.money(money, words, role)
      piece.attributes = .bold
      return piece
    }
  }

  static let gap = 2

  var left: [Piece]
  var right: [Piece]

  init(_ left: [Piece] = [], right: [Piece] = []) {
    self.left = left
    self.right = right
  }

  /// Whether nothing of it gives way in so many columns.
  func fits(_ columns: Int) -> Bool { Self.columns(of: left + right) <= columns }

  func draw(on frame: inout Frame, in area: Area, row: Int = 0) {
    guard (0..<area.rows).contains(row), area.columns > 0 else { return }
    let line = fitted(columns: area.columns)
    var column = 0
    for piece in line.left {
      draw(piece, on: &frame, at: area.position(column, row), columns: area.columns - column)
      column += piece.columns + Self.gap
    }
    var start = area.columns
    for piece in line.right.reversed() {
      start -= piece.columns
      draw(piece, on: &frame, at: area.position(start, row), columns: piece.columns)
      start -= Self.gap
    }
  }

  private func draw(_ piece: Piece, on frame: inout Frame, at position: Position, columns: Int) {
    let width = min(piece.columns, columns)
    guard width > 0 else { return }
    frame.write(
      piece.text, at: position, role: piece.role, attributes: piece.attributes, width: width)
    guard piece.dimmed > 0, piece.columns <= columns else { return }
    let end = Position(
      column: position.column + piece.columns - piece.dimmed, row: position.row)
    frame.write(String(piece.text.suffix(piece.dimmed)), at: end, role: .dim)
  }

  /// What of it is shown in so many columns.
  func fitted(columns: Int) -> DetailLine {
    var line = self
    while line.surplus(columns) > 0 {
      let cut = line.cut(columns)
      if cut.surplus(columns) <= 0 { return cut }
      guard line.giveWay() else { return cut }
    }
    return line
  }

  private func surplus(_ columns: Int) -> Int { Self.columns(of: left + right) - columns }

  private static func columns(of pieces: [Piece]) -> Int {
    pieces.reduce(0) { $0 + $1.columns } + gap * max(0, pieces.count - 1)
  }

  /// With its elastic texts cut as far as they must, the widest first.
  private func cut(_ columns: Int) -> DetailLine {
    var line = self
    while line.surplus(columns) > 0, line.cutWidest(by: line.surplus(columns)) {}
    return line
  }

  private mutating func cutWidest(by spare: Int) -> Bool {
    let spares = (left + right).map { piece in piece.atLeast.map { piece.columns - $0 } ?? 0 }
    guard let greatest = spares.max(), greatest > 0,
      let index = spares.firstIndex(of: greatest)
    else { return false }
    change(index) { piece in
      let least = max(1, piece.atLeast ?? 1)
      piece.text = clipped(piece.text, toColumns: max(least, piece.columns - spare))
      // A figure in it may have made way as a whole.
      if piece.columns <= least { piece.atLeast = nil }
    }
    return true
  }

  /// Shortens or drops the last piece of the greatest rank, on the right before one on the left.
  ///
  /// - Returns: false where nothing is left.
  private mutating func giveWay() -> Bool {
    let ranks = (left + right).map(\.givesWayAt)
    guard let greatest = ranks.max(), let index = ranks.lastIndex(of: greatest) else {
      return false
    }
    let piece = index < left.count ? left[index] : right[index - left.count]
    if !piece.shorter.isEmpty {
      change(index) { $0.text = $0.shorter.removeFirst() }
    } else if index < left.count {
      left.remove(at: index)
    } else {
      right.remove(at: index - left.count)
    }
    return true
  }

  private mutating func change(_ index: Int, by change: (inout Piece) -> Void) {
    if index < left.count { change(&left[index]) } else { change(&right[index - left.count]) }
  }

  /// Pieces on as few lines as they need, each piece whole where a line is wide enough for it.
  static func flowing(_ pieces: [Piece], columns: Int) -> [DetailLine] {
    pieces.reduce(into: []) { lines, piece in
      if let last = lines.last, self.columns(of: last.left + [piece]) <= columns {
        lines[lines.count - 1].left.append(piece)
      } else {
        lines.append(DetailLine([piece]))
      }
    }
  }

  /// Text on as few lines as it needs, and on so many at most.
  static func wrapping(
    _ text: String, _ role: Role = .text, columns: Int, atMost rows: Int
  ) -> [DetailLine] {
    wrapped(text, columns: columns, rows: rows).map { DetailLine([Piece($0, role, atLeast: 1)]) }
  }
}

extension Wording {
  /// `+4,570.00`, `-1,370.00`
  func signed(_ money: Money) -> String {
    money.minorUnits > 0 ? "+\(amount(money))" : amount(money)
  }
}
