import BankCore
import Screen

/// One line of a detail: pieces from the left, and pieces that end at the right edge. Where they do not
/// all fit, elastic texts are cut, then longer forms become shorter ones, then pieces make way, the
/// greatest rank first. An amount is there whole or not at all.
struct DetailLine {
  struct Piece {
    var text: String
    var role = Role.text
    var attributes: Attributes = []
    /// What may stand there instead, ever shorter.
    var shorter: [String] = []
    /// The text may be cut down to so many columns; nil: it is whole.
    var atLeast: Int?
    /// How soon it makes way; 0 for what stays to the last.
    var rank = 0
    /// How many letters at its end are dimmed: decimals, and the code behind them.
    fileprivate var dimmed = 0

    init(
      _ text: String, _ role: Role = .text, rank: Int = 0, short shorter: String...,
      atLeast: Int? = nil
    ) {
      self.text = text
      self.role = role
      self.rank = rank
      self.shorter = shorter
      self.atLeast = atLeast
    }

    var columns: Int { displayWidth(of: text) }

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

    /// The amount that a detail is about: bold, with its code dimmed behind it.
    static func hero(_ money: Money, _ words: Wording, _ role: Role = .heading) -> Piece {
      var piece = Piece(words.money(money), role)
      piece.attributes = .bold
      if role == .heading {
        piece.dimmed = money.currency.decimalColumns + 1 + money.currency.code.count
      }
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
      guard line.cutElastic(columns) || line.shorten() || line.dropLeastWanted() else { break }
    }
    return line
  }

  private func surplus(_ columns: Int) -> Int { Self.columns(of: left + right) - columns }

  private static func columns(of pieces: [Piece]) -> Int {
    pieces.reduce(0) { $0 + $1.columns } + gap * max(0, pieces.count - 1)
  }

  /// Cuts the widest text that may be cut, as far as it must.
  private mutating func cutElastic(_ columns: Int) -> Bool {
    let spare = surplus(columns)
    return change { piece in
      piece.atLeast.map { piece.columns - $0 } ?? 0
    } by: { piece in
      let least = max(1, piece.atLeast ?? 1)
      piece.text = clipped(piece.text, toColumns: max(least, piece.columns - spare))
      // A figure in it may have made way as a whole.
      if piece.columns <= least { piece.atLeast = nil }
    }
  }

  private mutating func shorten() -> Bool {
    change {
      $0.shorter.isEmpty ? 0 : $0.rank + 1
    } by: {
      $0.text = $0.shorter.removeFirst()
    }
  }

  /// The last of the greatest rank. Nothing is left where not even one piece fits.
  private mutating func dropLeastWanted() -> Bool {
    guard let rank = (left + right).map(\.rank).max() else { return false }
    if let index = right.lastIndex(where: { $0.rank == rank }) {
      right.remove(at: index)
    } else if let index = left.lastIndex(where: { $0.rank == rank }) {
      left.remove(at: index)
    }
    return true
  }

  /// Changes the piece of the greatest measure; false where no measure is above 0.
  private mutating func change(
    _ measure: (Piece) -> Int, by change: (inout Piece) -> Void
  ) -> Bool {
    let measures = (left + right).map(measure)
    guard let greatest = measures.max(), greatest > 0,
      let index = measures.firstIndex(of: greatest)
    else { return false }
    if index < left.count { change(&left[index]) } else { change(&right[index - left.count]) }
    return true
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
